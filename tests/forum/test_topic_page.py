"""What a page shows is never older than it may be, and never more than its reader may see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from forum.models import Post
from forum.pages import post_list
from forum.pages.queries import find_topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.processes.test_page_cache import CHANGES, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_shows_at_once_to_members(client, change):
    world = World([])
    client.force_login(make_user())
    for _ in range(2):
        client.get(world.topic.get_absolute_url())

    sign = change(world)

    world.topic.refresh_from_db()
    page = client.get(world.topic.get_absolute_url()).text
    assert (sign.removeprefix("not: ") in page) is not sign.startswith("not: ")


@pytest.mark.parametrize("role", ["author", "answerer", "new", "member", "moderator", "staff", "suspended"])
@pytest.mark.parametrize("locked", [None, timezone.now()])
def test_posts_judged_by_kind_are_judged_as_each_by_itself(role, locked):
    topic = make_topic()
    answerer, moderator = make_user(trust=User.Trust.MEMBER), make_user()
    topic.subforum.moderators.add(moderator)
    for days in (0, 2, 100):
        make_post(topic=topic, author=answerer, written_at=timezone.now() - timedelta(days=days))
        make_post(topic=topic, author=topic.author, written_at=timezone.now() - timedelta(days=days))
        make_post(topic=topic, hidden_at=timezone.now(), hidden_by=moderator)
        make_post(topic=topic, held_at=timezone.now())
    for superior in (moderator, make_user(is_staff=True)):
        make_post(topic=topic, author=superior)
    topic._meta.model.objects.filter(pk=topic.pk).update(locked_at=locked)
    user = {
        "author": topic.author,
        "answerer": answerer,
        "new": make_user(trust=User.Trust.NEW),
        "member": make_user(trust=User.Trust.TRUSTED),
        "moderator": moderator,
        "staff": make_user(is_staff=True),
        "suspended": make_user(suspended_until=timezone.now() + timedelta(days=1)),
    }[role]
    found = find_topic(user, topic.pk)
    rows = post_list.posts_of_page(make_user(is_staff=True), found, 1)

    assert len(rows) == Post.objects.count() == 15
    assert post_list._powers(user, found, rows) == [post_list._may(user, row, found) for row in rows]


@pytest.mark.parametrize("is_checked", [True, pytest.param(False, id="control")])
def test_what_changed_while_it_was_made_is_not_kept_under_its_old_key(client, monkeypatch, is_checked):
    """Renamed while a page is made, and back again: the page in between must not come back."""
    post = make_post(author=make_user(username="true name"))
    path = post.topic.get_absolute_url()
    whole_posts = post_list._whole_posts

    def rename_first(*args):
        User.objects.filter(pk=post.author_id).update(username="for a moment")
        return whole_posts(*args)

    client.force_login(make_user())
    monkeypatch.setattr(post_list, "_whole_posts", rename_first)
    if not is_checked:
        monkeypatch.setattr(post_list, "_is_still", lambda row, post: True)
    between = client.get(path).text
    monkeypatch.undo()
    User.objects.filter(pk=post.author_id).update(username="true name")

    assert "for a moment" in between
    assert ("for a moment" in client.get(path).text) is not is_checked
