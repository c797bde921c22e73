"""What an account was before: its former addresses and names."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts.text import names

# For how long the link in the letter to the former address takes it back.
TAKEN_BACK_FOR = timedelta(days=7)


class FormerAddressQuerySet(models.QuerySet["FormerAddress"]):
    def standing(self) -> "FormerAddressQuerySet":
        """Those that can still be taken back."""
        return self.filter(replaced_at__gt=timezone.now() - TAKEN_BACK_FOR)


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


# For how long a name that was given up is free for nobody else.
KEPT_FREE = timedelta(days=365)


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    def kept_free(self) -> "FormerNameQuerySet":
        """Names that nobody but their former member can take at present."""
        return self.filter(given_up_at__gt=timezone.now() - KEPT_FREE)

    def latest_first(self) -> "FormerNameQuerySet":
        return self.order_by("-given_up_at", "-pk")


class FormerName(models.Model):
    """A name that a member had before: it leads to them, until somebody else may take it, and does."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_names")
    username = models.CharField(max_length=names.MAX_LENGTH)
    username_skeleton = models.CharField(max_length=4 * names.MAX_LENGTH)
    given_up_at = models.DateTimeField(default=timezone.now)
    # Who changed it: the member, or an administrator.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("username_skeleton"), F("given_up_at").desc(), name="former_names_by_skeleton"),
            models.Index(F("user"), F("given_up_at").desc(), name="former_names_of_a_member"),
        ]

    def __str__(self) -> str:
        return self.username
