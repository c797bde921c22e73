from django.db import models

from forum.models.subforum import Subforum


class FormerAddress(models.Model):
    """A slug that a subforum had, or one that was removed into it: the old address leads to it."""

    slug = models.CharField(max_length=60, unique=True)
    subforum = models.ForeignKey(Subforum, on_delete=models.CASCADE, related_name="former_addresses")

    class Meta:
        verbose_name_plural = "former addresses"

    def __str__(self) -> str:
        return f"{self.slug} is {self.subforum_id} now"
