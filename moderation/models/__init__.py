from moderation.models.address import PostAddress
from moderation.models.appeal import Appeal
from moderation.models.entry import EntryWords, ModerationEntry, Verb
from moderation.models.flag import Flag
from moderation.models.hold import Hold
from moderation.models.note import StaffNote
from moderation.models.preset_reason import PresetReason
from moderation.models.queue_item import QueueItem, QueueNote
from moderation.models.suspension import Suspension
from moderation.models.warning import Warning
from moderation.models.watched_word import ApprovedText, WatchedWord

__all__ = [
    "Appeal",
    "ApprovedText",
    "EntryWords",
    "Flag",
    "Hold",
    "ModerationEntry",
    "PostAddress",
    "PresetReason",
    "QueueItem",
    "QueueNote",
    "StaffNote",
    "Suspension",
    "Verb",
    "Warning",
    "WatchedWord",
]
