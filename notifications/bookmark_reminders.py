"""Reminders of bookmarks: given in the night in which their day begins in UTC."""

from django.db import transaction
from django.utils import timezone

from forum.models import Bookmark, Post
from notifications.models import Notification
from notifications.news.tell import Cause, tell_all


def remind_all() -> None:
    """Notify members of the bookmarks that they wanted to be reminded of. Called nightly (config/worker/nightly.py)."""
    for pk in list(Bookmark.objects.due(timezone.now().date()).order_by("pk").values_list("pk", flat=True)):
        _remind(pk)


@transaction.atomic
def _remind(pk: int) -> None:
    """Give one reminder, once. While the member may not read the post, it waits (Bookmark.objects.due)."""
    bookmarks = Bookmark.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "post__topic")
    bookmark = bookmarks.filter(pk=pk, reminded_at=None, remind_on__lte=timezone.now().date()).first()
    if bookmark is None or not Post.objects.visible_to(bookmark.user).readable().filter(pk=bookmark.post_id).exists():
        return
    cause = Cause(
        Notification.Kind.REMINDER,
        f"reminder-{bookmark.pk}-{bookmark.remind_on}",
        bookmark.post.get_absolute_url(),
        words=bookmark.note,
        post=bookmark.post,
    )
    tell_all([bookmark.user_id], cause)
    bookmark.reminded_at = timezone.now()
    bookmark.save(update_fields=["reminded_at"])
