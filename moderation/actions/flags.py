"""Flags of members. Enough of them hold a post until a moderator has decided."""

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from accounts.trust_levels import allowed
from forum.actions import visibility
from forum.counters import locks
from forum.models import Post, Topic
from forum.permissions import NotAllowed
from moderation.filters import findings
from moderation.models import Flag, Hold
from moderation.permissions import can_flag
from moderation.queue import items
from moderation.rules import text_of

# With DISMISSED of the last LOOKED_AT decided flags dismissed, a member's flags weigh nothing (docs/trust.md).
LOOKED_AT = 10
DISMISSED = 5


@transaction.atomic
def flag_post(
    user: User,
    post: Post,
    *,
    reason: str,
    rule: int | None = None,
    is_forum_rule: bool = False,
    words: str = "",
    other_topic: Topic | None = None,
) -> Flag:
    """Flag a post, and hold it at FLAGS_HIDE_AT. The user's open flag of it, if any, is returned. Raises NotAllowed."""
    post = locks.lock_post(post)
    if standing := Flag.objects.open().filter(post=post, by=user).first():
        return standing
    if not can_flag(user, post):
        raise NotAllowed
    flag = Flag.objects.create(
        item=items.item_of(post),
        post=post,
        by=user,
        reason=reason,
        rule=rule,
        is_forum_rule=is_forum_rule,
        rule_text=text_of(rule, is_forum_rule, post.topic.subforum),
        words=words,
        other_topic=other_topic,
        weight=weight_of(user),
        at=timezone.now(),
    )
    _hold_if_many(post)
    items.refresh(flag.item)
    return flag


@transaction.atomic
def withdraw_flag(user: User, post: Post) -> None:
    """Withdraw the user's own open flag. Idempotent."""
    post = locks.lock_post(post)
    flag = Flag.objects.open().select_related("item").filter(post=post, by=user).first()
    if flag is None:
        return
    Flag.objects.filter(pk=flag.pk).update(closed_at=timezone.now(), closed_by=user, outcome=Flag.Outcome.WITHDRAWN)
    items.refresh(flag.item)


def weight_of(user: User) -> float:
    """The weight of a member's next flag, by trust (docs/trust.md); 0 after many that were dismissed."""
    decided = Flag.objects.filter(by=user, outcome__in=[Flag.Outcome.UPHELD, Flag.Outcome.DISMISSED])
    latest = decided.order_by("-closed_at", "-pk").values_list("outcome", flat=True)[:LOOKED_AT]
    dismissed = sum(outcome == Flag.Outcome.DISMISSED for outcome in latest)
    return 0.0 if dismissed >= DISMISSED else allowed(user).flag_weight


def _hold_if_many(post: Post) -> None:
    """Hold the post at FLAGS_HIDE_AT. The topic's lock serialises flags, so that one sees the threshold reached."""
    counted = Flag.objects.open().filter(post=post, by__isnull=False).exclude(reason__in=HARMLESS)
    if (counted.aggregate(weight=Sum("weight"))["weight"] or 0) >= settings.FLAGS_HIDE_AT:
        visibility.hold_post(None, post)
        findings.note_hold(post, Hold.Reason.FLAGS)


# Reasons that never hold a post: a duplicate or outdated post harms nobody while it is shown.
HARMLESS = (Flag.Reason.DUPLICATE, Flag.Reason.OUTDATED)
