from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

LIFETIME = timedelta(days=7)


class KeptTextQuerySet(models.QuerySet["KeptText"]):
    def standing(self) -> "KeptTextQuerySet":
        """Not older than LIFETIME: the others wait for the nightly chore."""
        return self.filter(kept_at__gt=timezone.now() - LIFETIME)

    def of_browser(self, browser: str) -> "KeptTextQuerySet":
        """Those that a browser still has: nobody's, and those of an account that was made there and never confirmed,
        such as one with a mistyped address."""
        return self.filter(Q(user=None) | Q(user__email_confirmed_at=None), browser=browser)


class KeptText(models.Model):
    """A form that a visitor sent before they had signed in, encrypted; it belongs to a browser, then to a member."""

    # SHA-256 of the cookie of the browser that sent it.
    browser = models.CharField(max_length=64)
    # Who signed up or in with that browser since; once they have confirmed their address nobody else reads it.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="kept_texts")
    # Address and fields of the form (accounts/cipher.py).
    sealed = models.BinaryField()
    size = models.PositiveIntegerField()
    # Keyed digest of the block of addresses that it came from, against abuse.
    sender = models.CharField(max_length=64)
    # The idempotency key of the form: sent twice, it is kept once.
    form_key = models.UUIDField()
    kept_at = models.DateTimeField()

    objects = KeptTextQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["browser", "form_key"], name="one_kept_text_of_a_form")]
        indexes = [
            models.Index(fields=["sender"], name="kept_texts_of_a_sender"),
            models.Index(fields=["kept_at"], name="kept_texts_by_time"),
        ]

    def __str__(self) -> str:
        return f"Kept text {self.pk}"
