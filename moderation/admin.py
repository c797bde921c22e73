"""Read-only admin: moderators act on their own pages. PostAddress is not here, because each look at one is logged."""

from forum.read_only_admin import register
from moderation.models import (
    Appeal,
    EntryWords,
    Flag,
    Hold,
    ModerationEntry,
    PresetReason,
    QueueItem,
    QueueNote,
    StaffNote,
    Suspension,
    Warning,
    WatchedWord,
)

MEMBER = ("member__username",)

register(ModerationEntry, "verb", "at", "by", "member", "subforum", "rule", search=MEMBER, kinds=("verb",))
register(EntryWords, "entry", "reason", "private_note", "erased_at")
register(
    Flag, "reason", "post", "profile", "by", "at", "outcome", search=("by__username",), kinds=("reason", "outcome")
)
register(Hold, "reason", "post", "words", "at", "outcome", kinds=("reason", "outcome"))
register(QueueItem, "__str__", "member", "subforum", "risk", "opened_at", "closed_at", search=MEMBER)
register(QueueNote, "item", "by", "text", "at")
register(Appeal, "entry", "by", "at", "decided_at", "outcome", kinds=("outcome",))
register(Warning, "member", "points", "rule", "at", "expires_at", "revoked_at", search=MEMBER)
register(Suspension, "member", "begins_at", "ends_at", "lifted_at", search=MEMBER)
register(WatchedWord, "pattern", "act", "subforum", "by", "at", search=("pattern",), kinds=("act",))
register(PresetReason, "label", "subforum", "cause", "by", "at", search=("label",), kinds=("cause",))
register(StaffNote, "member", "by", "text", "at", search=MEMBER)
