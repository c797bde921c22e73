"""Looking at what a member wrote before it is published.

Apps to the right of the forum register screeners in `AppConfig.ready()`. Each says nothing (None), hold, or refuse.
A refusal wins over a hold; the words of a refusal are shown to the writer, whose text is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from forum.models import Post, Subforum, Topic


@dataclass(frozen=True)
class Draft:
    """What is about to be published: a reply to `topic`, a new topic with a `title`, or the new text of a `post`."""

    author: User
    subforum: Subforum
    source: str
    title: str = ""
    topic: Topic | None = None
    post: Post | None = None
    # What screeners found and want to know again when it is published: the signals bring the draft.
    found: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Hold:
    """Publish only after a moderator has looked."""

    reason: str


@dataclass(frozen=True)
class Refuse:
    """Do not take it; `words` tell the writer why and what to do."""

    words: str


Verdict = Hold | Refuse | None
Screener = Callable[[Draft], Verdict]

_screeners: list[Screener] = []


class Refused(Exception):
    """A screener refused the text, in words for its writer."""


def register(screener: Screener) -> Screener:
    _screeners.append(screener)
    return screener


def unregister(screener: Screener) -> None:
    _screeners.remove(screener)


def screen(draft: Draft) -> Hold | None:
    """Whether the draft must wait for a moderator. Raises Refused if it may not be posted at all."""
    verdicts = [screener(draft) for screener in _screeners]
    for verdict in verdicts:
        if isinstance(verdict, Refuse):
            raise Refused(verdict.words)
    return next((verdict for verdict in verdicts if isinstance(verdict, Hold)), None)
