"""The steps of a removal: topics in short transactions, then the subforum itself."""

from django.db import transaction

from forum.actions import drafts
from forum.counters import locks
from forum.counters.differences import counters_following
from forum.models import Draft, FormerAddress, Subforum, Topic, TopicPointer
from forum.signals import subforum_removed, topic_moved
from forum.tasks import render_moved

BATCH = 50  # topics in one transaction


def go_on(subforum_id: int, most: int | None = None) -> int:
    """Move topics of a subforum that is being removed, at most so many, then remove it. Returns how many are left.

    It can be called again at any time, by two processes at once, too.
    """
    moved = 0
    while most is None or moved < most:
        step = _move_some(subforum_id)
        if step == 0:
            break
        moved += step
    return Topic.objects.filter(subforum=subforum_id).count() if not finish(subforum_id) else 0


@transaction.atomic
def _move_some(subforum_id: int) -> int:
    subforum = Subforum.objects.select_related("leaves_for", "removed_by").filter(pk=subforum_id).first()
    if subforum is None or subforum.removed_by is None or subforum.leaves_for is None:
        return 0
    ids = Topic.objects.filter(subforum=subforum).order_by("pk").values_list("pk", flat=True)[:BATCH]
    locked = locks.lock_topics(*Topic.objects.filter(pk__in=list(ids)))
    # Another process may have moved them while this one waited for their locks.
    topics = [topic for topic in locked if topic.subforum_id == subforum.pk]
    pks = [topic.pk for topic in topics]
    with counters_following(pks):
        Topic.objects.filter(pk__in=pks).update(subforum=subforum.leaves_for)
    TopicPointer.objects.filter(topic__in=pks, subforum=subforum.leaves_for).delete()
    for topic in topics:
        topic.subforum = subforum.leaves_for
        render_moved.enqueue(topic.pk)
        topic_moved.send(Topic, topic=topic, before=subforum, by=subforum.removed_by)
    return len(topics)


@transaction.atomic
def finish(subforum_id: int) -> bool:
    """Remove the subforum, if no topic is left; returns whether it is gone."""
    subforum = _lock(subforum_id)
    if subforum is None:
        return True
    if subforum.removed_by_id is None or subforum.topics.exists():
        return False
    target = subforum.leaves_for
    if target is not None:
        _lead_on(subforum, target)
        _take_drafts_along(subforum, target)
    subforum_removed.send(Subforum, subforum=subforum, target=target, by=subforum.removed_by)
    subforum.delete()
    return True


def _lock(subforum_id: int) -> Subforum | None:
    """FOR UPDATE, not NO KEY: a topic that another transaction opens here now is waited for, and then seen."""
    return Subforum.objects.select_for_update().filter(pk=subforum_id).first()


def _lead_on(subforum: Subforum, target: Subforum) -> None:
    subforum.former_addresses.update(subforum=target)
    FormerAddress.objects.update_or_create(slug=subforum.slug, defaults={"subforum": target})


def _take_drafts_along(subforum: Subforum, target: Subforum) -> None:
    """A member's draft of a new topic goes along; where they have one for the other subforum already, as its copy."""
    there = {draft.user_id: draft for draft in Draft.objects.filter(subforum=target).select_for_update().order_by("pk")}
    for draft in Draft.objects.filter(subforum=subforum, user__in=there):
        drafts.add_as_copy(there[draft.user_id], draft)
    Draft.objects.filter(subforum=subforum).exclude(user__in=there).update(subforum=target)
