"""News for a member: told once, shown and sent only while it may be read."""

import re
from datetime import timedelta
from email.policy import SMTP

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.management.commands import worker
from forum.models import Post
from notifications.letters import delivery
from notifications.models import Letter, Notification, UnwantedLetter
from notifications.news.tell import tell
from tests.factories import make_user
from tests.forum.factories import make_post
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
    assert Letter.objects.count() == DBTaskResult.objects.filter(task_path__endswith="send_letter").count() == 1


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
    assert not DBTaskResult.objects.exists()


def test_the_letter_says_what_happened_under_our_address_alone(settings):
    settings.SITE_URL = "https://forum.example.org"
    user = make_user(username="kopek", email="kopek@example.org")
    news = tell_of(user, subject="A word\r\nBcc: all@example.org", words="Please <b>be</b> kind.")

    delivery.send(news.letter_id)

    letter = mail.outbox[0]
    html = letter.alternatives[0].content
    assert letter.to == ["kopek@example.org"]
    assert letter.subject == "A word Bcc: all@example.org"
    assert "Please <b>be</b> kind.\n" in letter.body
    assert "https://forum.example.org/rules/" in letter.body
    assert "Please &lt;b&gt;be&lt;/b&gt; kind." in html
    assert set(re.findall(r"https?://[^/\s\"<>]+", letter.body + html)) == {"https://forum.example.org"}
    assert letter.extra_headers["Message-ID"] == f"<letter-{news.letter_id}@forum.example.org>"


def test_mail_programs_find_the_address_that_ends_letters_in_the_header(settings):
    settings.SITE_URL = "https://a-rather-long-name.forum.example.org"
    delivery.send(tell_of(make_user(), words="ж" * 2000).letter_id)

    raw = mail.outbox[0].message(policy=SMTP).as_bytes()

    header = re.search(rb"^List-Unsubscribe: <(.+)>\r$", raw, re.MULTILINE)
    assert header
    assert header[1].decode() in mail.outbox[0].body
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_the_worker_sends_it_and_not_twice(transactional_db, monkeypatch):
    monkeypatch.setattr(worker.Worker, "configure_signals", lambda self: None)
    news = tell_of(make_user())

    call_command("worker", "--once")
    DBTaskResult.objects.update(status="READY")
    call_command("worker", "--once")

    assert len(mail.outbox) == 1
    assert Letter.objects.get(pk=news.letter_id).sent_at is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"email_confirmed_at": None},
        {"is_active": False},
        {"suspended_until": timezone.now() + timedelta(days=1)},
    ],
    ids=["unconfirmed", "away", "suspended"],
)
def test_some_members_get_no_letters(fields):
    news = tell_of(make_user(**fields))

    delivery.send(news.letter_id)

    assert mail.outbox == []
    assert Letter.objects.get().dropped_at is not None


def test_news_of_a_post_that_is_hidden_meanwhile_is_neither_sent_nor_shown(client):
    user, post = make_user(), make_post()
    news = tell_of(user, subject="Secret of the post", post=post)
    Post.objects.filter(pk=post.pk).update(hidden_at=timezone.now(), hidden_by=post.author)
    client.force_login(user)

    delivery.send(news.letter_id)

    assert mail.outbox == []
    assert "Secret of the post" not in client.get("/notifications/").text


def test_a_letter_that_the_mail_server_refuses_is_tried_again_and_then_given_up(monkeypatch):
    letter = tell_of(make_user()).letter
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)

    pauses = [delivery.send(letter.pk) is not None for _ in range(6)]

    letter.refresh_from_db()
    assert pauses == [True, True, True, True, False, False]
    assert letter.beginnings_count == 5
    assert letter.dropped_at is not None
    assert "421" in letter.problem


def refuse(message, **kwargs):
    raise OSError("421 Try again later")


def test_a_letter_that_failed_is_sent_later(monkeypatch):
    letter = tell_of(make_user()).letter
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        delivery.send(letter.pk)

    delivery.send(letter.pk)
    delivery.send(letter.pk)

    letter.refresh_from_db()
    assert len(mail.outbox) == 1
    assert (letter.sent_at is not None, letter.problem) == (True, "")


def test_a_letter_whose_worker_was_killed_is_sent_in_the_night_after():
    letter = tell_of(make_user()).letter
    lately = timezone.now() - delivery.BROKEN_OFF / 2
    Letter.objects.update(begun_at=lately, beginnings_count=1)
    delivery.send(letter.pk)
    assert mail.outbox == []
    Letter.objects.update(begun_at=timezone.now() - timedelta(days=1))

    delivery.send_waiting()
    delivery.send_waiting()

    assert len(mail.outbox) == 1


def test_a_letter_that_waited_too_long_tells_nothing_new():
    letter = tell_of(make_user()).letter
    Letter.objects.update(made_at=timezone.now() - delivery.OLDEST * 2)

    delivery.send(letter.pk)

    assert mail.outbox == []


@pytest.mark.database
def test_two_workers_at_once_send_one_letter(transactional_db):
    letter = tell_of(make_user()).letter

    failures = at_once(*[lambda: delivery.send(letter.pk) for _ in range(8)])

    assert failures == []
    assert len(mail.outbox) == 1


@pytest.mark.database
def test_control_without_a_beginning_all_of_them_send_it(transactional_db, monkeypatch):
    letter = tell_of(make_user()).letter
    monkeypatch.setattr(delivery, "_begin", lambda pk: Letter.objects.select_related("user").get(pk=pk))

    at_once(*[lambda: delivery.send(letter.pk) for _ in range(8)])

    assert len(mail.outbox) > 1


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


def stop_path():
    return re.search(r"https?://[^/]+(/letters/\S+/stop/)", mail.outbox[-1].body)[1]


def test_the_link_in_a_letter_ends_letters_of_its_kind_at_a_press_and_not_at_a_look(client):
    user = make_user()
    delivery.send(tell_of(user).letter_id)
    path = stop_path()

    looked = client.get(path)
    wanted_after_a_look = not UnwantedLetter.objects.exists()
    client.post(path), client.post(path)
    delivery.send(tell_of(user, "warning-2").letter_id)

    assert (looked.status_code, looked["Cache-Control"], wanted_after_a_look) == (200, "no-store", True)
    assert UnwantedLetter.objects.count() == 1
    assert len(mail.outbox) == 1
    assert Notification.objects.count() == 2
    client.post(path, {"again": "1"})
    delivery.send(tell_of(user, "warning-3").letter_id)
    assert len(mail.outbox) == 2


def test_a_link_that_somebody_changed_or_that_went_to_an_old_address_is_none(client):
    user = make_user()
    delivery.send(tell_of(user).letter_id)
    path = stop_path()
    user.email = "new@example.org"
    user.save()

    answers = [client.get(path).status_code, client.get(path.replace("/stop/", "x/stop/")).status_code]

    assert answers == [404, 404]
