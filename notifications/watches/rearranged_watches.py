"""Watches follow posts that are merged, split or moved into another topic, and return when that is undone.

The watches of the first topic stay where they are and are joined to those of the other one: of a merged topic nobody
reads them until the merge is undone. `Rearrangement.before` notes what the other topic had and got, so that undoing
gives back exactly that, but for what members chose since.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from forum.models import Post, Rearrangement
from notifications.models import Watch
from pagecache.prepared import run

Kind = Rearrangement.Kind


class Choice(NamedTuple):
    """The level of a watch, and whether it began by itself."""

    level: str
    is_automatic: bool


Choices = dict[int, Choice]  # by primary key of the member


def joined(there: Choices, coming: Mapping[int, Choice]) -> Choices:
    """The choices about a topic when others join them: one made by hand goes before what began by itself, and of two
    equal ones that which was there."""
    result = dict(there)
    for user_id, choice in coming.items():
        if user_id not in there or (there[user_id].is_automatic and not choice.is_automatic):
            result[user_id] = choice
    return result


def follow(made: Rearrangement, *, is_undone: bool) -> None:
    """In the transaction that moved the posts, which has locked both topics."""
    if not is_undone:
        _take_along(made)
    elif made.kind == Kind.SPLIT:
        _join_again(made)
    else:
        _give_back(made)


def follow_subforum(subforum_id: int, target_id: int) -> None:
    """The watches of a subforum that is removed become those of another, where their members watch that not already."""
    there = Watch.objects.filter(subforum=target_id).values("user")
    Watch.objects.filter(subforum=subforum_id).exclude(user__in=there).update(subforum=target_id)


def _take_along(made: Rearrangement) -> None:
    there, coming = _choices(made.target_id), _choices(made.source_id)
    if made.kind == Kind.MOVE:
        coming = _of_authors(made, coming)
    after = joined(there, coming)
    _write(made.target_id, _changed(there, after))
    before = {user_id: there[user_id] for user_id in coming.keys() & there.keys()}
    made.before |= {"watches_before": _rows(before), "watches_after": _rows({pk: after[pk] for pk in coming})}
    made.save(update_fields=["before"])


def _of_authors(made: Rearrangement, choices: Choices) -> Choices:
    """Of posts that left a topic, the authors who watch it; for the other topic that began by itself."""
    left = made.former_places.filter(topic=made.source_id).values("post")
    authors = set(Post.objects.filter(pk__in=left).values_list("author", flat=True))
    watching = [pk for pk, choice in choices.items() if pk in authors and choice.level == Watch.Level.WATCHING]
    return {pk: Choice(Watch.Level.WATCHING, is_automatic=True) for pk in watching}


def _join_again(made: Rearrangement) -> None:
    """A topic that a split had made ends: what was chosen there since joins the choices about the first."""
    left, now = _read(made, "watches_after"), _choices(made.target_id)
    there = _choices(made.source_id)
    _write(made.source_id, _changed(there, joined(there, _changed(left, now))))
    Watch.objects.filter(topic=made.target_id).delete()


def _give_back(made: Rearrangement) -> None:
    """The other topic gets back what it had. What members chose since stays; by hand, it was of a merged topic, too."""
    before, left, now = _read(made, "watches_before"), _read(made, "watches_after"), _choices(made.target_id)
    chosen = _chosen_since(made)
    unchanged = {pk for pk, choice in left.items() if now.get(pk) == choice} - chosen.keys()
    gone = unchanged - before.keys()
    gone -= _wrote_since(made, [pk for pk in gone if left[pk].is_automatic])
    Watch.objects.filter(topic=made.target_id, user__in=gone).delete()
    _write(made.target_id, _changed(now, {pk: before[pk] for pk in unchanged & before.keys()}))
    if made.kind == Kind.MERGE:
        _write(made.source_id, {pk: chosen[pk] for pk in left.keys() & chosen.keys()})


def _chosen_since(made: Rearrangement) -> Choices:
    """What members chose by hand of the other topic since, if only again what they had."""
    return _choices(made.target_id, is_automatic=False, watched_at__gt=made.made_at)


def _wrote_since(made: Rearrangement, user_ids: Iterable[int]) -> set[int]:
    """Those of the members who wrote in the other topic since, where their posts stay."""
    posts = Post.objects.readable().filter(topic=made.target_id, author__in=user_ids, written_at__gt=made.made_at)
    return set(posts.values_list("author", flat=True))


def _choices(topic_id: int, **only: Any) -> Choices:
    rows = Watch.objects.filter(topic=topic_id, **only).values_list("user_id", "level", "is_automatic")
    return {user_id: Choice(level, is_automatic) for user_id, level, is_automatic in rows}


def _changed(before: Mapping[int, Choice], after: Mapping[int, Choice]) -> Choices:
    return {pk: choice for pk, choice in after.items() if before.get(pk) != choice}


def _rows(choices: Mapping[int, Choice]) -> list[list[Any]]:
    return [[pk, *choice] for pk, choice in sorted(choices.items())]


def _read(made: Rearrangement, name: str) -> Choices:
    return {pk: Choice(level, is_automatic) for pk, level, is_automatic in made.before.get(name, [])}


def _write(topic_id: int, choices: Mapping[int, Choice]) -> None:
    rows = _rows(choices)
    columns = [[row[at] for row in rows] for at in range(3)]
    run(_WRITE, [topic_id, *columns], writes=Watch)


# Members may be gone since it was noted. The time is the beginning of the transaction, before `made_at`.
_WRITE = """
    INSERT INTO notifications_watch (user_id, topic_id, level, is_automatic, watched_at, direction)
    SELECT member.id, %s::bigint, chosen.level, chosen.is_automatic, now(), ''
    FROM unnest(%s::bigint[], %s::text[], %s::boolean[]) AS chosen (user_id, level, is_automatic)
    JOIN accounts_user AS member ON member.id = chosen.user_id
    ORDER BY member.id
    ON CONFLICT (user_id, topic_id) WHERE topic_id IS NOT NULL
    DO UPDATE SET level = excluded.level, is_automatic = excluded.is_automatic
"""
