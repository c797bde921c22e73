"""Who was thanked this week: as the worker counted, and where none is at work, as the page counts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from forum.actions import reactions
from forum.counters import thanks_of_the_week
from forum.models import Post, Reaction, WeeklyThanks
from pagecache import store
from tests.factories import make_user
from tests.forum.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bakyt():
    """A member who was thanked twice."""
    post = make_post(author=make_user(username="bakyt"))
    thank(post), thank(post)
    return post.author


def thank(post):
    reactions.react(make_user(), post, Reaction.Kind.HELPFUL)


def shown(client):
    """The names and numbers on the index."""
    store.clear_all()
    return re.findall(r"<bdi>([^<]+)</bdi></a>\s*<small>Helpful (\d+) time", client.get("/").text)


def test_without_a_worker_the_index_counts(client):
    assert shown(client) == [("bakyt", "2")]
    assert "until <time" not in client.get("/").text


def test_the_index_shows_what_the_worker_counted_and_until_when(client, bakyt):
    thanks_of_the_week.keep()
    thank(make_post(author=bakyt))

    assert shown(client) == [("bakyt", "2")]
    counted_at = WeeklyThanks.objects.get().counted_at
    assert (
        f'until <time datetime="{timezone.localtime(counted_at).isoformat(timespec="minutes")}"' in client.get("/").text
    )


def test_counting_again_takes_the_place_of_what_was_counted(client, bakyt):
    thanks_of_the_week.keep()
    thank(make_post(author=bakyt))
    thanks_of_the_week.keep()

    assert WeeklyThanks.objects.count() == 1
    assert shown(client) == [("bakyt", "3")]


def test_what_was_counted_long_ago_is_not_shown(client, bakyt):
    thanks_of_the_week.keep()
    WeeklyThanks.objects.update(counted_at=timezone.now() - thanks_of_the_week.HOLDS - timedelta(minutes=1))
    thank(make_post(author=bakyt))

    assert shown(client) == [("bakyt", "3")]


def test_nobody_was_thanked_is_an_answer_too(client):
    Reaction.objects.all().delete()
    thanks_of_the_week.keep()
    thank(make_post())

    assert shown(client) == []


def test_thanks_of_last_week_and_for_hidden_posts_do_not_count(client, bakyt):
    old, hidden = make_post(author=make_user(username="old")), make_post(author=make_user(username="hidden"))
    thank(old), thank(hidden)
    Reaction.objects.filter(post=old).update(given_at=timezone.now() - timedelta(days=8))
    Post.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())

    assert thanks_of_the_week.count().by_member == {bakyt.pk: 2}


def test_a_member_who_is_gone_is_left_out(client):
    thanks_of_the_week.keep()
    WeeklyThanks.objects.update(counts=[[2_000_000_000, 5], *WeeklyThanks.objects.get().counts])

    assert shown(client) == [("bakyt", "2")]
