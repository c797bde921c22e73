"""Naughty strings in letters and in the reports of mail servers.

In a module of its own, because the letters of its worlds are there for all of its tests.
"""

from email import message_from_bytes
from email.policy import SMTP, default

import pytest

from forum.models import Topic
from notifications.letters import delivery
from notifications.letters.policy import letter_for
from notifications.letters.returned import delivery_reports
from notifications.models import Bounce, Notification
from tests.factories import make_user
from tests.made_once import made_once
from tests.naughty import OURS
from tests.notifications.letters.factories import Kind, make_news, send_all, tell_of
from tests.notifications.letters.test_bounces import report
from tests.notifications.letters.test_headers import HEADERS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def two_news(django_db_setup, django_db_blocker):
    """Of one member, in one letter that waits."""
    with made_once(django_db_blocker):
        news = make_news()
        reminder = make_news(news.user, Kind.TOPIC)
        letter_for([news.pk, reminder.pk])
        yield news, reminder


@pytest.mark.parametrize("text", OURS)
def test_whatever_stands_in_titles_and_names_adds_no_header(two_news, text):
    """Stored as it is, without the forms that would clean it."""
    news, reminder = two_news
    text = text.replace("\0", "").encode(errors="ignore").decode()
    Notification.objects.filter(pk=news.pk).update(subject=f"A {text}"[:200], words=text)
    Notification.objects.filter(pk=reminder.pk).update(subject=f"B {text}"[:200])
    Topic.objects.filter(pk=news.topic_id).update(title=f"Arch {text}"[:100])

    messages = send_all()

    assert messages
    for message in messages:
        raw = message.message(policy=SMTP).as_bytes()
        read = message_from_bytes(raw, policy=default)
        assert set(read.keys()) <= HEADERS
        assert len(read.keys()) == len(set(read.keys()))
        assert read["To"] == news.user.email
        assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]


@pytest.fixture(scope="module")
def letter_of_all(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker):
        sent = tell_of(make_user()).letter
        delivery.send(sent.pk)
        yield sent


@pytest.mark.parametrize("text", OURS)
def test_naughty_words_of_a_mail_server_are_only_words(letter_of_all, text):
    delivery_reports.read(report(letter_of_all, status=f"5.1.1 {text}"))

    assert Bounce.objects.filter(user=letter_of_all.user).count() <= 1
