"""News for a member: told once, shown and sent only while it may be read."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications.models import Letter, Notification
from notifications.news.tell import tell
from tests.factories import make_user
from tests.forum.test_at_once import at_once

pytestmark = pytest.mark.django_db
NEWS = Notification.Kind.MODERATION


def tell_of(user, key="warning-1", **values):
    return tell(user.pk, NEWS, key, **{"subject": "A word from a moderator", "url": "/rules/"} | values)


def test_told_twice_it_is_one_piece_of_news_and_one_letter():
    user = make_user()

    first, again = tell_of(user), tell_of(user, subject="Other words")

    assert first.pk == again.pk
    assert again.subject == "A word from a moderator"
    assert Letter.objects.count() == 1


def test_another_member_hears_the_same_news_too():
    tell_of(make_user()), tell_of(make_user())

    assert Notification.objects.count() == Letter.objects.count() == 2


def test_news_without_a_letter_sends_none():
    tell_of(make_user(), letter=False)

    assert not Letter.objects.exists()


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:1", ""])
def test_news_leads_to_pages_of_ours_only(url):
    with pytest.raises(IntegrityError), transaction.atomic():
        tell_of(make_user(), url=url)


def test_what_its_cause_takes_back_was_never_told():
    user = make_user()
    with transaction.atomic():
        tell_of(user)
        transaction.set_rollback(True)

    assert not Notification.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.database
def test_told_at_once_by_many_it_is_told_once(transactional_db):
    user = make_user()

    failures = at_once(*[lambda: tell_of(user) for _ in range(8)])

    assert failures == []
    assert Notification.objects.count() == Letter.objects.count() == 1


def test_the_page_of_news_costs_the_same_for_one_and_for_many(client):
    user = make_user()
    client.force_login(user)
    tell_of(user)
    client.get("/notifications/")  # the count of unread topics is kept
    with CaptureQueriesContext(connection) as one:
        client.get("/notifications/")
    for number in range(60):
        tell_of(user, key=f"more-{number}", letter=False)
    client.get("/")  # counts what is unread

    with CaptureQueriesContext(connection) as many:
        page = client.get("/notifications/")

    assert len(many) == len(one)
    assert page.text.count('<li class="new"') == 61


def test_news_is_marked_read_by_opening_it_or_all_at_once_and_nobody_elses(client):
    user, other = make_user(), make_user()
    one, two, foreign = tell_of(user, "1"), tell_of(user, "2"), tell_of(other, "1")
    client.force_login(user)

    opened = client.get(f"/notifications/{one.pk}/")
    after_one = list(Notification.objects.unread().order_by("pk"))
    refused = client.get(f"/notifications/{foreign.pk}/")
    client.post("/notifications/read/", {"until": foreign.pk})

    assert (opened["Location"], refused.status_code) == ("/rules/", 404)
    assert after_one == [two, foreign]
    assert list(Notification.objects.unread()) == [foreign]


def test_a_look_at_the_news_marks_nothing(client):
    user = make_user()
    tell_of(user)
    client.force_login(user)

    client.get("/notifications/"), client.get("/notifications/read/?until=9999")

    assert Notification.objects.unread().count() == 1
