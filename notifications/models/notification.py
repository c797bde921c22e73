from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from accounts.readers import Reader, ReaderFacts, as_reader, ignored_ids
from forum.models import Answer, Post, Reaction, Topic
from forum.models.subforum import readable_subforums
from moderation.models import ModerationEntry
from notifications.models.letter import Letter

# The group of news of reactions is named by their kind and post: "helpful-12".
OF_REACTIONS = f"^({'|'.join(Reaction.Kind.values)})-"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def readable_by(self, user: ReaderFacts) -> "NotificationQuerySet":
        """The user's notifications that are still true, and still theirs to read; none of members whom they ignore."""
        return self.true_for(as_reader(user)).filter(_is_not_of(ignored_ids(user)))

    def true_for(self, reader: Reader) -> "NotificationQuerySet":
        """Those of posts only while these can be read, of reactions and accepted answers while they stand."""
        readable = _is_readable(reader, "post__") & _is_readable(reader, "rests_on__")
        return self.filter(readable, _still_stands(), user=reader.pk)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


def _is_readable(reader: Reader, path: str) -> Q:
    """A Q that the post at the end of the path can be read by the reader, or that there is none.

    Not `post__in`: joined, only the posts of the notifications at hand are looked at. What is hidden or held is no news
    for those who moderate it, either.
    """
    shown = Q(**{
        f"{path}hidden_at": None, f"{path}held_at": None,
        f"{path}topic__hidden_at": None, f"{path}topic__held_at": None,
    })  # fmt: skip
    return Q(**{path.removesuffix("__"): None}) | shown & readable_subforums(reader, f"{path}topic__subforum__")


def _still_stands() -> Q:
    """A Q that the reaction or the accepted answer that was told was not taken back."""
    kinds = Notification.Kind
    named = Concat("kind", Value("-"), Cast("post", CharField()))
    given = Reaction.objects.filter(post=OuterRef("post"), user=OuterRef("actor")).annotate(named=named)
    accepted = Answer.objects.standing().filter(post=OuterRef("post"))
    of_reactions = Q(kind__in=[kinds.REACTION, kinds.ANSWER]) & Q(group__regex=OF_REACTIONS)
    return (~of_reactions | Exists(given.filter(named=OuterRef("group")))) & (
        ~Q(kind=kinds.ACCEPTED) | Exists(accepted)
    )


def _is_not_of(members: Sequence[int]) -> Q:
    return Q(actor=None) | ~Q(actor__in=members) if members else Q()


class Notification(models.Model):
    """One notification of one member."""

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply in a topic"
        QUOTE = "quote", "Quote of your post"
        MENTION = "mention", "Mention of you"
        ACCEPTED = "accepted", "Your answer accepted"
        ANSWER = "answer", "Your answer confirmed or doubted"
        CHANGED = "changed", "An answer you marked changed"
        REACTION = "reaction", "Reactions to your posts"
        QUESTION = "question", "Question in a country of your badge"
        BADGE = "badge", "Experts' badges"
        TOPIC = "topic", "New topic where you watch"
        REMINDER = "reminder", "Reminder of a bookmark"
        STATUS = "status", "Status of a crossing"
        NOTICE = "notice", "Notice of a crossing"
        REPORT = "report", "Report of a crossing"
        MODERATION = "moderation", "From the moderators"

    # Without an index of its own, since others begin with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # The idempotency key, unique per member.
    key = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    # A path of this site.
    url = models.CharField(max_length=300)
    # The moderator's act that it is about. Its text is composed from the entry whenever it is shown, so that words
    # erased there exist nowhere else (notifications/news/wording.py).
    entry = models.ForeignKey(ModerationEntry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # Who caused it, for members who ignore them; None where no one member did.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    # What it is shown together with, such as "replies-5": "3 new replies in …". Empty for alone.
    group = models.CharField(max_length=60, blank=True, default="")
    # The topic that it is about; it follows its post when that is moved.
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # The post that it is about, if any, and another without which it is none: the report that contradicts an answer.
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    rests_on = models.ForeignKey(
        Post, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # The letter that contains it.
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="news")

    # Set by views and e-mails.
    told: Any

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="the_same_news_is_told_once"),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"), name="news_leads_to_a_page_of_ours"
            ),
        ]
        indexes = [
            models.Index(F("user"), F("id").desc(), name="news_of_a_member"),
            models.Index(F("user"), F("id").desc(), condition=Q(read_at=None), name="unread_news_of_a_member"),
            models.Index(fields=["user", "post"], condition=Q(read_at=None), name="unread_news_of_a_post"),
            models.Index(fields=["rests_on"], condition=Q(rests_on__isnull=False), name="news_that_rests_on_a_post"),
            models.Index(fields=["made_at"], condition=Q(letter=None), name="news_without_a_letter"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_taken_back(self) -> bool:
        """Whether its act was undone."""
        return getattr(self.entry, "undone_by", None) is not None
