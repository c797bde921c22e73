"""Hooks of the search: synonyms of a query, fragments above its results, filters, and what hits say of their age."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import User
from forum.extensions.fragments import Part
from forum.models import Post

Helper = Callable[[str], list[str]]
Leader = Callable[[User, str], list[Part]]


@dataclass(frozen=True)
class SearchFilter:
    """A filter of hits with its options; the field of the query string has its name.

    `condition` is of posts. `counted` is SQL without parameters of rows (option, topics_count) from the relation
    `candidate`, which has `id`, `topic_id` and `author_id` of the posts that were found.
    """

    name: str
    legend: str
    options: Sequence[tuple[str, str]]  # (value, label)
    condition: Callable[[str], Q]
    counted: str


@dataclass(frozen=True)
class HitAges:
    """Which hits may be out of date: `columns` annotates posts, and `is_stale` judges a post that has them."""

    columns: Callable[[], dict[str, Any]]
    is_stale: Callable[[Post], bool]


_helpers: list[Helper] = []
_leaders: list[Leader] = []
_filters: list[SearchFilter] = []
_ages: list[HitAges] = []


def register(helper: Helper) -> Helper:
    _helpers.append(helper)
    return helper


def register_leader(leader: Leader) -> Leader:
    """Hook: fragments above the results, for what the query names itself, such as a crossing."""
    _leaders.append(leader)
    return leader


def register_filter(made: SearchFilter) -> None:
    """Hook: a filter of the search page, with the number of topics for each option."""
    _filters.append(made)


def register_ages(ages: HitAges) -> None:
    """Hook: which hits may be out of date."""
    _ages.append(ages)


def unregister(hook: Helper | Leader | SearchFilter | HitAges) -> None:
    for registered in (_helpers, _leaders, _filters, _ages):
        if hook in registered:
            registered.remove(hook)  # type: ignore[arg-type]


def names_meant_by(query: str) -> list[str]:
    """Synonyms: other queries that this one may mean, without duplicates, in the order of the helpers."""
    return list(dict.fromkeys(name for helper in _helpers for name in helper(query)))


def leads(user: User, query: str) -> list[Part]:
    """The fragments above the results that the user may see."""
    return [part for leader in _leaders for part in leader(user, query)]


def filters() -> list[SearchFilter]:
    return list(_filters)


def columns_of_age() -> dict[str, Any]:
    return {name: column for ages in _ages for name, column in ages.columns().items()}


def may_be_out_of_date(post: Post) -> bool:
    """Of a post with `columns_of_age`."""
    return any(ages.is_stale(post) for ages in _ages)
