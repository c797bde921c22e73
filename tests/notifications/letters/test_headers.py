"""The head of a letter: whom it is from, what it belongs to, and nothing that a member wrote there."""

import re
from email import message_from_bytes
from email.policy import SMTP, default

import pytest
from django.core import mail

from crossings.status.update import today
from notifications.letters import delivery, emails, threads
from notifications.models import Letter, Notification
from notifications.news import post_news
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.notifications.letters.factories import news_with_letter, one_click_path, tell_of

pytestmark = pytest.mark.django_db
HEADERS = {
    "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "In-Reply-To", "References", "Message-ID",
    "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted",
}  # fmt: skip


def sent(news):
    """The letter of some news as the mail server gets it, read again."""
    delivery.send(news.letter_id)
    return message_from_bytes(mail.outbox[-1].message(policy=SMTP).as_bytes(), policy=default)


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
    assert letter.extra_headers["Message-ID"] == f"<letter-{threads.tag(news.letter_id)}@forum.example.org>"


def test_mail_programs_find_the_address_that_ends_letters_in_the_header(settings):
    settings.SITE_URL = "https://a-rather-long-name.forum.example.org"
    delivery.send(tell_of(make_user(), words="ж" * 2000).letter_id)

    raw = mail.outbox[0].message(policy=SMTP).as_bytes()

    header = re.search(rb"^List-Unsubscribe: <(.+)>\r$", raw, re.MULTILINE)
    assert header
    assert header[1].decode() == settings.SITE_URL + one_click_path()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(("length", "is_folded"), [(998, False), (999, True)])
def test_a_line_is_folded_only_where_it_is_longer_than_may_be(length, is_folded):
    words = "Subject: " + "a " * 490
    message = emails.Message(words.removeprefix("Subject: ") + "b" * (length - len(words)), "", "a@example.org", [])

    lines = message.message().as_string().split("\n")

    assert any(line.startswith(" ") for line in lines) is is_folded


def test_a_repeated_try_has_the_same_message_id(settings):
    news = news_with_letter()
    first = sent(news)
    Letter.objects.update(sent_at=None, begun_at=None)

    assert sent(news)["Message-ID"] == first["Message-ID"]
    assert first["Message-ID"].endswith(f"@{threads.domain()}>")


def test_letters_of_one_topic_are_one_conversation_for_one_reader(settings):
    settings.SITE_URL = "https://forum.example.org"
    user, topic = make_user(), make_topic(title="Is the arch open?")
    letters = [sent(news_with_letter(user, post=make_post(topic=topic))) for _ in range(3)]
    elsewhere = sent(news_with_letter(user))
    other = sent(news_with_letter(make_user(), post=make_post(topic=topic)))

    root, ids = f"<topic-{topic.pk}@forum.example.org>", [letter["Message-ID"] for letter in letters]
    assert [letter["In-Reply-To"] for letter in letters] == [root, ids[0], ids[1]]
    assert letters[2]["References"].split() == [root, ids[0], ids[1]]
    assert {letter["Subject"] for letter in letters} == {"Re: Is the arch open?"}
    assert root not in str(elsewhere["References"])
    assert other["References"].split() == [root]


def test_references_stay_few_in_a_long_conversation():
    user, topic = make_user(), make_topic()
    letters = [sent(news_with_letter(user, post=make_post(topic=topic))) for _ in range(9)]

    ids = [letter["Message-ID"] for letter in letters]
    assert letters[-1]["References"].split()[1:] == ids[3:8]


def test_news_of_a_crossing_is_a_conversation_of_its_own():
    crossing = make_crossing()

    letter = sent(crossing_news_letter(crossing))

    assert letter["In-Reply-To"] == f"<crossing-{crossing.pk}@{threads.domain()}>"


def crossing_news_letter(crossing):
    watch(make_user(), crossing, travel_on=today())
    post_news.tell_of_report(make_report(crossing).pk)
    return Notification.objects.get()


def test_a_letter_names_no_other_member_as_its_reader():
    topic = make_topic()
    for user in (make_user(), make_user()):
        delivery.send(news_with_letter(user, post=make_post(topic=topic)).letter_id)

    assert [len(message.recipients()) for message in mail.outbox] == [1, 1]
    assert mail.outbox[0].to != mail.outbox[1].to
