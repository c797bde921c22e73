import ipaddress

from django.db import models

from forum.models import Post


class AddressQuerySet(models.QuerySet["PostAddress"]):
    def within(self, block: str) -> "AddressQuerySet":
        """Addresses within a block, given as 2001:db8::/64 or as one address."""
        network = ipaddress.ip_network(block)
        return self.filter(address__range=(str(network[0]), str(network[-1])))


class PostAddress(models.Model):
    """The IP address a post was written from. Deleted after a while; shown to moderators, and each look is logged."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="+")
    address = models.GenericIPAddressField()
    at = models.DateTimeField()

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "post addresses"
        indexes = [
            models.Index(fields=["address"], name="posts_from_an_address"),
            models.Index(fields=["at"], name="addresses_by_age"),
        ]

    def __str__(self) -> str:
        return f"Address of post {self.post_id}"  # without the address, which must not appear in lists and logs
