"""What apps to the right add to the page of a crossing, asked once by its view.

A part is a dictionary with the name of a `template`, which is included beside the buttons of the page and given this
`part`. The page is kept for visitors: what a provider answers a visitor depends on the crossing alone.
"""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from crossings.models import Crossing

Part = dict[str, Any]
Provider = Callable[[User, Crossing], Part]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    _providers.append(provider)


def unregister(provider: Provider) -> None:
    if provider in _providers:
        _providers.remove(provider)


def parts_of(user: User, crossing: Crossing) -> list[Part]:
    """One call of each provider."""
    return [provider(user, crossing) for provider in _providers]
