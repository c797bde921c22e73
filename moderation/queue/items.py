"""What waits for moderators: one item for everything about one post, as risky as all of it together.

Whoever calls these holds the locks of the topic and the post, so no two items are opened for one post.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.models import Post
from moderation.models import Flag, Hold, QueueItem

Kind = QueueItem.Kind
# How much one flag of a member adds for each reason, and a hold.
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
    Hold.Reason.OTHER: 10,
}
RISK_OF_APPEALS = 10
# A flag that a member has lost the weight for still counts a little: somebody should see it, last.
LEAST = 0.1
# What was closed, by pk.
Closed = dict[str, list[int]]
NOTHING: Closed = {"flags": [], "holds": []}
_KINDS_OF_FLAGS = {Flag.Reason.DUPLICATE: Kind.DUPLICATE, Flag.Reason.OUTDATED: Kind.OUTDATED}


def item_of(post: Post) -> QueueItem:
    """The open item of a post, made when nothing waits about it yet."""
    values = {"member": post.author, "subforum": post.topic.subforum, "opened_at": timezone.now()}
    return QueueItem.objects.get_or_create(post=post, closed_at=None, defaults=values)[0]


@transaction.atomic
def refresh(item: QueueItem, by: User | None = None) -> None:
    """Tell anew what waits in an item and how risky that is; where nothing does, it is closed."""
    # Locked before it is asked what waits: whoever decides an appeal does not hold the post.
    QueueItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    flags = item.flags.open().values_list("reason", "weight")
    holds = item.holds.open().values_list("reason", flat=True)
    appeals = item.appeals.open().count()
    kinds = {_KINDS_OF_FLAGS.get(Flag.Reason(reason), Kind.FLAG) for reason, _ in flags}
    kinds |= {Kind.HOLD} if holds else set()
    kinds |= {Kind.APPEAL} if appeals else set()
    risk = sum(RISK_OF_FLAGS[Flag.Reason(reason)] * max(weight, LEAST) for reason, weight in flags)
    risk += sum(RISK_OF_HOLDS[Hold.Reason(reason)] for reason in holds) + RISK_OF_APPEALS * appeals
    if kinds:
        # Open again, if it was closed while this was on its way.
        QueueItem.objects.filter(pk=item.pk).update(
            kinds=sorted(kinds), risk=round(risk), closed_at=None, closed_by=None
        )
    else:
        # Its kinds stay, so that the history of a post tells what once waited.
        QueueItem.objects.filter(pk=item.pk, closed_at=None).update(closed_at=timezone.now(), closed_by=by)


def settle(by: User, post: Post, *, flags: str = "", hold: str = "", only: str = "") -> Closed:
    """A moderator decided: close the flags of a post (or those for one reason) and its hold with these outcomes.

    Gives what was closed, so that it can be opened again.
    """
    closing = {"closed_at": timezone.now(), "closed_by": by}
    closed: Closed = {"flags": [], "holds": []}
    if flags:
        about = Flag.objects.open().filter(post=post)
        closed["flags"] = list((about.filter(reason=only) if only else about).values_list("pk", flat=True))
        Flag.objects.filter(pk__in=closed["flags"]).update(outcome=flags, **closing)
    if hold:
        closed["holds"] = list(Hold.objects.open().filter(post=post).values_list("pk", flat=True))
        Hold.objects.filter(pk__in=closed["holds"]).update(outcome=hold, **closing)
    for item in QueueItem.objects.open().filter(post=post):
        refresh(item, by)
    return closed


def reopen(closed: Closed) -> None:
    """What an act had closed waits again, but for what its member has flagged anew since. The topics are locked."""
    for flag in Flag.objects.filter(pk__in=closed["flags"]).exclude(closed_at=None).select_related("post__topic"):
        if not Flag.objects.open().filter(post=flag.post, by=flag.by).exists():
            _open_again(flag)
    for hold in Hold.objects.filter(pk__in=closed["holds"]).exclude(closed_at=None).select_related("post__topic"):
        if not Hold.objects.open().filter(post=hold.post).exists():
            _open_again(hold)


def _open_again(waiting: Flag | Hold) -> None:
    """In the item that is open for its post now, or else in its own."""
    item = QueueItem.objects.open().filter(post=waiting.post).first() or waiting.item
    place = waiting.post.topic.subforum_id
    closed = QueueItem.objects.filter(pk=item.pk).exclude(closed_at=None)
    closed.update(closed_at=None, closed_by=None, claimed_by=None, claimed_at=None, subforum=place)
    waiting.item, waiting.closed_at, waiting.closed_by, waiting.outcome = item, None, None, ""
    waiting.save(update_fields=["item", "closed_at", "closed_by", "outcome"])
    refresh(item)


def follow_topic(topic_id: int, subforum_id: int) -> None:
    """What waits about a topic's posts is for the moderators of where it stands now; claims elsewhere end."""
    moved = QueueItem.objects.open().filter(post__topic=topic_id).exclude(subforum=subforum_id)
    moved.update(subforum=subforum_id, claimed_by=None, claimed_at=None)
