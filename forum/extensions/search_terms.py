"""What apps to the right of the forum know of a query: names that it may mean as well, and what leads the results."""

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
    """What a query names by itself, as fragments that stand above what is found in posts."""
    _leaders.append(leader)
    return leader


def unregister(helper: Helper | Leader) -> None:
    for registered in (_helpers, _leaders):
        if helper in registered:
            registered.remove(helper)  # type: ignore[arg-type]


def names_meant_by(query: str) -> list[str]:
    """Every other query that this one may mean, each once, in the order the helpers gave them."""
    return list(dict.fromkeys(name for helper in _helpers for name in helper(query)))


def leads(user: User, query: str) -> list[Part]:
    """What stands above the results, as far as the user may see it."""
    return [part for leader in _leaders for part in leader(user, query)]
