"""What one may not read is in no list about a member, no list of the latest, no feed of news and no calendar.

A table: each way in which a thing becomes unreadable, times each place where it stood before.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import ignore
from accounts.models import User
from crossings.status.update import today
from forum.actions import answers, reactions, subforums, topics
from forum.models import Post, Topic
from notifications.feeds import secret_addresses
from notifications.models import Notification, PrivateFeed
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db
SECRET = "Xylophone"
LISTS = ["", "posts/", "topics/", "answers/", "reactions/", "reports/"]
STAFF = {"is_staff": True, "is_superuser": True}


class World:
    """A member who wrote one of everything, with the secret in each title or text; and a reader who heard of it."""

    def __init__(self):
        self.place = make_subforum()
        self.author = make_user(username="keeper", trust=User.Trust.TRUSTED)
        self.reader = make_user(username="reader", trust=User.Trust.TRUSTED)
        self.topic = make_topic(author=self.author, title=f"{SECRET} in the hall", subforum=self.place)
        self.answer = make_post(author=self.author, topic=make_topic(title=f"{SECRET}s?", subforum=self.place))
        answers.accept_answer(self.answer.topic.author, self.answer)
        reactions.react(self.reader, self.answer, "helpful")
        self.report = make_report(make_crossing(name="Torugart"), author=self.author, source=f"{SECRET} at the gate")
        self.posts = [self.topic.opening_post, self.answer, self.report.post]
        for number, post in enumerate(self.posts):
            about = {"subject": f"{SECRET} {number}", "url": post.get_absolute_url(), "post": post}
            kind, at = Notification.Kind.REPLY, timezone.now()
            Notification.objects.create(
                user=self.reader, actor=self.author, kind=kind, key=f"{number}", topic=post.topic, made_at=at, **about
            )

    @property
    def topics(self):
        return Topic.objects.filter(pk__in=[post.topic_id for post in self.posts])


def hide_posts(world):
    Post.objects.filter(pk__in=[post.pk for post in world.posts]).update(hidden_at=timezone.now())
    world.topics.exclude(pk=world.report.post.topic_id).update(hidden_at=timezone.now())


def hold_posts(world):
    Post.objects.filter(pk__in=[post.pk for post in world.posts]).update(held_at=timezone.now())
    world.topics.exclude(pk=world.report.post.topic_id).update(held_at=timezone.now())


def hide_topics(world):
    world.topics.update(hidden_at=timezone.now())


def close_subforums(world):
    for place in {topic.subforum for topic in world.topics.select_related("subforum")}:
        subforums.change_access(place, "staff")


def move_topics(world):
    staff, room = make_user(**STAFF), make_subforum(access="staff")
    for topic in world.topics.select_related("subforum"):
        topics.move_topic(staff, topic, room)


HIDDEN = [hide_posts, hold_posts, hide_topics, close_subforums, move_topics]


def news_of(reader):
    return Client().get(_path(reader, PrivateFeed.Kind.NEWS))


def dates_of(reader):
    return Client().get(_path(reader, PrivateFeed.Kind.DATES))


def _path(reader, kind):
    return re.sub("^https?://[^/]+", "", secret_addresses.make_address(reader, kind))


def places(client, reader):
    """The text of every place, by its name. Reactions given are the reader's own, who reacted to the secret."""
    paths = [*(f"/members/keeper/{page}" for page in LISTS), "/members/reader/reactions/given/"]
    paths += ["/latest/", "/latest/posts/", "/latest/posts/?country=KG"]
    pages = {path: client.get(path).text for path in paths}
    return pages | {"feed": news_of(reader).text}


def found_in(texts):
    return [place for place, text in texts.items() if SECRET in text]


def test_control_before_it_stands_in_every_place(client):
    world = World()

    assert len(found_in(places(client, world.reader))) == len(LISTS) + 5


@pytest.mark.parametrize("who", ["visitor", "reader"])
@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_what_became_unreadable_stands_nowhere(client, hide, who):
    world = World()
    if who == "reader":
        client.force_login(world.reader)

    hide(world)

    assert found_in(places(client, world.reader)) == []


def test_news_of_one_whom_the_reader_ignores_are_not_in_the_feed(client):
    world = World()

    ignore(world.reader, world.author)

    client.force_login(world.reader)
    found = found_in(places(client, world.reader))
    assert "feed" not in found
    assert f"{SECRET} at the gate" not in client.get("/latest/posts/").text


@pytest.mark.parametrize(
    "state",
    [{"suspended_until": timezone.now() + timedelta(days=900)}, {"banned_at": timezone.now()}, {"is_active": False}],
)
def test_a_reader_who_may_not_sign_in_or_write_has_neither_feed_nor_calendar(state):
    reader = World().reader
    paths = [_path(reader, kind) for kind in PrivateFeed.Kind]

    User.objects.filter(pk=reader.pk).update(**state)

    assert [Client().get(path).status_code for path in paths] == [404, 404]


def test_the_lists_of_an_author_who_was_erased_are_gone(client):
    world = World()

    User.objects.filter(pk=world.author.pk).update(is_active=False)

    assert {client.get(f"/members/keeper/{page}").status_code for page in LISTS} == {404}


def test_a_suspended_author_still_has_them(client):
    world = World()

    User.objects.filter(pk=world.author.pk).update(suspended_until=timezone.now() + timedelta(days=3))

    assert {client.get(f"/members/keeper/{page}").status_code for page in LISTS} == {200}


def test_the_calendar_has_nothing_of_posts_and_nothing_of_others(client):
    world = World()
    crossing = world.report.crossing
    watch(world.author, crossing, travel_on=today() + timedelta(days=5))
    make_notice(crossing, begins=2, ends=3, text=f"Closed, {SECRET}")

    assert SECRET not in dates_of(world.reader).text
    assert SECRET in dates_of(world.author).text
    assert "At Torugart" not in dates_of(world.reader).text


def test_moderators_read_what_is_hidden_only_where_they_moderate(client):
    """Lists hold what counts: not even moderators find hidden posts there, which are on their own pages."""
    world = World()
    hide_posts(world)
    moderator = make_user()
    world.place.moderators.add(moderator)
    client.force_login(moderator)

    assert found_in(places(client, world.reader)) == []
