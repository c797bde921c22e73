"""What apps to the right of the forum add to the head of every page: links for this member, with how much waits there.

A provider is called for every page that a member sees: it looks at what the session's member brings along, and asks the
database only for the few for whom something can wait.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from accounts.models import User


class Sign(NamedTuple):
    """A link in the head of the page, or with an icon one in the member's menu."""

    nav: str  # the page that is this one says so by the same word
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
