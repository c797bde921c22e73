"""What topics say of their crossings in columns of their own, so that lists of the forum know it without a join:
`Topic.countries` of the standing links, and `Topic.is_account`, whether the opening post is a report.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import batched

from django.db import transaction
from django.db.models import Max

from crossings.models import CrossingTopic
from forum.counters import expert_replies
from forum.counters.recount import Drift
from forum.models import Subforum, Topic
from forum.signals import expert_replies_counted
from pagecache.prepared import run
from pagecache.versions import bump

AT_ONCE = 1_000


def write(topic_ids: Collection[int]) -> list[int]:
    """Write the columns of topics that this transaction has locked or made. Returns those that changed."""
    return [pk for (pk,) in run(_WRITE, {"topics": list(topic_ids)}, writes=Topic)]


def write_all() -> list[int]:
    """The same for all topics that differ, a part in each transaction. Returns them."""
    return [pk for part in _parts() for pk in _write_differing(part)]


def write_linked(crossing_id: int) -> list[int]:
    """The same for the topics that are linked to a crossing."""
    linked = CrossingTopic.objects.standing().filter(crossing=crossing_id).order_by("topic")
    parts = batched(linked.values_list("topic", flat=True), AT_ONCE)
    return [pk for part in parts for pk in _write_differing(part)]


def _write_differing(part: Sequence[int]) -> list[int]:
    """Of some topics. Kept pages of those that changed end, and of their crossings, by the order of locks."""
    differing = [pk for pk, *_ in run(_DIFFERING, {"topics": list(part)}, writes=Topic)]
    if not differing:
        return []
    with transaction.atomic():
        topics = Topic.objects.filter(pk__in=differing).order_by("pk").select_for_update(no_key=True)
        subforums = dict(topics.values_list("pk", "subforum_id"))
        written = sorted(write(subforums))
        bump(Topic, *written)
        bump(Subforum, *{subforums[pk] for pk in written})
        expert_replies_counted.send(Topic, topic_ids=written)
    return written


def drifts() -> Iterator[Drift]:
    """Columns that differ from what links and reports say; a part in each statement."""
    for part in _parts():
        found = {pk: (countries, is_account) for pk, countries, is_account in run(
            _DIFFERING, {"topics": list(part)}, reads=Topic
        )}  # fmt: skip
        for topic in Topic.objects.filter(pk__in=found).order_by("pk"):
            countries, is_account = found[topic.pk]
            if topic.countries != countries:
                yield Drift(topic, "countries", topic.countries, countries)
            if topic.is_account != is_account:
                yield Drift(topic, "is_account", topic.is_account, is_account)


def _parts() -> Iterator[Sequence[int]]:
    """The primary keys of all topics, as ranges: no statement takes longer in a larger forum."""
    newest = Topic.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return (range(first, first + AT_ONCE) for first in range(1, newest + 1, AT_ONCE))


# Of each `topic`, what its columns should say.
_FOUND = """
    SELECT topic.id,
        ARRAY(
            SELECT DISTINCT code FROM crossings_crossingtopic AS link
            JOIN crossings_crossing AS crossing ON crossing.id = link.crossing_id
            CROSS JOIN LATERAL unnest(ARRAY[crossing.country_a_id, crossing.country_b_id]) AS code
            WHERE link.topic_id = topic.id AND link.removed_at IS NULL ORDER BY code
        )::varchar(2)[] AS countries,
        NOT topic.is_running AND EXISTS (
            SELECT FROM crossings_crossingreport AS report WHERE report.post_id = topic.opening_post_id
        ) AS is_account
    FROM forum_topic AS topic
"""
_DIFFERS = "(topic.countries, topic.is_account) IS DISTINCT FROM (found.countries, found.is_account)"
_WRITE = f"""
    UPDATE forum_topic AS topic
    SET countries = found.countries, is_account = found.is_account,
        expert_replies_count = {expert_replies.count_for("found.countries")}
    FROM ({_FOUND} WHERE topic.id = ANY (%(topics)s)) AS found
    WHERE topic.id = found.id AND {_DIFFERS}
    RETURNING topic.id
"""  # noqa: S608
_DIFFERING = f"""
    SELECT topic.id, found.countries, found.is_account
    FROM forum_topic AS topic JOIN ({_FOUND} WHERE topic.id = ANY (%(topics)s)) AS found ON found.id = topic.id
    WHERE {_DIFFERS} ORDER BY topic.id
"""  # noqa: S608
