from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.readers import ReaderFacts, as_reader
from forum.models import Subforum


class Verb(models.TextChoices):
    """Kinds of acts; the labels are those of the log's filter."""

    PIN = "pin", "Pin"
    UNPIN = "unpin", "Unpin"
    PIN_ACROSS = "pin-across", "Pin across the forum"
    UNPIN_ACROSS = "unpin-across", "Unpin across the forum"
    LOCK = "lock", "Lock"
    UNLOCK = "unlock", "Unlock"
    HIDE_TOPIC = "hide-topic", "Hide topic"
    RESTORE_TOPIC = "restore-topic", "Restore topic"
    HIDE_POST = "hide-post", "Hide post"
    RESTORE_POST = "restore-post", "Restore post"
    APPROVE = "approve", "Approve"
    REJECT = "reject", "Reject"
    MOVE_TOPIC = "move-topic", "Move topic"
    MERGE = "merge", "Merge topics"
    SPLIT = "split", "Split posts off"
    MOVE_POSTS = "move-posts", "Move posts"
    MARK_DUPLICATE = "mark-duplicate", "Mark as duplicate"
    UNMARK_DUPLICATE = "unmark-duplicate", "No duplicate after all"
    RETITLE = "retitle", "Retitle"
    LINK_CROSSINGS = "link-crossings", "Change crossings"
    MARK_UNRELATED = "mark-unrelated", "Mark as unrelated"
    UNMARK_UNRELATED = "unmark-unrelated", "Related after all"
    EDIT = "edit", "Edit"
    DISMISS = "dismiss", "Dismiss flags"
    DISMISS_PROFILE = "dismiss-profile", "Dismiss flags of a profile"
    MARK_OUTDATED = "mark-outdated", "Mark out of date"
    WARN = "warn", "Warn"
    SUSPEND = "suspend", "Suspend"
    LIFT = "lift", "End suspension"
    BAN = "ban", "Ban"
    UNBAN = "unban", "End ban"
    CLEAN_SPAM = "clean-spam", "Clean up spam"
    VOUCH = "vouch", "Vouch for"
    RESET_SECOND_STEP = "reset-second-step", "Take off a second step"
    RENAME_MEMBER = "rename-member", "Rename member"
    WATCH_WORDS = "watch-words", "Watch words"
    CHANGE_WORD = "change-word", "Change a watched word"
    FORGET_WORD = "forget-word", "Watch a word no longer"
    BLOCK_SIGNUPS = "block-signups", "Block sign-ups"
    END_BLOCK = "end-block", "End a block of sign-ups"
    REMOVE_BLOCK = "remove-block", "Remove a block of sign-ups"
    SET_QUESTION = "set-question", "Set the question at sign-up"
    GIVE_BADGE = "give-badge", "Give a badge"
    WITHDRAW_BADGE = "withdraw-badge", "Withdraw a badge"
    REFUSE_BADGE = "refuse-badge", "Refuse a badge"
    CLEAR_PROFILE = "clear-profile", "Clear a text of a profile"
    DECIDE_APPEAL = "decide-appeal", "Decide appeal"
    REMOVE_SUBFORUM = "remove-subforum", "Remove subforum"
    LOOK = "look", "Look at what is private"
    UNDO = "undo", "Undo"


# Acts that set the filters up: about no post and no member, told to nobody and not in the public log.
OF_FILTERS = {
    Verb.WATCH_WORDS, Verb.CHANGE_WORD, Verb.FORGET_WORD, Verb.BLOCK_SIGNUPS, Verb.END_BLOCK, Verb.REMOVE_BLOCK,
    Verb.SET_QUESTION,
}  # fmt: skip


class EntryQuerySet(models.QuerySet["ModerationEntry"]):
    def latest_first(self) -> "EntryQuerySet":
        return self.order_by("-pk")

    def for_moderator(self, user: ReaderFacts) -> "EntryQuerySet":
        """Entries of the subforums that the user moderates, and their own; for administrators all."""
        reader = as_reader(user)
        if not reader.can_write:
            return self.none()
        if reader.is_staff:
            return self
        return self.filter(Q(subforum__in=reader.moderates_ids) | Q(by=reader.pk))

    def undoable(self) -> "EntryQuerySet":
        """Acts that are not undone yet."""
        return self.filter(undone_by=None)


def _named(to: Any, **more: Any) -> Any:
    """A ForeignKey without constraint: deleting the row neither changes the entry nor is prevented by it."""
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+", **more)


class ModerationEntry(models.Model):
    """A log entry: one act of a moderator. Append-only (a trigger refuses updates), so it has ids and no text."""

    Verb = Verb

    verb = models.CharField(max_length=20, choices=Verb.choices)
    at = models.DateTimeField()
    by = _named(settings.AUTH_USER_MODEL, db_index=False)
    subforum = _named("forum.Subforum", db_index=False)
    topic = _named("forum.Topic", db_index=False)
    post = _named("forum.Post", db_index=False)
    member = _named(settings.AUTH_USER_MODEL, db_index=False)
    # The number of a rule of the subforum, or of the whole forum, in this version of the rules.
    rule = models.PositiveSmallIntegerField(null=True)
    is_forum_rule = models.BooleanField(default=False)
    rules_version = models.PositiveIntegerField(null=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="undone_by"
    )

    # The title that the present reader may read, set by moderation/log/visible_titles.py; without it none is shown.
    title_told: str = ""
    # Set by views (moderation/log/wording.py).
    did: str
    effect: str
    rule_said: str
    rule_url: str
    is_standing: bool
    shown_post: int | None
    reason_shown: str
    may_undo: bool
    may_appeal: bool
    asked: Any
    gives_back: bool
    shown_topic: Any
    term: str
    no_reason: str = ""

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "moderation entries"
        indexes = [
            models.Index(F("subforum"), F("id").desc(), name="entries_of_a_subforum"),
            models.Index(F("topic"), F("id").desc(), name="entries_of_a_topic"),
            models.Index(F("post"), F("id").desc(), condition=Q(post__isnull=False), name="entries_of_a_post"),
            models.Index(F("member"), F("id").desc(), name="entries_about_a_member"),
            models.Index(F("by"), F("id").desc(), name="entries_by_a_moderator"),
            # For the filters of the log.
            models.Index(F("verb"), F("id").desc(), name="entries_of_a_verb"),
            models.Index(fields=["at"], name="entries_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def place(self) -> Subforum | None:
        """The subforum of the act; None if there was none, or if it was removed since."""
        try:
            return self.subforum
        except Subforum.DoesNotExist:
            return None


class EntryWords(models.Model):
    """Texts of an entry, and snapshots of the state before and after: may be erased for privacy."""

    entry = models.OneToOneField(ModerationEntry, on_delete=models.PROTECT, related_name="words")
    # Shown to the author.
    reason = models.TextField(blank=True)
    # For moderators alone.
    private_note = models.TextField(blank=True)
    rule_text = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "words of entries"

    def __str__(self) -> str:
        return f"Words of entry {self.entry_id}"
