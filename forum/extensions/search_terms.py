"""Hooks of the search: synonyms of a query, and fragments above its results."""

from collections.abc import Callable

from accounts.models import User
from forum.extensions.fragments import Part

Helper = Callable[[str], list[str]]
Leader = Callable[[User, str], list[Part]]

_helpers: list[Helper] = []
_leaders: list[Leader] = []


def register(helper: Helper) -> Helper:
    _helpers.append(helper)
    return helper


def register_leader(leader: Leader) -> Leader:
    """Hook: fragments above the results, for what the query names itself, such as a crossing."""
    _leaders.append(leader)
    return leader


def unregister(helper: Helper | Leader) -> None:
    for registered in (_helpers, _leaders):
        if helper in registered:
            registered.remove(helper)  # type: ignore[arg-type]


def names_meant_by(query: str) -> list[str]:
    """Synonyms: other queries that this one may mean, without duplicates, in the order of the helpers."""
    return list(dict.fromkeys(name for helper in _helpers for name in helper(query)))


def leads(user: User, query: str) -> list[Part]:
    """The fragments above the results that the user may see."""
    return [part for leader in _leaders for part in leader(user, query)]
