"""Hook to screen what a member wrote before it is published.

Apps register screeners in `AppConfig.ready()`, those of posts and those of profiles apart. Each of posts returns None,
Hold or Refuse. A refusal wins over a hold; its words are shown to the author, whose text is not lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from forum.models import Post, Subforum, Topic


@dataclass(frozen=True)
class Draft:
    """A text before it is published: a reply to `topic`, a new topic with a `title`, or an edit of `post`."""

    author: User
    subforum: Subforum
    source: str
    title: str = ""
    topic: Topic | None = None
    post: Post | None = None
    # Results of screeners, for their own receivers of post_published and post_changed, which are sent the draft.
    found: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Hold:
    """Publish only after a moderator has approved it; `reason` is shown to the author."""

    reason: str


@dataclass(frozen=True)
class Refuse:
    """Reject the text; `words` tell the author why and what to do."""

    words: str


Verdict = Hold | Refuse | None
Screener = Callable[[Draft], Verdict]

_screeners: list[Screener] = []


class Refused(Exception):
    """A screener refused the text; the message is for its author."""


def register(screener: Screener) -> Screener:
    _screeners.append(screener)
    return screener


def unregister(screener: Screener) -> None:
    _screeners.remove(screener)


def screen(draft: Draft) -> Hold | None:
    """The first Hold of the registered screeners, None if the draft may be published. Raises Refused."""
    verdicts = [screener(draft) for screener in _screeners]
    for verdict in verdicts:
        if isinstance(verdict, Refuse):
            raise Refused(verdict.words)
    return next((verdict for verdict in verdicts if isinstance(verdict, Hold)), None)


ProfileScreener = Callable[[User, str], str]

_profile_screeners: list[ProfileScreener] = []


def register_profile(screener: ProfileScreener) -> ProfileScreener:
    _profile_screeners.append(screener)
    return screener


def refusal_of_profile(member: User, words: str) -> str:
    """Why what a member writes of themselves is refused, in words for them; "" if it is not."""
    return next((refusal for screener in _profile_screeners if (refusal := screener(member, words))), "")
