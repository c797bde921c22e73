"""The record of a member, as far as a moderator reads it (docs/moderation.md): each list is bounded.

Of the subforums that they moderate, and of their own acts: flags, reasons and notes. Of elsewhere: how many.
"""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.readers import as_reader
from forum import markup
from forum.models import Post, Subforum, Topic
from moderation.log import grounds, wording
from moderation.log.visible_titles import forget_unreadable
from moderation.models import Flag, ModerationEntry, StaffNote, Verb, Warning

SHOWN = 30
LATEST = 10
# Of acts elsewhere these are counted: what was judged, and what restricts the member.
COUNTED = [
    Verb.HIDE_TOPIC, Verb.HIDE_POST, Verb.REJECT, Verb.EDIT, Verb.WARN, Verb.SUSPEND, Verb.BAN, Verb.CLEAN_SPAM,
]  # fmt: skip


def of_member(user: User, member: User) -> dict[str, Any]:
    """Context of a moderator's page about a member."""
    now = timezone.now()
    warnings = Warning.objects.filter(member=member)
    told = warnings.filter(entry__in=ModerationEntry.objects.filter(member=member).for_moderator(user))
    theirs = Post.objects.visible_to(user).filter(author=member).select_related("topic__subforum")
    topics = Topic.objects.visible_to(user).filter(author=member, is_running=False).select_related("subforum")
    held = Post.objects.visible_to(user).filter(author=member, hidden_at=None).exclude(held_at=None)
    return {
        "entries": _entries(user, member),
        "elsewhere": acts_elsewhere(user, member),
        "warnings": list(told.select_related("entry__by", "entry__words").order_by("-pk")[:SHOWN]),
        "points": warnings.standing(now).points(),
        "flags_by": _outcomes(Flag.objects.filter(by=member)),
        "flags_against": _outcomes(Flag.objects.against(member).filter(by__isnull=False)),
        "flagged": list(_flagged(user, member)[:SHOWN]),
        "held": list(held.select_related("topic__subforum").order_by("-written_at")[:SHOWN]),
        "staff_notes": list(notes_about(user, member)[:SHOWN]),
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
    """Entries about a member in the subforums that the user moderates, and by the user; newest first."""
    entries = ModerationEntry.objects.filter(member=member).for_moderator(user)
    return entries.select_related("by", "topic", "words", "undone_by").latest_first()


def acts_elsewhere(user: User, member: User) -> list[tuple[str, int]]:
    """Labels and numbers of the standing acts on a member that `entries_about` leaves out."""
    own = ModerationEntry.objects.for_moderator(user).values("pk")
    others = ModerationEntry.objects.undoable().filter(member=member, verb__in=COUNTED).exclude(pk__in=own)
    rows = others.order_by("verb").values_list("verb").annotate(Count("pk"))
    return [(Verb(verb).label, count) for verb, count in rows]


def notes_about(user: User, member: User) -> QuerySet[StaffNote]:
    """Notes for the moderators of the user's subforums, the user's own, and those of administrators for all."""
    reader, notes = as_reader(user), StaffNote.objects.filter(member=member)
    if not reader.is_staff:
        of_all = Q(subforum=None, by__is_staff=True)
        notes = notes.filter(Q(subforum__in=reader.moderates_ids) | Q(by=reader.pk) | of_all)
    return notes.select_related("by").order_by("-pk")


def _entries(user: User, member: User) -> list[ModerationEntry]:
    found = list(entries_about(user, member).select_related("subforum", "undoes__topic")[:SHOWN])
    forget_unreadable(user, found)
    for entry in found:
        entry.rule_said, entry.rule_url = grounds.rule_or_none_given(entry), grounds.rule_url(entry)
        entry.effect = wording.effect(entry)
    return found


def _flagged(user: User, member: User) -> QuerySet[Flag]:
    places = Subforum.objects.moderated_by(user).values("pk")
    flags = Flag.objects.filter(post__author=member, post__topic__subforum__in=places)
    return flags.select_related("by", "post__topic").order_by("-at", "-pk")


def _outcomes(flags: QuerySet[Flag]) -> dict[str, int]:
    """Numbers of open, upheld and dismissed ones."""
    return flags.aggregate(
        open=Count("pk", filter=Q(closed_at=None)),
        upheld=Count("pk", filter=Q(outcome=Flag.Outcome.UPHELD)),
        dismissed=Count("pk", filter=Q(outcome=Flag.Outcome.DISMISSED)),
    )
