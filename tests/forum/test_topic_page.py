"""What a page shows is never older than it may be, and never more than its reader may see."""

import re
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.template import engines
from django.template.loader import get_template
from django.utils import timezone

from accounts.models import User
from accounts.readers import as_reader
from forum.models import Draft, Post
from forum.pages import post_list
from forum.pages.queries import find_topic
from forum.permissions import PostPermissions, permissions_for
from pagecache import prepared
from pagecache.store import Store
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.processes.test_page_cache import CHANGES, World

pytestmark = pytest.mark.django_db

A_YEAR_AGO = timezone.now() - timedelta(days=365)


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
def test_a_row_and_its_post_have_the_same_permissions(role, locked):
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
    reader = as_reader(user)
    rows = post_list.posts_of_page(reader, find_topic(reader, topic.pk), 1)
    posts = Post.objects.select_related("author", "topic__subforum").in_bulk()

    assert Post.objects.count() == 15
    assert len(rows) == (15 if role in {"moderator", "staff"} else 12)
    assert [row.may for row in rows] == [permissions_for(user, posts[row.pk]) for row in rows]


class MorePermissions(NamedTuple):
    """As PostPermissions, with one that was added later."""

    edit: bool = False
    moderate: bool = False
    shout: bool = False


@pytest.mark.parametrize("is_in_key", [True, pytest.param(False, id="control")])
def test_a_permission_added_later_is_in_the_key_of_the_fragment(client, monkeypatch, is_in_key):
    """Two members who differ by nothing else: the button of one must not come to the other."""
    post, (loud, quiet) = make_post(), (make_user(), make_user())
    monkeypatch.setattr(post_list, "permissions_for", lambda reader, post: MorePermissions(shout=reader.pk == loud.pk))
    template = engines["django"].from_string("<p>{{ post.may.shout|yesno:'Shout,Whisper' }}</p>")
    monkeypatch.setattr(post_list, "get_template", lambda name: template)
    if not is_in_key:
        true_keys = post_list._keys
        monkeypatch.setattr(post_list, "_keys", lambda *args: [(key[0].pk, *key[1:]) for key in true_keys(*args)])

    pages = {}
    for member in (loud, quiet):
        client.force_login(member)
        pages[member] = client.get(post.topic.get_absolute_url()).text

    assert "<p>Shout</p>" in pages[loud]
    assert ("<p>Whisper</p>" in pages[quiet]) is is_in_key


def test_the_template_of_a_post_asks_only_for_what_is_in_the_key():
    """Filters such as `user|can_edit:post` would show a button by what the fragment's key does not know."""
    source = get_template("forum/_post.html").template.source
    asked = set(re.findall(r"post\.may\.(\w+)", source))

    assert not re.search(r"\|\s*(can|has|is|may)_", source)
    assert asked == set(PostPermissions._fields)


def test_members_who_share_a_statement_get_their_own_marks(client):
    """One has read, reacted and begun a reply; the other, who may read the same, has not."""
    topic = make_topic()
    post = make_post(topic=topic)
    path, lists = topic.get_absolute_url(), topic.subforum.get_absolute_url()
    first, second = make_user(joined_at=A_YEAR_AGO), make_user(joined_at=A_YEAR_AGO)
    client.force_login(first)
    client.get(path)
    client.post(f"/posts/{post.pk}/react/helpful/")
    Draft.objects.create(user=first, topic=topic, source="Half a reply.", saved_at=timezone.now())

    pages = {}
    for member in (first, second):
        client.force_login(member)
        pages[member] = [client.get(lists).text, client.get(path).text]

    signs = ["First unread post in", "badge new", 'aria-pressed="true"', "Half a reply."]
    assert [[sign in page for sign in signs] for page in pages[first]] == [[False] * 4, [False, False, True, True]]
    assert [[sign in page for sign in signs] for page in pages[second]] == [
        [True, False, False, False],
        [False, True, False, False],
    ]


def test_a_cached_page_names_the_member_who_asks(client):
    """Scripts keep drafts apart by it."""
    path = make_topic().get_absolute_url()
    members = [make_user(), make_user()]

    pages = []
    for member in members:
        client.force_login(member)
        pages.append(client.get(path).text)

    assert [f'data-member="{member.pk}"' in page for member, page in zip(members, pages, strict=True)] == [True, True]
    client.logout()
    assert "data-member" not in client.get(path).text


def test_statements_shared_by_readers_hold_no_member(client, monkeypatch):
    """Whatever a member's own page is built for is a mark, so no key of theirs can be in a cached statement."""
    made = {}

    class Watched(Store):
        def get_or_make(self, key, make):
            made[key] = super().get_or_make(key, make)
            return made[key]

    monkeypatch.setattr(prepared, "_statements", Watched(max_items=100))
    member = make_user(pk=987_654_321)
    topic = make_post().topic
    client.force_login(member)
    for path in ("/", topic.subforum.get_absolute_url(), topic.get_absolute_url(), "/unanswered/"):
        assert client.get(path).status_code == 200

    assert len(made) > 4
    assert not [key for key, kept in made.items() if member.pk in kept._params or str(member.pk) in repr(key)]


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
