"""What apps to the right of the forum add to its pages, asked once by the view for all its rows.

A provider gets the reader and the rows, and answers with the parts of each row by its primary key. A part is a
dictionary with the name of a `template`, whatever that template shows, and a `key` of all of it, by which its finished
HTML is kept.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any

from accounts.models import User
from forum.models import Topic

Part = dict[str, Any]
Provider = Callable[[User, Sequence[Topic]], dict[int, list[Part]]]


class Place(StrEnum):
    """Where parts are shown."""

    TOPIC_LIST = "topic list"
    TOPIC = "topic"


_providers: dict[Place, list[Provider]] = defaultdict(list)


def register(place: Place, provider: Provider) -> None:
    _providers[place].append(provider)


def unregister(place: Place, provider: Provider) -> None:
    _providers[place].remove(provider)


def add_parts(place: Place, user: User, topics: Iterable[Topic]) -> None:
    """Set `.parts` on every topic, whatever the number of topics by one call of each provider."""
    rows = list(topics)
    for topic in rows:
        topic.parts = []  # type: ignore[attr-defined]
    for provider in _providers[place] if rows else ():
        found = provider(user, rows)
        for topic in rows:
            topic.parts += found.get(topic.pk, [])  # type: ignore[attr-defined]
    for topic in rows:
        # A part without a key of everything it shows is never the same as another.
        topic.parts_key = tuple(part.get("key", object()) for part in topic.parts)  # type: ignore[attr-defined]
