import ipaddress

from django.db import models

from forum.models import Post


class AddressQuerySet(models.QuerySet["PostAddress"]):
    def within(self, block: str) -> "AddressQuerySet":
        """Those in a block of addresses, written as 2001:db8::/64 or as one address."""
        network = ipaddress.ip_network(block)
        return self.filter(address__range=(str(network[0]), str(network[-1])))


class PostAddress(models.Model):
    """From where a post was written. Kept for a while, and only shown to a moderator whose look is logged."""

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
        return f"Address of post {self.post_id}"  # the address itself stands in no list and no log
