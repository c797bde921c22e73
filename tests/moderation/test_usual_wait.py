"""Who writes a first post reads before sending it that it will wait, and for how long posts mostly do."""

from datetime import timedelta

import pytest

from accounts.models import User
from forum.models import Subforum
from moderation.models import Hold
from moderation.queue import usual_wait
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, now

pytestmark = pytest.mark.django_db
LINKS = "A link or contact details in a first post wait for a moderator"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "under an hour"), (59, "under an hour"), (60, "under 2 hours"), (90, "under 2 hours"),
    (23 * 60, "under 24 hours"),
     (24 * 60, "under 2 days"), (50 * 60, "under 3 days")],
)  # fmt: skip
def test_a_wait_is_told_by_its_next_hour_or_day(minutes, words):
    assert usual_wait.words_of(timedelta(minutes=minutes)) == words


def closed_hold(hours):
    item = make_post(author=make_user(), source="Call me: +996 555 123 456").holds.get().item
    at = now() - timedelta(days=1)
    Hold.objects.filter(item=item).update(
        at=at, closed_at=at + timedelta(hours=hours), closed_by=make_user(is_staff=True)
    )


def test_the_usual_wait_is_the_median_of_what_moderators_closed():
    for hours in (0.5, 1.5, 20):
        closed_hold(hours)

    assert usual_wait.in_words() == "under 2 hours"


def test_it_is_looked_up_once(django_assert_num_queries):
    usual_wait.in_words()

    with django_assert_num_queries(0):
        assert usual_wait.in_words() == ""


def test_without_any_it_says_nothing():
    assert usual_wait.in_words() == ""


def test_a_beginner_is_told_before_writing_and_others_are_not(client):
    subforum = make_subforum()
    client.force_login(make_user(trust=User.Trust.NEW))
    assert LINKS in client.get(f"/forums/{subforum.slug}/new/").text

    client.force_login(make_user(trust=User.Trust.MEMBER))
    assert LINKS not in client.get(f"/forums/{subforum.slug}/new/").text


def test_where_first_posts_wait_the_usual_time_is_told(client):
    closed_hold(1.5)
    subforum = make_subforum()
    Subforum.objects.update(first_posts=Subforum.FirstPosts.NEW)
    client.force_login(make_user(trust=User.Trust.NEW))

    page = client.get(f"/forums/{subforum.slug}/new/").text

    assert "yours will wait a little, mostly under 2 hours" in page
