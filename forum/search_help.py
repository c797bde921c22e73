"""Other names that a query may mean, from apps to the right of the forum: places and their spellings."""

from collections.abc import Callable

Helper = Callable[[str], list[str]]

_helpers: list[Helper] = []


def register(helper: Helper) -> Helper:
    _helpers.append(helper)
    return helper


def unregister(helper: Helper) -> None:
    _helpers.remove(helper)


def names_meant_by(query: str) -> list[str]:
    """Every other name the query may mean, each once, in the order the helpers gave them."""
    return list(dict.fromkeys(name for helper in _helpers for name in helper(query)))
