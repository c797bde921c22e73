"""Promotion to higher trust levels by reading and writing, and demotion by warnings (rules in docs/trust.md)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.trust_levels import EARNED, Trust
from forum.models import Reading
from moderation.models import Flag, Warning

AT_ONCE = 500
# With this many standing points a member is demoted to newcomer; one point demotes trusted members.
POINTS_OF_A_NEWCOMER = 3


def lower(member: User) -> None:
    """Demote a warned member by their standing points. The caller has locked the member."""
    points = Warning.objects.filter(member=member).standing(timezone.now()).points()
    most = Trust.NEW if points >= POINTS_OF_A_NEWCOMER else Trust.MEMBER if points else Trust.TRUSTED
    if member.trust > most:
        member.trust = most
        User.objects.filter(pk=member.pk).update(trust=most)


def promote_all() -> int:
    """Promote all members who have earned it; returns how many. Called nightly (config/worker/nightly.py).

    The higher level first, so that nobody is promoted twice in one night.
    """
    return sum(_promote_to(trust) for trust in (Trust.TRUSTED, Trust.MEMBER))


def _promote_to(trust: Trust) -> int:
    ids = sorted(_deserving(trust).values_list("pk", flat=True))
    return sum(_promote(trust, ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


@transaction.atomic
def _promote(trust: Trust, ids: list[int]) -> int:
    """Promote a member if they still qualify under the row lock, which warnings take, too."""
    list(User.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    still = list(_deserving(trust).filter(pk__in=ids).values_list("pk", flat=True))
    return User.objects.filter(pk__in=still).update(trust=trust)


def _deserving(trust: Trust) -> QuerySet[User]:
    wanted, now = EARNED[trust], timezone.now()
    quiet_since = now - wanted.without_incident
    warned = Warning.objects.filter(member=OuterRef("pk")).standing(now)
    flagged = Flag.objects.filter(post__author=OuterRef("pk"), outcome=Flag.Outcome.UPHELD, closed_at__gt=quiet_since)
    return User.objects.annotate(topics_read=_topics_read()).filter(
        ~Exists(warned),
        ~Exists(flagged),
        Q(suspended_until=None) | Q(suspended_until__lt=quiet_since),
        banned_at=None,
        trust=trust - 1,
        is_active=True,
        email_confirmed_at__isnull=False,
        joined_at__lte=now - timedelta(days=wanted.days),
        posts_count__gte=wanted.posts,
        reactions_received__gte=wanted.thanks,
        topics_read__gte=wanted.topics_read,
    )


def _topics_read() -> Coalesce:
    """A subquery: number of topics a member has a Reading of (forum/unread.py deletes old ones)."""
    read = Reading.objects.filter(user=OuterRef("pk")).order_by().values("user").annotate(topics=Count("pk"))
    return Coalesce(Subquery(read.values("topics")), 0)
