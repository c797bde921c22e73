"""Queue items: one for everything about one post, or one profile, with the sum of its risks.

Callers hold the row locks of the topic and the post, or of the member, so that no two items are opened for one.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from forum.models import Post
from moderation.models import Appeal, Flag, Hold, QueueItem
from moderation.models.queue_item import QueueItemQuerySet

Kind = QueueItem.Kind
# Risk by which the queue is sorted: of one flag of weight 1, and of a hold, by reason. Chosen, not measured.
RISK_OF_FLAGS = {
    Flag.Reason.DANGEROUS: 30,
    Flag.Reason.PERSONAL: 30,
    Flag.Reason.ADVERTISING: 20,
    Flag.Reason.RULES: 20,
    Flag.Reason.OTHER: 10,
    Flag.Reason.DUPLICATE: 5,
    Flag.Reason.OUTDATED: 5,
}
RISK_OF_HOLDS = {
    Hold.Reason.FLAGS: 40,
    Hold.Reason.WORDS: 30,
    Hold.Reason.LINKS: 20,
    Hold.Reason.COPIED: 20,
    Hold.Reason.FIRST_POST: 15,
    Hold.Reason.MENTIONS: 15,
    Hold.Reason.TOO_FAST: 10,
    Hold.Reason.FIRST_HERE: 5,
    Hold.Reason.OTHER: 10,
}
RISK_OF_APPEALS = 10
# Least weight for the risk, so that flags of weight 0 are still listed, last.
LEAST = 0.1
# Primary keys of what was closed.
Closed = dict[str, list[int]]
NOTHING: Closed = {"flags": [], "holds": []}
_KINDS_OF_FLAGS = {Flag.Reason.DUPLICATE: Kind.DUPLICATE, Flag.Reason.OUTDATED: Kind.OUTDATED}


def waiting_for(user: User) -> QueueItemQuerySet:
    """The open items that this moderator may decide: not those about themselves, nor appeals against their own acts."""
    found = QueueItem.objects.open().for_moderator(user).exclude(member=user.pk)
    if user.is_staff:
        return found
    by_others = Appeal.objects.open().filter(item=OuterRef("pk")).exclude(entry__by=user.pk)
    return found.exclude(~Exists(by_others), kinds=[Kind.APPEAL])


def item_of(post: Post) -> QueueItem:
    """The open item of a post, created if there is none."""
    values = {"member": post.author, "subforum": post.topic.subforum, "opened_at": timezone.now()}
    return QueueItem.objects.get_or_create(post=post, closed_at=None, defaults=values)[0]


def item_of_profile(member: User) -> QueueItem:
    """The open item of a member's profile, created if there is none."""
    values = {"opened_at": timezone.now()}
    return QueueItem.objects.get_or_create(member=member, is_profile=True, closed_at=None, defaults=values)[0]


@transaction.atomic
def refresh(item: QueueItem, by: User | None = None) -> None:
    """Recompute the kinds and the risk of an item; close it if nothing in it is open."""
    # Locked before the queries below, because deciding an appeal does not lock the post.
    QueueItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    flags = item.flags.open().values_list("reason", "weight")
    holds = item.holds.open().values_list("reason", flat=True)
    appeals = item.appeals.open().count()
    otherwise = Kind.PROFILE if item.is_profile else Kind.FLAG
    kinds = {_KINDS_OF_FLAGS.get(Flag.Reason(reason), otherwise) for reason, _ in flags}
    kinds |= {Kind.HOLD} if holds else set()
    kinds |= {Kind.APPEAL} if appeals else set()
    risk = sum(RISK_OF_FLAGS[Flag.Reason(reason)] * max(weight, LEAST) for reason, weight in flags)
    risk += sum(RISK_OF_HOLDS[Hold.Reason(reason)] for reason in holds) + RISK_OF_APPEALS * appeals
    if kinds:
        # Also reopens it, if it was closed concurrently.
        QueueItem.objects.filter(pk=item.pk).update(
            kinds=sorted(kinds), risk=round(risk), closed_at=None, closed_by=None
        )
    else:
        # Its kinds stay, for the history of the post.
        QueueItem.objects.filter(pk=item.pk, closed_at=None).update(closed_at=timezone.now(), closed_by=by)


def settle(by: User, post: Post, *, flags: str = "", hold: str = "", only: str = "") -> Closed:
    """Close the flags of a post (or `only` those for one reason) and its hold with these outcomes.

    Returns what was closed, for `reopen`.
    """
    closed: Closed = {"flags": [], "holds": []}
    if flags:
        about = Flag.objects.open().filter(post=post)
        closed["flags"] = _close(about.filter(reason=only) if only else about, by, flags)
    if hold:
        closed["holds"] = _close(Hold.objects.open().filter(post=post), by, hold)
    for item in QueueItem.objects.open().filter(post=post):
        refresh(item, by)
    return closed


def settle_profile(by: User, member: User, flags: str, *, part: str = "") -> Closed:
    """Close the flags of a member's profile (or those of one part) with this outcome. Returns what was closed."""
    about = Flag.objects.open().filter(profile=member)
    closed: Closed = {"flags": _close(about.filter(part=part) if part else about, by, flags), "holds": []}
    for item in QueueItem.objects.open().filter(member=member, is_profile=True):
        refresh(item, by)
    return closed


def _close(waiting: QuerySet, by: User, outcome: str) -> list[int]:
    found = list(waiting.values_list("pk", flat=True))
    waiting.model.objects.filter(pk__in=found).update(outcome=outcome, closed_at=timezone.now(), closed_by=by)
    return found


def reopen(closed: Closed) -> None:
    """Reopen what an act had closed, unless its member has flagged the same again. The caller has locked the topics."""
    for flag in Flag.objects.filter(pk__in=closed["flags"]).exclude(closed_at=None).select_related("post__topic"):
        if not Flag.objects.open().filter(post=flag.post, profile=flag.profile_id, by=flag.by).exists():
            _open_again(flag)
    for hold in Hold.objects.filter(pk__in=closed["holds"]).exclude(closed_at=None).select_related("post__topic"):
        if not Hold.objects.open().filter(post=hold.post).exists():
            _open_again(hold)


def _open_again(waiting: Flag | Hold) -> None:
    """Reopen a flag or hold in the item that is open for its post or profile now, else in its own."""
    same = {"post": waiting.post} if waiting.post else {"member": waiting.item.member_id, "is_profile": True}
    item = QueueItem.objects.open().filter(**same).first() or waiting.item
    place = waiting.post.topic.subforum_id if waiting.post else None
    closed = QueueItem.objects.filter(pk=item.pk).exclude(closed_at=None)
    closed.update(closed_at=None, closed_by=None, claimed_by=None, claimed_at=None, subforum=place)
    waiting.item, waiting.closed_at, waiting.closed_by, waiting.outcome = item, None, None, ""
    waiting.save(update_fields=["item", "closed_at", "closed_by", "outcome"])
    refresh(item)


def follow_topic(topic_id: int, subforum_id: int) -> None:
    """Move open items of a topic's posts to its new subforum, and drop claims by moderators of the old one."""
    moved = QueueItem.objects.open().filter(post__topic=topic_id).exclude(subforum=subforum_id)
    moved.update(subforum=subforum_id, claimed_by=None, claimed_at=None)
