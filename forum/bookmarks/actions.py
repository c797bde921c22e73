"""Bookmarks of one member: made, given a note and a reminder, and removed. All are idempotent."""

from datetime import date

from django.db import transaction
from django.db.models import Case, DateTimeField, F, When
from django.utils import timezone

from accounts.models import User
from forum.models import Bookmark, Post


def bookmark(user: User, post: Post) -> Bookmark:
    """The user's bookmark of a post; a new one has no note and no reminder.

    By one INSERT: `get_or_create` raises IntegrityError where the bookmark is removed between its two looks.
    """
    made = Bookmark(user=user, post=post, bookmarked_at=timezone.now())
    Bookmark.objects.bulk_create([made], ignore_conflicts=True)
    return Bookmark.objects.filter(user=user, post=post).first() or made


@transaction.atomic
def edit_bookmark(user: User, post: Post, *, note: str, remind_on: date | None) -> None:
    """Write the note and the reminder of a bookmark, which is made if there is none. Another day reminds again."""
    bookmark(user, post)
    is_same_day = When(remind_on=remind_on, then=F("reminded_at"))
    Bookmark.objects.filter(user=user, post=post).update(
        note=note, remind_on=remind_on, reminded_at=Case(is_same_day, default=None, output_field=DateTimeField())
    )


def remove_bookmark(user: User, post_id: int) -> None:
    Bookmark.objects.filter(user=user, post=post_id).delete()
