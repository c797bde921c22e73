"""Holds and flags that filters make, without a member."""

from django.utils import timezone

from forum.extensions.screeners import Draft
from forum.models import Post, Reaction
from forum.models.reaction import OUTDATED_NEEDED
from moderation.filters import banned_words, holds
from moderation.filters.banned_words import Watched
from moderation.models import Flag, Hold, WatchedWord
from moderation.queue import items

# The weight of a filter's flag, as a newcomer's, because filters are often wrong.
WEIGHT_OF_THE_FILTER = 0.5


def note_hold(post: Post, reason: str, words: str = "") -> Hold:
    """Record why a post is held, and put it into the queue. Idempotent. The caller has locked its topic.

    `words` are details for moderators; without any, what the filter finds.
    """
    words = words or _found(post, reason)
    values = {"item": items.item_of(post), "reason": reason, "words": words, "at": timezone.now()}
    hold, _ = Hold.objects.get_or_create(post=post, closed_at=None, defaults=values)
    items.refresh(hold.item)
    return hold


def flag_for_words(post: Post, draft: Draft | None = None) -> Flag | None:
    """Flag a published post that contains watched words whose act is to flag. The caller has locked its topic.

    A `draft` brings the words that the screener found; posts of moderators are not screened.
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
    """Flag a post that several members call outdated. The caller has locked its topic."""
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
    """Details of a hold for moderators, beside its reason."""
    if reason == Hold.Reason.WORDS:
        return _listed(_for(WatchedWord.Act.HOLD, _found_in(post)))
    if reason in {Hold.Reason.LINKS, Hold.Reason.FIRST_POST}:
        return ", ".join(sorted(holds.links_in(post.source)))[:300]
    return ""


def _found_in(post: Post) -> list[Watched]:
    title = post.topic.title if post.is_opening_post else ""
    return banned_words.found_in(banned_words.text_of(title, post.source), post.topic.subforum)


def _for(act: str, words: list[Watched]) -> list[str]:
    return [word.pattern for word in words if word.act == act]


def _listed(patterns: list[str]) -> str:
    return f"Watched: {', '.join(patterns)}"[:300]
