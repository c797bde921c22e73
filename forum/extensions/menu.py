"""Hook for links that other apps add to the header of every page: for one member, with the number of open items.

A provider is called for every page of a member, so it should use attributes of the session's user, and query only for
the few who can have open items.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from accounts.models import User


class Sign(NamedTuple):
    """A link in the header of the page, or with an `icon` in the member's menu; `waiting` is the number beside it."""

    nav: str  # views pass the same word as `nav`, to mark the current page
    url: str
    label: str
    waiting: int = 0
    icon: str = ""


Provider = Callable[[User], Sequence[Sign]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    _providers.append(provider)


def for_member(user: User) -> tuple[Sign, ...]:
    return tuple(sign for provider in _providers for sign in provider(user))
