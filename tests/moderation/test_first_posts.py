"""A subforum may let first posts wait, and says so before they are sent."""

import pytest

from accounts.models import User
from accounts.readers import VISITOR, as_reader
from forum.actions import edits
from forum.models import Post
from moderation.actions import post_acts
from moderation.filters.holds import will_wait
from moderation.models import Hold
from tests.accounts.signin.steps import prove
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_moderator

pytestmark = pytest.mark.django_db
TOLD = "A moderator reads first posts here"


def write(author, subforum, source="The arch opened at nine."):
    """A reply in a topic of somebody else."""
    topic = make_topic(subforum=subforum, author=make_moderator(subforum))
    return Post.objects.select_related("topic__subforum", "author").get(
        pk=make_post(topic=topic, author=author, source=source).pk
    )


@pytest.mark.parametrize(
    ("switch", "trust", "waits"),
    [
        ("", User.Trust.NEW, False),
        ("new", User.Trust.NEW, True),
        ("new", User.Trust.MEMBER, False),
        ("new", User.Trust.TRUSTED, False),
        ("all", User.Trust.NEW, True),
        ("all", User.Trust.MEMBER, True),
        ("all", User.Trust.TRUSTED, True),
    ],
)
def test_harmless_first_posts_wait_where_the_switch_says_so(switch, trust, waits):
    subforum, author = make_subforum(first_posts=switch), make_user(trust=trust)

    assert will_wait(as_reader(author), subforum) == waits
    post = write(author, subforum)

    assert (post.held_at is not None) == waits
    assert [hold.reason for hold in Hold.objects.filter(post=post)] == ["first-here"] * waits


@pytest.mark.parametrize(("switch", "trust", "times"), [("new", 0, 3), ("all", 0, 3), ("all", 1, 1)])
def test_later_posts_wait_no_more(switch, trust, times):
    subforum, author = make_subforum(first_posts=switch), make_user(trust=trust)
    moderator = make_moderator(subforum)

    for number in range(times):
        post = write(author, subforum, f"The arch opened at {number}.")
        assert post.held_at is not None
        post_acts.approve(moderator, post, WHY)

    assert not will_wait(author, subforum)
    assert write(author, subforum, "And closed at six.").held_at is None


def test_what_was_rejected_is_no_first_post():
    subforum, author = make_subforum(first_posts="all"), make_user(trust=1)
    post_acts.reject(make_moderator(subforum), write(author, subforum), WHY)

    assert write(author, subforum, "Once more, otherwise.").held_at is not None


def test_first_posts_elsewhere_do_not_count_here():
    author, here, there = make_user(trust=1), make_subforum(first_posts="all"), make_subforum()
    write(author, there)

    assert will_wait(author, here)
    assert not will_wait(author, there)


def test_moderators_of_the_place_and_administrators_never_wait():
    subforum = make_subforum(first_posts="all")

    for author in (make_moderator(subforum), make_admin()):
        assert not will_wait(author, subforum)
        assert write(author, subforum, f"By {author.username}.").held_at is None
    assert will_wait(make_moderator(make_subforum()), subforum)
    assert not will_wait(VISITOR, subforum)


def test_an_approved_first_post_can_be_changed_by_its_author():
    subforum, author = make_subforum(first_posts="new"), make_user()
    post = write(author, subforum)
    post_acts.approve(make_moderator(subforum), post, WHY)

    edits.edit_post(author, Post.objects.get(pk=post.pk), source="The arch opened at ten.", based_on=0)

    post.refresh_from_db()
    assert (post.source, post.held_at) == ("The arch opened at ten.", None)


@pytest.mark.parametrize("page", ["/forums/{slug}/new/", "/topics/{pk}/reply/", "{topic}"])
def test_the_writer_is_told_before_sending_and_others_are_not(client, page):
    subforum = make_subforum(first_posts="new")
    topic = make_topic(subforum=subforum, author=make_moderator(subforum))
    path = page.format(slug=subforum.slug, pk=topic.pk, topic=topic.get_absolute_url())

    client.force_login(make_user())
    told = client.get(path).content.decode()
    client.force_login(make_user(trust=1))
    not_told = client.get(path).content.decode()

    assert told.count(TOLD) == 1
    assert TOLD not in not_told
    client.logout()
    assert TOLD not in client.get(path).content.decode()


def test_who_reports_a_crossing_is_told_as_well(client):
    crossing = make_crossing()
    subforum = make_report(crossing).post.topic.subforum
    type(subforum).objects.filter(pk=subforum.pk).update(first_posts="all")

    client.force_login(make_user(trust=1))

    assert TOLD in client.get(f"/crossings/{crossing.slug}/report/").content.decode()


def test_a_place_without_the_switch_costs_no_query(django_assert_num_queries):
    subforum, author = make_subforum(), as_reader(make_user())

    with django_assert_num_queries(0):
        assert not will_wait(author, subforum)


def test_only_administrators_set_the_switch(client):
    subforum = make_subforum()
    values = {
        "section": subforum.section_id, "name": "Visas", "slug": subforum.slug, "icon": "msg", "position": 1,
        "access": "open", "first_posts": "all",
    }  # fmt: skip
    path = f"/staff/subforums/{subforum.slug}/"

    client.force_login(make_moderator(subforum))
    assert client.post(path, values).status_code == 403
    client.force_login(make_admin())
    prove(client)
    assert client.post(path, values | {"first_posts": "some"}).status_code == 400
    assert client.post(path, values).status_code == 302

    subforum.refresh_from_db()
    assert subforum.first_posts == "all"
