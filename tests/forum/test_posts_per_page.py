"""Every reader has as many posts on a page as they like, and every address of a post leads each to the right page."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from forum.actions import posts
from forum.models import Post
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_topic
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
POSTS = 55
SIZES = [10, 20, 50]


@pytest.fixture(scope="module")
def topic(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker):
        topic, author = make_topic(), make_user(is_staff=True)  # who is not screened
        for number in range(2, POSTS + 1):
            posts.reply(author, topic, source=f"The post with number {number}.")
        topic.refresh_from_db()
        yield topic


def signed_in(size: int) -> Client:
    client = Client()
    client.force_login(make_user(posts_per_page=size, trust=User.Trust.MEMBER))
    return client


def numbers_on(client, address) -> list[int]:
    return [int(number) for number in re.findall(r'aria-label="Post (\d+) by', client.get(address, follow=True).text)]


def test_pages_are_as_long_as_each_reader_chose(topic):
    readers = {size: signed_in(size) for size in SIZES}

    for _ in range(2):  # the second time from what was kept
        assert numbers_on(Client(), topic.url_of_page(2)) == list(range(21, 41))
        for size, client in readers.items():
            assert numbers_on(client, topic.get_absolute_url()) == list(range(1, size + 1))
            assert numbers_on(client, topic.url_of_page(2)) == list(range(size + 1, min(2 * size, POSTS) + 1))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("number", [1, 10, 11, 20, 21, 50, 51, 55])
def test_the_address_of_a_post_leads_to_the_page_on_which_it_stands(topic, size, number):
    client, post = signed_in(size), topic.posts.get(number=number)

    answer = client.get(post.get_absolute_url())

    page, anchor = answer["Location"].split("#")
    assert f'id="{anchor}"' in client.get(page).text
    assert number in numbers_on(client, page)


@pytest.mark.parametrize("size", SIZES)
def test_the_first_unread_post_too(topic, size):
    client = signed_in(size)
    User.objects.filter(posts_per_page=size).update(joined_at=topic.opened_at)
    client.get(topic.get_absolute_url())

    answer = client.get(f"/topics/{topic.pk}/unread/")

    assert answer["Location"].endswith(f"/2/#p{topic.posts.get(number=size + 1).pk}")


@pytest.mark.parametrize(("size", "page", "shown"), [(10, 6, 55), (20, 3, 41), (20, 6, 55), (50, 3, 41), (50, 6, 55)])
def test_a_page_that_others_have_leads_to_its_posts(topic, size, page, shown):
    """What somebody with shorter pages sent round is never a dead end."""
    assert shown in numbers_on(signed_in(size), topic.url_of_page(page))


@pytest.mark.parametrize("size", SIZES)
def test_a_page_that_nobody_has_is_not_found(topic, size):
    assert signed_in(size).get(topic.url_of_page(7)).status_code == 404


def test_a_visitor_too(client, topic):
    assert 55 in numbers_on(client, topic.url_of_page(6))
    assert client.get(topic.url_of_page(7)).status_code == 404


@pytest.mark.parametrize(("size", "page", "canonical"), [(10, 1, 1), (10, 2, 1), (10, 3, 2), (20, 3, 3), (50, 2, 3)])
def test_the_one_address_of_a_page_is_that_of_visitors(topic, settings, size, page, canonical):
    answer = signed_in(size).get(topic.url_of_page(page))

    assert f'rel="canonical" href="{settings.SITE_URL}{topic.url_of_page(canonical)}"' in answer.text


@pytest.mark.parametrize("size", SIZES)
def test_an_act_by_script_answers_with_its_post(topic, size):
    client, post = signed_in(size), topic.posts.get(number=51)

    answer = client.post(f"/posts/{post.pk}/react/still_true/", headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert f'id="p{post.pk}"' in answer.text


def test_long_pages_cost_no_query_more(topic):
    counts = set()
    for size in SIZES:
        client = signed_in(size)
        for _ in range(2):
            client.get(topic.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(topic.get_absolute_url())
        counts.add(len(queries))

    assert len(counts) == 1


def test_reports_stand_on_their_page(client):
    crossing = make_crossing()
    reports = [make_report(crossing, days_ago=60 - number, author=make_user()) for number in range(30)]
    topic = reports[0].post.topic
    assert Post.objects.filter(topic=topic).count() == 30
    client.force_login(make_user(posts_per_page=50))
    short = signed_in(10)

    line = reports[-1].crossed_on.strftime("%-d %b")
    assert line in client.get(topic.get_absolute_url()).text
    assert line in short.get(topic.url_of_page(3)).text


@pytest.mark.parametrize("size", ["0", "-10", "15", "1000000", "many", ""])
def test_no_other_sizes_are_kept(client, size):
    user = make_user()
    client.force_login(user)

    answer = client.post("/settings/", {"theme": "", "time_zone": "UTC", "posts_per_page": size})

    user.refresh_from_db()
    assert (answer.status_code, user.posts_per_page) == (400, 20)


def test_the_database_keeps_no_other_size():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=make_user().pk).update(posts_per_page=15)
