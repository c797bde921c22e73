from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.readers import ReaderFacts
from forum.models.post import Post

# A reminder of a post that cannot be read on its day is given for so long after it, if the post comes back.
REMINDED_WITHIN = timedelta(days=30)


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    def readable_by(self, user: ReaderFacts) -> "BookmarkQuerySet":
        """The user's bookmarks of posts that they may read now; of others nothing is shown, and nothing is lost."""
        return self.filter(user=user.pk, post__in=Post.objects.visible_to(user).readable())

    def due(self, today: date) -> "BookmarkQuerySet":
        """Those with a reminder for this day, or for one shortly before it, that was not given yet."""
        return self.filter(remind_on__lte=today, remind_on__gt=today - REMINDED_WITHIN, reminded_at=None)


class Bookmark(models.Model):
    """A post that a member wants to find again, with a note for themselves, and a day to be reminded of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookmarks")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="bookmarks")
    note = models.CharField(max_length=300, blank=True)
    bookmarked_at = models.DateTimeField()
    remind_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "user"], name="a_post_is_bookmarked_once"),
            models.CheckConstraint(
                condition=Q(reminded_at=None) | Q(remind_on__isnull=False), name="who_was_reminded_named_a_day"
            ),
        ]
        indexes = [
            models.Index(F("user"), F("id").desc(), name="bookmarks_of_a_member"),
            models.Index(
                fields=["remind_on"], condition=Q(remind_on__isnull=False, reminded_at=None), name="reminders_to_give"
            ),
        ]

    def __str__(self) -> str:
        return f"Bookmark of {self.user_id} on {self.post_id}"

    @property
    def next_reminder(self) -> date | None:
        """The day of the reminder, if it was not given yet."""
        return self.remind_on if self.reminded_at is None else None
