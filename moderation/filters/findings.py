"""Holds and flags that filters file, without any member, for the queue; what makes a text wait is in holds.py."""

from django.utils import timezone

from crossings.freshness.rules import OUTDATED_NEEDED
from forum.extensions.screeners import Draft
from forum.models import Post, Reaction
from moderation.filters import banned_words, holds
from moderation.filters.banned_words import Watched
from moderation.models import Flag, Hold, WatchedWord
from moderation.queue import items

# A filter is sure of nothing.
WEIGHT_OF_THE_FILTER = 0.5


def note_hold(post: Post, reason: str) -> Hold:
    """Write down why a post waits, and queue it. Its topic is locked; twice changes nothing."""
    values = {"item": items.item_of(post), "reason": reason, "words": _found(post, reason), "at": timezone.now()}
    hold, _ = Hold.objects.get_or_create(post=post, closed_at=None, defaults=values)
    items.refresh(hold.item)
    return hold


def flag_for_words(post: Post, draft: Draft | None = None) -> Flag | None:
    """A filter's flag for a published post with words that are to be flagged. Its topic is locked.

    Whoever comes from writing brings the draft, which was looked at already; those of moderators are not.
    """
    found = _found_in(post) if draft is None else draft.found.get(holds.WATCHED, [])
    words = _for(WatchedWord.Act.FLAG, found)
    if not words or holds.is_approved(post.author, holds.digest_of_post(post)):
        return None
    values = {
        "item": items.item_of(post),
        "reason": Flag.Reason.RULES,
        "words": _listed(words),
        "weight": WEIGHT_OF_THE_FILTER,
        "at": timezone.now(),
    }
    flag, _ = Flag.objects.get_or_create(post=post, by=None, closed_at=None, defaults=values)
    items.refresh(flag.item)
    return flag


def flag_for_age(post: Post) -> Flag | None:
    """A filter's flag for a post that several members call outdated. Its topic is locked."""
    called = Reaction.objects.filter(post=post, kind=Reaction.Kind.OUTDATED).count()
    if called < OUTDATED_NEEDED or Flag.objects.open().filter(post=post, by=None).exists():
        return None
    flag = Flag.objects.create(
        item=items.item_of(post), post=post, by=None, reason=Flag.Reason.OUTDATED,
        words=f"{called} members called it outdated.", weight=WEIGHT_OF_THE_FILTER, at=timezone.now(),
    )  # fmt: skip
    items.refresh(flag.item)
    return flag


def _found(post: Post, reason: str) -> str:
    """What a moderator wants to know beside the reason."""
    if reason == Hold.Reason.WORDS:
        return _listed(_for(WatchedWord.Act.HOLD, _found_in(post)))
    if reason in {Hold.Reason.LINKS, Hold.Reason.FIRST_POST}:
        return ", ".join(sorted(holds.links_in(post.source)))[:300]
    return ""


def _found_in(post: Post) -> list[Watched]:
    title = post.topic.title if post.is_opening_post else ""
    return banned_words.found_in(f"{title}\n{post.source}", post.topic.subforum)


def _for(act: str, words: list[Watched]) -> list[str]:
    return [word.pattern for word in words if word.act == act]


def _listed(patterns: list[str]) -> str:
    return f"Watched: {', '.join(patterns)}"[:300]
