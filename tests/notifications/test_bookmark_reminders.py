"""Whoever wanted to be reminded of a post is reminded on the day, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.worker import nightly
from forum.bookmarks import actions
from forum.models import Bookmark, Post
from notifications.bookmark_reminders import remind_all
from notifications.models import Notification
from tests.factories import make_user
from tests.forum.factories import make_post

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


def bookmark(days: int = 0, **fields) -> Bookmark:
    user, post = fields.pop("user", None) or make_user(), fields.pop("post", None) or make_post()
    actions.edit_bookmark(user, post, note="Ask again", remind_on=TODAY + timedelta(days=days))
    return Bookmark.objects.select_related("user", "post__topic").get(user=user, post=post)


def reminders():
    return Notification.objects.filter(kind=Notification.Kind.REMINDER)


def test_the_nightly_clock_reminds_before_it_writes_letters():
    names = [chore.__name__ for chore in nightly.CHORES]

    assert names.index("remind_all") < names.index("write_letters_of_the_night")


def test_a_reminder_is_news_with_ones_note_and_the_way_to_the_post(client):
    found = bookmark()

    for _ in range(2):
        remind_all()

    news = reminders().get()
    assert (news.user, news.post, news.words, news.url) == (
        found.user,
        found.post,
        "Ask again",
        f"/posts/{found.post_id}/",
    )
    client.force_login(found.user)
    assert f"You wanted to be reminded of “{found.post.topic.title}”" in client.get("/notifications/").text
    assert "You were reminded on" in client.get("/bookmarks/").text


@pytest.mark.parametrize(("days", "reminded"), [(1, 0), (0, 1), (-1, 1), (-29, 1), (-30, 0)])
def test_on_its_day_or_shortly_after_when_the_clock_stood_still(days, reminded):
    bookmark(days)

    remind_all()

    assert reminders().count() == reminded


def test_another_day_reminds_another_time():
    found = bookmark(-1)
    remind_all()

    actions.edit_bookmark(found.user, found.post, note="", remind_on=TODAY)
    remind_all()

    assert reminders().count() == 2


def test_what_was_removed_reminds_of_nothing():
    found = bookmark()
    actions.remove_bookmark(found.user, found.post_id)

    remind_all()

    assert not reminders().exists()


@pytest.mark.parametrize("how", ["hidden_at", "held_at"])
def test_what_may_not_be_read_waits_until_it_may(how):
    found = bookmark()
    Post.objects.filter(pk=found.post_id).update(**{how: timezone.now()})
    remind_all()
    assert not reminders().exists()

    Post.objects.filter(pk=found.post_id).update(**{how: None})
    remind_all()

    assert reminders().count() == 1


def test_a_reminder_is_not_shown_when_its_post_was_hidden_since(client):
    found = bookmark()
    remind_all()
    Post.objects.filter(pk=found.post_id).update(hidden_at=timezone.now())
    client.force_login(found.user)

    assert found.post.topic.title not in client.get("/notifications/").text
