"""How trust is earned by reading and writing, and lost by warnings. docs/trust.md tells it to people."""

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
# From so many standing points on, a member begins anew; one point is enough to be trusted no longer.
POINTS_OF_A_NEWCOMER = 3


def lower(member: User) -> None:
    """Warned members keep the trust that their standing points leave them. The row of the member is locked."""
    points = Warning.objects.filter(member=member).standing(timezone.now()).points()
    most = Trust.NEW if points >= POINTS_OF_A_NEWCOMER else Trust.MEMBER if points else Trust.TRUSTED
    if member.trust > most:
        member.trust = most
        User.objects.filter(pk=member.pk).update(trust=most)


def promote_all() -> int:
    """Give everybody the trust they have earned meanwhile; tells how many. The nightly clock calls this.

    The higher trust first, so that nobody climbs two steps in one night.
    """
    return sum(_promote_to(trust) for trust in (Trust.TRUSTED, Trust.MEMBER))


def _promote_to(trust: Trust) -> int:
    ids = sorted(_deserving(trust).values_list("pk", flat=True))
    return sum(_promote(trust, ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


@transaction.atomic
def _promote(trust: Trust, ids: list[int]) -> int:
    """Asked again under the lock: a warning takes it, too."""
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
    """Of how many topics the forum knows that a member has opened them (forum/unread.py forgets old ones)."""
    read = Reading.objects.filter(user=OuterRef("pk")).order_by().values("user").annotate(topics=Count("pk"))
    return Coalesce(Subquery(read.values("topics")), 0)
