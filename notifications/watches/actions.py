"""Watching a topic, subforum, country, crossing or member, choosing its level, and ending that."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.counters import locks
from forum.models import Topic
from notifications.models import Watch, WatchPreference
from notifications.models.watch import COLUMNS, Target


def watch(
    user: User,
    target: Target,
    *,
    level: Watch.Level = Watch.Level.WATCHING,
    travel_on: date | None = None,
    direction: str = "",
) -> Watch:
    """Watch something by choice, or change level, day and direction of the existing watch. Idempotent.

    Day and direction of travel are for crossings only.
    """
    return _choose(user, target, level=level, travel_on=travel_on, direction=direction)


def choose_level(user: User, target: Target, level: Watch.Level) -> Watch:
    """Watch something at this level; day and direction of an existing watch stay. Idempotent."""
    return _choose(user, target, level=level)


@transaction.atomic
def stop_watching(user: User, target: Target) -> None:
    """End a watch. Idempotent. A topic stays ended, whatever its member writes there, until they choose again."""
    target = _locked(target)
    watches = Watch.objects.filter(user=user, **_column(target))
    if isinstance(target, Topic):
        watches.update(level=Watch.Level.ENDED, is_automatic=False, watched_at=timezone.now())
    else:
        watches.delete()


def prefer(user: User, *, on_asking: bool, on_replying: bool) -> None:
    """Set which topics the user watches by themselves. Watches that exist stay. Idempotent."""
    values = {"on_asking": on_asking, "on_replying": on_replying}
    WatchPreference.objects.update_or_create(user=user, defaults=values)


@transaction.atomic
def _choose(user: User, target: Target, **chosen: Any) -> Watch:
    target = _locked(target)  # before the time is taken: undoing a merge asks what was chosen since
    chosen |= {"is_automatic": False, "watched_at": timezone.now()}
    found, _ = Watch.objects.update_or_create(user=user, **_column(target), defaults=chosen)
    return found


def _locked(target: Target) -> Target:
    """A topic locked against concurrent merges and splits, or the one that it was merged into."""
    if not isinstance(target, Topic):
        return target
    topic = locks.lock_topic(target)
    while topic.merged_into_id is not None:
        topic = locks.lock_topic(Topic(pk=topic.merged_into_id))
    return topic


def _column(target: Target) -> dict[str, Any]:
    return {COLUMNS[type(target)]: target}
