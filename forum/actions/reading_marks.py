"""Moving members' Reading rows when posts are renumbered: each then points at the furthest post that was read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from forum.models import Draft, Reading, Rearrangement, Topic
from pagecache.prepared import run

Place = tuple[int, int]  # of a post: primary key of its topic, and its number in it
Marks = dict[Place, int]  # by topic and member: the number of the last post the member has read


def marks_of(topic_ids: Iterable[int]) -> Marks:
    rows = Reading.objects.filter(topic__in=topic_ids).values_list("topic_id", "user_id", "number")
    return {(topic_id, user_id): number for topic_id, user_id, number in rows}


def carried(marks: Marks, was: Mapping[int, Place], new: Mapping[int, Place]) -> Marks:
    """The marks after posts (by primary key) moved from their places in `was` to those in `new`. No query."""
    furthest: dict[tuple[int, int], list[int]] = {}
    sizes = {topic_id: 0 for topic_id, _ in was.values()}
    for topic_id, number in was.values():
        sizes[topic_id] = max(sizes[topic_id], number)
    for pk, (topic_id, number) in was.items():
        target, place = new[pk]
        found = furthest.setdefault((topic_id, target), [0] * (sizes[topic_id] + 1))
        found[number] = place
    for found in furthest.values():
        for number in range(1, len(found)):
            found[number] = max(found[number], found[number - 1])
    result: dict[Place, int] = defaultdict(int)
    for (topic_id, user_id), number in marks.items():
        for (origin, target), found in furthest.items():
            if origin == topic_id and (place := found[min(number, len(found) - 1)]):
                result[target, user_id] = max(result[target, user_id], place)
    return dict(result)


def follow(made: Rearrangement, was: Mapping[int, Place], new: Mapping[int, Place]) -> None:
    """Move marks with the posts, and note the former ones in `made.before`, unsaved. Drafts of a merged topic move."""
    topic_ids = [made.source_id, made.target_id]
    before = marks_of(topic_ids)
    after = carried(before, was, new)
    made.before |= {"marks_before": _rows(before), "marks_after": _rows(after)}
    _write(topic_ids, after)
    if made.kind == Rearrangement.Kind.MERGE:
        move_drafts(made.source, made.target)


def restore(made: Rearrangement, was: Mapping[int, Place], new: Mapping[int, Place]) -> None:
    """Restore the former marks; of members who have read on since, as far as they have read. Drafts of a topic that
    ceases to exist move, too."""
    topic_ids = [made.source_id, made.target_id]
    now, left = marks_of(topic_ids), _marks(made.before["marks_after"])
    read_on = {place: number for place, number in now.items() if left.get(place) != number}
    marks = _marks(made.before["marks_before"])
    for place, number in carried(read_on, was, new).items():
        marks[place] = max(marks.get(place, 0), number)
    _write(topic_ids, marks)
    if made.kind == Rearrangement.Kind.SPLIT:
        move_drafts(made.target, made.source)


def move_drafts(source: Topic, target: Topic) -> None:
    """Move drafts of replies to another topic, but for members who have a draft there already."""
    writing_there = Draft.objects.filter(topic=target).values("user")
    Draft.objects.filter(topic=source).exclude(user__in=writing_there).update(topic=target)


def _write(topic_ids: list[int], marks: Marks) -> None:
    rows = sorted(_rows(marks))
    columns = [[row[at] for row in rows] for at in range(3)]
    run(_REMOVE, [topic_ids, columns[0], columns[1]], writes=Reading)
    run(_WRITE, columns, writes=Reading)


_REMOVE = """
    DELETE FROM forum_reading WHERE topic_id = ANY(%s::bigint[])
    AND (topic_id, user_id) NOT IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
"""
_WRITE = """
    INSERT INTO forum_reading (topic_id, user_id, number) SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[])
    ON CONFLICT (user_id, topic_id) DO UPDATE SET number = excluded.number
"""


def _rows(marks: Marks) -> list[list[int]]:
    return [[topic_id, user_id, number] for (topic_id, user_id), number in marks.items()]


def _marks(rows: list[list[int]]) -> Marks:
    return {(topic_id, user_id): number for topic_id, user_id, number in rows}
