"""The table "Similar topics" under each topic: stored, so that a page reads it by one small query."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from accounts.readers import VISITOR
from crossings.gazetteer import matcher
from crossings.models import CrossingTopic, SimilarTopic, UnrelatedTopics
from crossings.similar import ranking
from forum.models import Subforum, Topic
from pagecache.versions import bump

STORED = 10  # more than are shown, because not everybody may read all
NEIGHBOURS = 20


def refresh_around(topic_id: int) -> None:
    """The table of a topic, of those that list it, of those it lists, and of the newest about the same crossings."""
    near = {topic_id}
    near |= set(SimilarTopic.objects.filter(other=topic_id).values_list("topic", flat=True))
    refresh(topic_id)
    near |= set(SimilarTopic.objects.filter(topic=topic_id).values_list("other", flat=True))
    crossings = CrossingTopic.objects.standing().filter(topic=topic_id).values("crossing")
    same = CrossingTopic.objects.standing().filter(crossing__in=crossings).order_by("-topic")
    near |= set(same.values_list("topic", flat=True)[:NEIGHBOURS])
    for pk in sorted(near - {topic_id}):
        refresh(pk)


def refresh(topic_id: int) -> None:
    """The table of one topic."""
    topic = Topic.objects.filter(pk=topic_id).first()
    rows = _rows(topic) if topic else []
    with transaction.atomic():
        SimilarTopic.objects.filter(topic=topic_id).delete()
        # Two tasks at once store one table.
        SimilarTopic.objects.bulk_create(rows, ignore_conflicts=True)


def _rows(topic: Topic) -> list[SimilarTopic]:
    """The best that everybody may read, and the best of all: readers with less access still see a full table."""
    body = topic.posts.filter(number=1).values_list("source", flat=True).first() or ""
    link = CrossingTopic.objects.standing().filter(topic=topic).order_by("pk").first()
    about = link.crossing_id if link else matcher.find(topic.title, body)
    best: dict[int, ranking.Ranked] = {}
    open_to_all = ranking.readable_subforum_ids(VISITOR)
    everywhere = list(Subforum.objects.values_list("pk", flat=True))
    for ids in (open_to_all, everywhere):
        for row in ranking.rank(topic.title, body, about=about, subforum_ids=ids, exclude=topic.pk):
            best[row.topic_id] = row
    for pk in unrelated_to(topic):
        best.pop(pk, None)
    ranked = sorted(best.values(), key=lambda row: (-row.score, -row.topic_id))[:STORED]
    return [
        SimilarTopic(topic=topic, other_id=row.topic_id, rank=rank, score=row.score, reason=row.why)
        for rank, row in enumerate(ranked)
    ]


def unrelated_to(topic: Topic) -> set[int]:
    """The topics that a moderator said have nothing to do with it."""
    pairs = UnrelatedTopics.objects.filter(Q(topic=topic) | Q(other=topic)).values_list("topic", "other")
    return {pk for pair in pairs for pk in pair} - {topic.pk}


def leave(topic_id: int) -> None:
    """Take a topic out of all tables; the kept pages that showed it end, and the tables fill up again."""
    _end_pages_and_refresh(SimilarTopic.objects.filter(other=topic_id).values_list("topic", flat=True))


def leave_subforum(subforum_id: int) -> None:
    """The same for every topic of a subforum that others may read now."""
    listed = SimilarTopic.objects.filter(other__subforum=subforum_id)
    _end_pages_and_refresh(listed.values_list("topic", flat=True).distinct())


def _end_pages_and_refresh(topic_ids: Iterable[int]) -> None:
    for pk in sorted(topic_ids):
        refresh(pk)
        bump(Topic, pk)
