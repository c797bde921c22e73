from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class SignUpBlockQuerySet(models.QuerySet["SignUpBlock"]):
    def standing(self) -> "SignUpBlockQuerySet":
        """Not ended by anybody, and not by their own end."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), ended_at=None)

    def ended_before(self, moment: datetime) -> "SignUpBlockQuerySet":
        return self.filter(Q(ended_at__lt=moment) | Q(ends_at__lt=moment))


class SignUpBlock(models.Model):
    """Refuses new accounts: of an e-mail domain, from a network of IP addresses, or with names like a pattern."""

    class Kind(models.TextChoices):
        DOMAIN = "domain", "E-mail domain"
        ADDRESS = "address", "Address on the internet"
        NAME = "name", "Name"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    # As it is listed, and as it is compared (accounts/signup/block_lists.py).
    value = models.CharField(max_length=253)
    folded = models.CharField(max_length=400, editable=False)
    # The first and last IP address of a network.
    first_address = models.GenericIPAddressField(null=True, editable=False)
    last_address = models.GenericIPAddressField(null=True, editable=False)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    # When an administrator ended it.
    ended_at = models.DateTimeField(null=True)
    refused_count = models.PositiveIntegerField(default=0)
    last_refused_at = models.DateTimeField(null=True)

    objects = SignUpBlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "folded"], condition=Q(ended_at=None), name="one_sign_up_block_of_a_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="address")
                | Q(ends_at__isnull=False, first_address__isnull=False, last_address__isnull=False),
                name="blocked_addresses_have_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["first_address", "last_address"], name="blocked_networks", condition=Q(kind="address"))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"  # without an address, which must not appear in logs

    @property
    def is_standing(self) -> bool:
        return self.ended_at is None and (self.ends_at is None or self.ends_at > timezone.now())
