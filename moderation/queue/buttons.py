"""The acts that a queue item offers, each with a keyboard shortcut."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.models import Post, Topic
from forum.permissions import CannotBeDone
from moderation.actions import member_acts, post_acts, profile_flags, spam, topic_acts
from moderation.consequences import CleanUp, counted, replies, replies_with, suspended_for, warning_steps
from moderation.log.entries import Why
from moderation.models import ModerationEntry, QueueItem
from moderation.permissions import can_clean_spam, can_warn

Kind = QueueItem.Kind


class Button(NamedTuple):
    """A button of an item; `key` is its keyboard shortcut, one letter."""

    act: str
    key: str
    label: str
    look: str = ""
    # What it does besides, in words.
    hint: str = ""


class Foretold(NamedTuple):
    """What is known of a post's author before an act on them (moderation/consequences.py)."""

    points: int = 0
    clean_up: CleanUp = CleanUp()


class Asked(NamedTuple):
    """The cleaned data of an item's form."""

    why: Why
    other: Topic | None = None
    # Those texts of a profile that are ticked.
    fields: tuple[str, ...] = ()


def buttons_of(user: User, item: QueueItem, post: Post, foretold: Foretold, *, has_other: bool) -> list[Button]:
    """The acts that make sense for an item, the likeliest first, each with what it will do."""
    kinds = set(item.kinds)
    found = []
    if Kind.HOLD in kinds:
        found += [Button("approve", "A", "Approve"), Button("reject", "R", _with_topic("Reject", post), "danger")]
    if Kind.DUPLICATE in kinds and post.is_opening_post and has_other:
        moved = counted(post.topic.last_number, "post")
        found += [Button("merge", "M", f"Merge ({moved})"), Button("duplicate", "U", "Mark as duplicate")]
    if kinds & {Kind.FLAG, Kind.DUPLICATE, Kind.OUTDATED} and Kind.HOLD not in kinds:
        label = "Keep both" if kinds == {Kind.DUPLICATE} else "Still true" if kinds == {Kind.OUTDATED} else "Dismiss"
        found += [Button("dismiss", "D", label)]
    if Kind.OUTDATED in kinds and Kind.HOLD not in kinds:
        found += [Button("mark-outdated", "T", "Mark out of date")]
    if kinds & {Kind.FLAG, Kind.OUTDATED} and Kind.HOLD not in kinds:
        found += [Button("hide", "R", _with_topic("Hide", post), "danger")]
    if kinds & {Kind.FLAG, Kind.HOLD} and can_warn(user, post.author, post.topic.subforum):
        found.append(_warn_button(post.author, foretold.points))
    if kinds & {Kind.FLAG, Kind.HOLD} and can_clean_spam(user, post.author, post.topic.subforum):
        found.append(_clean_button(foretold.clean_up))
    return found


def buttons_of_profile(member: User, points: int, *, has_texts: bool, may_warn: bool) -> list[Button]:
    """The acts on a flagged profile."""
    found = [Button("dismiss", "D", "Dismiss")]
    if has_texts:
        found.append(Button("clear-profile", "R", "Clear what is ticked", "danger"))
    if may_warn:
        found.append(_warn_button(member, points))
    return found


def _with_topic(verb: str, post: Post) -> str:
    """ "Hide", or for an opening post "Hide topic (9 replies)"."""
    if not post.is_opening_post:
        return verb
    gone = replies_with(post.topic)
    return f"{verb} topic ({replies(gone)})" if gone else f"{verb} topic"


def _warn_button(member: User, points: int) -> Button:
    days = suspended_for(member, points + 1, timezone.now())
    label = f"Warn (suspends for {counted(days, 'day')})" if days else "Warn"
    return Button("warn", "W", label, hint=f"A warning is 1 point; {warning_steps(points)}.")


def _clean_button(hides: CleanUp) -> Button:
    gone = f" {hides.of_others}." if hides.others_posts else ""
    hint = f"A ban with clean-up hides {hides.words} and signs out everywhere.{gone}"
    return Button("clean", "X", f"Ban and hide {counted(hides.posts, 'post')}", "danger", hint)


@transaction.atomic
def perform(user: User, item: QueueItem, act: str, asked: Asked) -> ModerationEntry | None:
    """Perform an act that the item offers. Idempotent. Raises CannotBeDone, and what the act raises."""
    if item.is_profile and act in _ACTS_ON_PROFILES:
        return _ACTS_ON_PROFILES[act](user, item.member, asked)
    if item.post is None or act not in _ACTS:
        raise CannotBeDone("That cannot be done from here.")
    return _ACTS[act](user, item.post, asked)


def _clear_profile(user: User, member: User, asked: Asked) -> ModerationEntry | None:
    if not asked.fields:
        raise CannotBeDone("Tick the texts to clear.")
    return member_acts.clear_profile(user, member, asked.fields, asked.why)


def _hide(user: User, post: Post, asked: Asked) -> ModerationEntry | None:
    return (
        topic_acts.hide(user, post.topic, asked.why) if post.is_opening_post else post_acts.hide(user, post, asked.why)
    )


def _merge(user: User, post: Post, asked: Asked) -> ModerationEntry | None:
    return topic_acts.merge(user, post.topic, _other(asked), asked.why)


def _mark_duplicate(user: User, post: Post, asked: Asked) -> ModerationEntry | None:
    return topic_acts.mark_duplicate(user, post.topic, _other(asked), asked.why)


def _other(asked: Asked) -> Topic:
    if asked.other is None:
        raise CannotBeDone("Choose the topic in which it was asked before.")
    return asked.other


_ACTS: dict[str, Callable[[User, Post, Asked], ModerationEntry | None]] = {
    "approve": lambda user, post, asked: post_acts.approve(user, post, asked.why),
    "reject": lambda user, post, asked: post_acts.reject(user, post, asked.why),
    "dismiss": lambda user, post, asked: post_acts.dismiss(user, post, asked.why),
    "hide": _hide,
    "mark-outdated": lambda user, post, asked: post_acts.mark_outdated(user, post, asked.why),
    "warn": lambda user, post, asked: member_acts.warn(user, post.author, asked.why, post=post),
    "clean": lambda user, post, asked: spam.clean_spam(user, post.author, asked.why),
    "merge": _merge,
    "duplicate": _mark_duplicate,
}
_ACTS_ON_PROFILES: dict[str, Callable[[User, User, Asked], ModerationEntry | None]] = {
    "dismiss": lambda user, member, asked: profile_flags.dismiss_profile_flags(user, member, asked.why),
    "clear-profile": _clear_profile,
    "warn": lambda user, member, asked: member_acts.warn(user, member, asked.why, is_of_profile=True),
}
