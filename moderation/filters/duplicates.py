"""Flagging new topics that seem to be duplicates, for a moderator to decide."""

from django.db import transaction
from django.utils import timezone

from crossings.similar import ranking
from crossings.similar.ranking import Suggestion
from forum.counters import locks
from forum.models import Post, Topic
from moderation.filters.findings import WEIGHT_OF_THE_FILTER
from moderation.models import Flag
from moderation.queue import items

LOOKED_AT = 3


@transaction.atomic
def look(topic_id: int) -> Flag | None:
    """Flag a new topic that seems to be asked elsewhere already. Idempotent."""
    opening = Post.objects.select_related("topic__subforum").filter(topic=topic_id, number=1).first()
    if opening is None or not opening.topic.subforum.is_readable_by_all:
        return None
    before = _asked_before(opening)
    if before is None:
        return None
    post = locks.lock_post(opening)
    known = Flag.objects.filter(post=post, reason=Flag.Reason.DUPLICATE).exists()
    if known or not post.topic.is_readable or post.topic.duplicate_of_id:
        return None
    if Flag.objects.open().filter(post=post, by=None).exists():
        return None  # a filter has flagged it already, so a moderator sees it anyway
    flag = Flag.objects.create(
        item=items.item_of(post), post=post, by=None, reason=Flag.Reason.DUPLICATE, other_topic=before.topic,
        weight=WEIGHT_OF_THE_FILTER, at=timezone.now(),
    )  # fmt: skip
    items.refresh(flag.item)
    return flag


def _asked_before(opening: Post) -> Suggestion | None:
    """The most similar older topic that everybody may read, if it seems to ask the same question."""
    topic: Topic = opening.topic
    found = ranking.similar_topics(topic.title, opening.source, limit=LOOKED_AT)
    older = (row for row in found if row.is_same_question and row.topic.pk < topic.pk)
    return next(older, None)
