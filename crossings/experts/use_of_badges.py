"""The nightly chore that puts badges to sleep which nobody used for a year, and wakes those that were used after all.

A use is a reply to somebody else, a "still true", or an answer confirmed on the experts' desk, in a topic in which the
badge speaks. What a topic is about may be said later than what was written in it: those uses only this chore sees.
"""

from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import BadgeSubject, ExpertBadge
from crossings.models import AnswerConfirmation
from forum.experts import sleep
from forum.models import Post, Reaction


def look_after_all() -> None:
    since = timezone.now() - sleep.SLEEPS_AFTER
    for badge in ExpertBadge.objects.asleep().order_by("pk"):
        if is_used(badge, since):
            sleep.wake_if(badge.pk, lambda locked: is_used(locked, since))
    for badge in _had_a_year(since):
        if not is_used(badge, since):
            sleep.put_to_sleep_unless(badge.pk, lambda locked: is_used(locked, since))


def is_used(badge: ExpertBadge, since: datetime) -> bool:
    """Whether its member used it after that time. At most four queries."""
    about = _about(badge)
    replies = Post.objects.readable().filter(_within("topic__", about), number__gt=1, written_at__gt=since)
    replies = replies.filter(author=badge.user_id, topic__hidden_at=None, topic__held_at=None)
    called = Reaction.objects.filter(_within("post__topic__", about), user=badge.user_id, given_at__gt=since)
    confirmed = AnswerConfirmation.objects.filter(
        _within("post__topic__", about), by=badge.user_id, confirmed_at__gt=since
    )
    return (
        replies.exclude(author=F("topic__author")).exists()
        or called.filter(kind=Reaction.Kind.STILL_TRUE).exists()
        or confirmed.exists()
    )


def _had_a_year(since: datetime) -> list[ExpertBadge]:
    """Awake badges that were given and woken before that time."""
    long_awake = Q(woken_at=None) | Q(woken_at__lte=since)
    return list(ExpertBadge.objects.awake().filter(long_awake, given_at__lte=since).order_by("pk"))


def _about(badge: ExpertBadge) -> dict[str, object]:
    """Lookups of the topics in which a badge speaks, as forum.models.topic.speaks_here."""
    if badge.countries:
        return {"countries__overlap": badge.countries}
    subforums = BadgeSubject.objects.filter(name=badge.subject, subforums__isnull=False)
    here = list(subforums.values_list("subforums", flat=True))
    return {"subforum__in": here} if here else {}


def _within(path: str, about: dict[str, object]) -> Q:
    return Q(**{f"{path}{lookup}": value for lookup, value in about.items()})
