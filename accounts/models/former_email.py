from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# For how long the link in the letter to the former address takes it back.
LIFETIME = timedelta(days=7)


class FormerAddressQuerySet(models.QuerySet["FormerAddress"]):
    def standing(self) -> "FormerAddressQuerySet":
        """Those that can still be taken back."""
        return self.filter(replaced_at__gt=timezone.now() - LIFETIME)


class FormerAddress(models.Model):
    """The address of an account before it was changed, for a week; deleted when it, or an older one, is taken back."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_addresses")
    email = models.EmailField()
    replaced_at = models.DateTimeField(default=timezone.now)

    objects = FormerAddressQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["replaced_at"], name="former_addresses_by_time")]

    def __str__(self) -> str:
        return f"A former address of {self.user_id}"  # without the address, which must not appear in logs
