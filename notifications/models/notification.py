from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from forum.models import Post, Topic
from moderation.models import ModerationEntry
from notifications.models.letter import Letter


class NotificationQuerySet(models.QuerySet["Notification"]):
    def readable_by(self, user: User) -> "NotificationQuerySet":
        """The user's notifications; those of a post only while the user may read it."""
        posts = Post.objects.visible_to(user).readable()
        return self.filter(Q(post=None) | Q(post__in=posts), user=user)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


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
        TOPIC = "topic", "New topic where you watch"
        REMINDER = "reminder", "Reminder of a bookmark"
        STATUS = "status", "Status of a crossing"
        NOTICE = "notice", "Notice of a crossing"
        REPORT = "report", "Report of a crossing"
        MODERATION = "moderation", "From the moderators"

        @classmethod
        def of_watches(cls) -> list["Notification.Kind"]:
            """The kinds that the daily letter collects."""
            return [cls.STATUS, cls.NOTICE, cls.REPORT]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
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
    # What it is shown together with, such as "topic-5": "3 new replies in ...". Empty for alone.
    group = models.CharField(max_length=60, blank=True, default="")
    # The topic that it is about; it follows its post when that is moved.
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # The post that it is about, if any.
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
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
            models.Index(fields=["made_at"], condition=Q(letter=None), name="news_without_a_letter"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_taken_back(self) -> bool:
        """Whether its act was undone."""
        return getattr(self.entry, "undone_by", None) is not None
