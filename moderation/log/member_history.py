"""The history of a member for moderators: each list bounded, and only from subforums the reader may see."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from forum import markup
from forum.models import Post, Subforum, Topic
from moderation.log import wording
from moderation.log.visible_titles import forget_unreadable
from moderation.models import Flag, ModerationEntry, StaffNote, Warning

SHOWN = 30
LATEST = 10


def of_member(user: User, member: User) -> dict[str, Any]:
    """Context of a moderator's page about a member."""
    now = timezone.now()
    warnings = Warning.objects.filter(member=member)
    told = warnings.filter(_may_look(user, "entry__"))
    theirs = Post.objects.visible_to(user).filter(author=member).select_related("topic__subforum")
    topics = Topic.objects.visible_to(user).filter(author=member, is_running=False).select_related("subforum")
    held = Post.objects.visible_to(user).filter(author=member, hidden_at=None).exclude(held_at=None)
    return {
        "entries": _entries(user, member),
        "warnings": list(told.select_related("entry__by", "entry__words").order_by("-pk")[:SHOWN]),
        "points": warnings.standing(now).points(),
        "flags_by": _outcomes(Flag.objects.filter(by=member)),
        "flags_against": _outcomes(Flag.objects.filter(post__author=member, by__isnull=False)),
        "flagged": list(_flagged(user, member)[:SHOWN]),
        "held": list(held.select_related("topic__subforum").order_by("-written_at")[:SHOWN]),
        "staff_notes": list(StaffNote.objects.filter(member=member).select_related("by").order_by("-pk")[:SHOWN]),
        "topics": list(topics.order_by("-pk")[:LATEST]),
        "posts": _with_excerpts(theirs.order_by("-written_at", "-pk")[:LATEST]),
        "now": now,
    }


def _with_excerpts(posts: QuerySet[Post]) -> list[Post]:
    found = list(posts)
    for post in found:
        post.excerpt = markup.words_of(post.html, 140)
    return found


def entries_about(user: User, member: User) -> QuerySet[ModerationEntry]:
    """Entries about a member and their posts, newest first, that the reader may see."""
    entries = ModerationEntry.objects.filter(_may_look(user), member=member)
    return entries.select_related("by", "topic", "words", "undone_by").latest_first()


def _may_look(user: User, prefix: str = "") -> Q:
    """Condition: acts without a subforum, or in one that the moderator may read."""
    readable = Subforum.objects.visible_to(user).values("pk")
    return Q(**{f"{prefix}subforum": None}) | Q(**{f"{prefix}subforum__in": readable})


def _entries(user: User, member: User) -> list[ModerationEntry]:
    found = list(entries_about(user, member).select_related("subforum", "undoes__topic")[:SHOWN])
    forget_unreadable(user, found)
    for entry in found:
        entry.rule_said, entry.rule_url = wording.rule(entry), wording.rule_url(entry)
        entry.effect = wording.effect(entry)
    return found


def _flagged(user: User, member: User) -> QuerySet[Flag]:
    posts = Post.objects.visible_to(user).filter(author=member).values("pk")
    return Flag.objects.filter(post__in=posts).select_related("by", "post__topic").order_by("-at", "-pk")


def _outcomes(flags: QuerySet[Flag]) -> dict[str, int]:
    """Numbers of open, upheld and dismissed ones."""
    return flags.aggregate(
        open=Count("pk", filter=Q(closed_at=None)),
        upheld=Count("pk", filter=Q(outcome=Flag.Outcome.UPHELD)),
        dismissed=Count("pk", filter=Q(outcome=Flag.Outcome.DISMISSED)),
    )
