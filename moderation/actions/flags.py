"""Flags of members. Enough of them hold a post until a moderator has decided (docs/trust.md says of whom)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import ExpertBadge, User
from accounts.readers import moderated_ids
from accounts.trust_levels import TABLE, Trust, allowed
from forum.actions import visibility
from forum.counters import locks
from forum.models import Post, Topic
from forum.permissions import NotAllowed
from moderation.filters import findings, lost_status
from moderation.models import Flag, Hold
from moderation.permissions import can_flag, can_withdraw_flags
from moderation.queue import items
from moderation.rules import text_of

# With DISMISSED of the last LOOKED_AT decided flags dismissed, a member's flags weigh nothing (docs/trust.md).
LOOKED_AT = 10
DISMISSED = 5
# Flags of accounts that joined closer together than this count as one.
APART = timedelta(days=7)


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
    address: str = "",
) -> Flag:
    """Flag a post, and hold it at FLAGS_HIDE_AT. The user's open flag of it, if any, is returned. Raises NotAllowed.

    `address` is the block of addresses it comes from (accounts.limits.rate_limits.address_block).
    """
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
        address_digest=digest_of(address),
        at=timezone.now(),
    )
    _hold_if_many(post)
    items.refresh(flag.item)
    return flag


@transaction.atomic
def withdraw_flag(user: User, post: Post) -> None:
    """Withdraw the user's own open flag. Idempotent. Raises NotAllowed."""
    if not can_withdraw_flags(user):
        raise NotAllowed
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
    if is_spared(post):
        return
    if sum(flag.weight for flag in _voices(post)) >= settings.FLAGS_HIDE_AT:
        with lost_status.noted(post) as lost:
            visibility.hold_post(None, post)
        findings.note_hold(post, Hold.Reason.FLAGS, lost.words)


def is_spared(post: Post) -> bool:
    """Whether flags alone never hold the post: of trusted members, experts and staff, and what others replied to."""
    author = post.author
    if author.is_staff or author.trust >= Trust.TRUSTED or moderated_ids(author):
        return True
    if post.is_opening_post and post.topic.posts_count > 1:
        return True
    return ExpertBadge.objects.awake().filter(user=author).exists()


def _voices(post: Post) -> list[Flag]:
    """The open flags that count against a post: one of each address, and of members who joined APART from each other.

    Those of members who may hold a post at all, now as when they flagged; the heaviest first. A flag whose address is
    not known, or no longer, counts with all others of which that is so.
    """
    flags = Flag.objects.open().filter(post=post, by__isnull=False).exclude(reason__in=HARMLESS)
    found: list[Flag] = []
    for flag in flags.select_related("by").order_by("-weight", "pk"):
        if _can_hold(flag) and not any(_is_alike(flag, other) for other in found):
            found.append(flag)
    return found


def _can_hold(flag: Flag) -> bool:
    by = flag.by
    if by is None or not by.can_write or not allowed(by).flags_hold:
        return False
    return flag.weight >= TABLE[Trust.MEMBER].flag_weight


def _is_alike(one: Flag, other: Flag) -> bool:
    """Whether two flags may be of one person: from one address, or by accounts of about the same age."""
    if one.by is None or other.by is None or one.address_digest == other.address_digest:
        return True
    return abs(one.by.joined_at - other.by.joined_at) < APART


def digest_of(address: str) -> str:
    """Of a block of addresses: enough to tell whether two flags came from the same, and no more."""
    if address in {"", "unknown"}:
        return ""
    return salted_hmac("moderation.Flag.address", address, algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def forget_addresses() -> int:
    """Forget from where flags came that are decided or old; returns of how many. Called nightly."""
    kept = timezone.now() - timedelta(days=settings.ADDRESSES_KEPT_DAYS)
    old = Flag.objects.exclude(address_digest="").filter(Q(closed_at__isnull=False) | Q(at__lt=kept))
    return old.update(address_digest="")


# Reasons that never hold a post: a duplicate or outdated post harms nobody while it is shown.
HARMLESS = (Flag.Reason.DUPLICATE, Flag.Reason.OUTDATED)
