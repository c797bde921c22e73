"""The acts that a queue item offers, each with a keyboard shortcut."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction

from accounts.models import User
from forum.models import Post, Topic
from forum.permissions import CannotBeDone
from moderation.actions import member_acts, post_acts, spam, topic_acts
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


class Asked(NamedTuple):
    """The cleaned data of an item's form."""

    why: Why
    other: Topic | None = None


def buttons_of(user: User, item: QueueItem, post: Post, *, has_other: bool) -> list[Button]:
    """The acts that make sense for an item, the likeliest first."""
    kinds = set(item.kinds)
    found = []
    if Kind.HOLD in kinds:
        found += [Button("approve", "A", "Approve"), Button("reject", "R", "Reject", "danger")]
    if Kind.DUPLICATE in kinds and post.is_opening_post and has_other:
        found += [Button("merge", "M", "Merge"), Button("duplicate", "U", "Mark as duplicate")]
    if kinds & {Kind.FLAG, Kind.DUPLICATE, Kind.OUTDATED} and Kind.HOLD not in kinds:
        label = "Keep both" if kinds == {Kind.DUPLICATE} else "Still true" if kinds == {Kind.OUTDATED} else "Dismiss"
        found += [Button("dismiss", "D", label)]
    if kinds & {Kind.FLAG, Kind.OUTDATED} and Kind.HOLD not in kinds:
        found += [Button("hide", "R", "Hide", "danger")]
    if kinds & {Kind.FLAG, Kind.HOLD} and can_warn(user, post.author, post):
        found += [Button("warn", "W", "Warn")]
    if kinds & {Kind.FLAG, Kind.HOLD} and can_clean_spam(user, post.author):
        found += [Button("clean", "X", "Clean up spam", "danger")]
    return found


@transaction.atomic
def perform(user: User, item: QueueItem, act: str, asked: Asked) -> ModerationEntry | None:
    """Perform an act that the item offers. Idempotent. Raises CannotBeDone, and what the act raises."""
    if item.post is None or act not in _ACTS:
        raise CannotBeDone("That cannot be done from here.")
    return _ACTS[act](user, item.post, asked)


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
    "warn": lambda user, post, asked: member_acts.warn(user, post.author, asked.why, post=post),
    "clean": lambda user, post, asked: spam.clean_spam(user, post.author, asked.why),
    "merge": _merge,
    "duplicate": _mark_duplicate,
}
