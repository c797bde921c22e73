from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.user import User


class MemberSessionQuerySet(models.QuerySet["MemberSession"]):
    def standing_of(self, user: User) -> "MemberSessionQuerySet":
        """Where a member is signed in now, the last used first."""
        ended = user.sessions_ended_at
        since = Q(began_at__gte=ended) | Q(used_at__gte=ended) if ended else Q()
        return self.filter(since, user=user, session__expire_date__gt=timezone.now()).order_by("-used_at", "-pk")


class MemberSession(models.Model):
    """A session as its member sees it: which device, from where, when last. The database removes it with that."""

    session = models.OneToOneField(Session, on_delete=models.DB_CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DB_CASCADE, related_name="+")
    # In words, such as "Firefox on Android"; what the browser sent is not kept.
    device = models.CharField(max_length=60)
    # The block of addresses: /24 of IPv4, /48 of IPv6; "" if it is not known.
    place = models.CharField(max_length=50, blank=True)
    began_at = models.DateTimeField()
    # To the hour: it is written once an hour at most (accounts/signin/devices.py).
    used_at = models.DateTimeField()

    objects = MemberSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["began_at"], name="sessions_by_their_beginning")]

    def __str__(self) -> str:
        return f"{self.device} of {self.user_id}"

    @property
    def is_handheld(self) -> bool:
        return self.device.endswith(("Android", "iPhone", "iPad"))

    @property
    def is_used_now(self) -> bool:
        """Within what is the same hour for the row."""
        return timezone.now() - self.used_at < timedelta(hours=1)

    @property
    def short_place(self) -> str:
        """The block as people write addresses: "203.0.113.…", "2001:db8:5:…"."""
        network = self.place.partition("/")[0]
        if "." in network:
            return f"{network.rpartition('.')[0]}.…"
        return f"{network.removesuffix('::')}:…" if network else ""
