"""Members call for a moderator. Enough of them let a post wait until one has looked."""

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

# Whose flags were dismissed so often, among the last that were decided, is heard but no longer counted.
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
    """Call for a moderator. Whoever has an open flag there already gets that one back. Raises NotAllowed."""
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
    """Take back one's own flag, as long as nobody has looked. Twice changes nothing."""
    post = locks.lock_post(post)
    flag = Flag.objects.open().select_related("item").filter(post=post, by=user).first()
    if flag is None:
        return
    Flag.objects.filter(pk=flag.pk).update(closed_at=timezone.now(), closed_by=user, outcome=Flag.Outcome.WITHDRAWN)
    items.refresh(flag.item)


def weight_of(user: User) -> float:
    """What the next flag of a member counts: by trust, and nothing after many that were dismissed."""
    decided = Flag.objects.filter(by=user, outcome__in=[Flag.Outcome.UPHELD, Flag.Outcome.DISMISSED])
    latest = decided.order_by("-closed_at", "-pk").values_list("outcome", flat=True)[:LOOKED_AT]
    dismissed = sum(outcome == Flag.Outcome.DISMISSED for outcome in latest)
    return 0.0 if dismissed >= DISMISSED else allowed(user).flag_weight


def _hold_if_many(post: Post) -> None:
    """The lock of the topic lets no two flags count at once, so that one of them sees the threshold reached."""
    counted = Flag.objects.open().filter(post=post, by__isnull=False).exclude(reason__in=HARMLESS)
    if (counted.aggregate(weight=Sum("weight"))["weight"] or 0) >= settings.FLAGS_HIDE_AT:
        visibility.hold_post(None, post)
        findings.note_hold(post, Hold.Reason.FLAGS)


# What was asked before, or is no longer true, harms nobody while it stands.
HARMLESS = (Flag.Reason.DUPLICATE, Flag.Reason.OUTDATED)
