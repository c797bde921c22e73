"""Context for deciding on an item: the author's history, and similar posts."""

from dataclasses import dataclass, field

from django.db.models import FETCH_RAISE
from django.utils import timezone

from accounts.models import User
from crossings.similar import ranking
from crossings.similar.ranking import Suggestion
from forum import markup
from forum.models import Post
from moderation.filters.holds import same_texts
from moderation.log import wording
from moderation.log.member_history import entries_about, notes_about
from moderation.log.visible_titles import forget_unreadable
from moderation.models import Flag, Hold, ModerationEntry, StaffNote, Warning
from moderation.permissions import can_judge_post, can_read_record

SHOWN = 5


@dataclass
class History:
    """A member's history, as far as this moderator may see it."""

    member: User
    warnings: int
    points: int
    flags_against: int
    flaggers: int
    flags_upheld: int
    held: int
    hidden: int
    entries: list[ModerationEntry]
    notes: list[StaffNote]
    latest: list[Post]
    copies: list[Post] = field(default_factory=list)
    similar: list[Suggestion] = field(default_factory=list)
    # The post whose IP address this moderator may look at.
    address_of: Post | None = None


def history_of(user: User, member: User, post: Post | None = None) -> History:
    """A fixed number of queries. Other posts are only those that the moderator may read."""
    flags = Flag.objects.against(member)
    visible = Post.objects.visible_to(user).filter(author=member)
    warnings = Warning.objects.filter(member=member)
    found = History(
        member=member,
        warnings=warnings.count(),
        points=warnings.standing(timezone.now()).points(),
        flags_against=flags.count(),
        flaggers=flags.exclude(by=None).values("by").distinct().count(),
        flags_upheld=flags.filter(outcome=Flag.Outcome.UPHELD).count(),
        held=Hold.objects.filter(post__author=member).count(),
        hidden=visible.exclude(hidden_at=None).exclude(hidden_by=member).count(),
        entries=_entries(user, member),
        notes=list(notes_about(user, member)[:SHOWN]) if can_read_record(user, member) else [],
        latest=_latest(visible, post),
    )
    if post is not None:
        found.address_of = post if can_judge_post(user, post) else None
        found.copies = _latest(Post.objects.visible_to(user).filter(pk__in=same_texts(post.source, post.pk)), post)
        if post.is_opening_post:
            found.similar = ranking.like_topic(post.topic, post.source, user=user, limit=SHOWN)
    return found


def _entries(user: User, member: User) -> list[ModerationEntry]:
    """Entries that the moderator may see."""
    entries = entries_about(user, member).exclude(verb__in=["look", "dismiss"])
    found = list(entries.select_related("by", "member", "topic", "undoes__member", "undoes__topic")[:SHOWN])
    forget_unreadable(user, found)
    for entry in found:
        entry.did = wording.did(entry)
    return found


def _latest(posts, but: Post | None) -> list[Post]:
    if but is not None:
        posts = posts.exclude(pk=but.pk)
    found = list(posts.select_related("topic", "author").order_by("-written_at", "-pk").fetch_mode(FETCH_RAISE)[:SHOWN])
    for post in found:
        post.excerpt = markup.words_of(post.html, 140)
    return found
