"""What its reader may not see any more is in no letter: neither at once nor in a digest, in words or in heads."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone

from accounts.actions import ignore
from forum.actions import subforums
from forum.models import Post, Topic
from notifications.letters import preferences
from notifications.models import Category, Frequency, Letter
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.notifications.letters.factories import Kind, news_with_letter, send_all

pytestmark = pytest.mark.django_db
MARKER = "xylophone"
AUTHOR = "secret_keeper"


def hide_subforum(news):
    subforums.change_access(news.post.topic.subforum, "staff")


def hide_post(news):
    Post.objects.filter(pk=news.post_id).update(hidden_at=timezone.now(), hidden_by=news.post.author)


def hold_post(news):
    Post.objects.filter(pk=news.post_id).update(held_at=timezone.now())


def hide_topic(news):
    Topic.objects.filter(pk=news.post.topic_id).update(hidden_at=timezone.now())


def move_topic_to_staff(news):
    Topic.objects.filter(pk=news.post.topic_id).update(subforum=make_subforum(access="staff"))


def ignore_author(news):
    ignore(news.user, news.post.author)


def suspend_reader(news):
    type(news.user).objects.filter(pk=news.user_id).update(banned_at=timezone.now())


def lose_reader(news):
    type(news.user).objects.filter(pk=news.user_id).update(is_active=False)


def doubt_address(news):
    type(news.user).objects.filter(pk=news.user_id).update(email_confirmed_at=None)


def erase_author(news):
    Post.objects.filter(pk=news.post_id).update(hidden_at=timezone.now(), hidden_by=news.user)
    type(news.user).objects.filter(pk=news.post.author_id).update(username="erased", is_active=False)


def unwatch(news):
    preferences.stop(news.user, preferences.ALL)


CHANNELS: list[Callable] = [
    hide_subforum, hide_post, hold_post, hide_topic, move_topic_to_staff, ignore_author, suspend_reader, lose_reader,
    doubt_address, erase_author, unwatch,
]  # fmt: skip
FREQUENCIES = [Frequency.AT_ONCE, Frequency.DAILY, Frequency.WEEKLY]
# Of a post that others wrote, and of what others did with one's own.
KINDS = [Kind.REPLY, Kind.QUOTE, Kind.MENTION, Kind.TOPIC, Kind.QUESTION]
# Each channel with each kind and with each frequency, each kind with each frequency, and as a proof all three together.
TRIPLES = [
    pytest.param(
        channel, kind, frequency,
        marks=() if (CHANNELS.index(channel) + KINDS.index(kind) + FREQUENCIES.index(frequency)) % 3 == 0
        else pytest.mark.proof,
    )
    for channel in CHANNELS for kind in KINDS for frequency in FREQUENCIES
]  # fmt: skip


def secret(kind, frequency):
    """News of a post, with the marker in its text and title, in a letter that waits; another piece stays readable."""
    user, author = make_user(), make_user(username=AUTHOR)
    preferences.choose(user, dict.fromkeys(Category, Frequency.NEVER) | chosen(frequency))
    topic = make_topic(title=f"About the {MARKER} of the pass")
    return news_with_letter(user, kind, post=make_post(topic=topic, author=author, source=f"A {MARKER} there."))


def chosen(frequency):
    return dict.fromkeys([Category.REPLIES, Category.MENTIONS, Category.TOPICS, Category.QUESTIONS], frequency)


def all_words():
    return "".join(
        f"{message.subject}{message.body}{message.alternatives[0].content}{message.extra_headers}"
        for message in mail.outbox
    )


@pytest.mark.parametrize(("channel", "kind", "frequency"), TRIPLES, ids=lambda one: getattr(one, "__name__", None))
def test_nothing_of_it_is_sent(channel, kind, frequency):
    news = secret(kind, frequency)
    channel(news)

    send_all()

    assert mail.outbox == []
    assert Letter.objects.get().dropped_at is not None


@pytest.mark.parametrize("frequency", FREQUENCIES)
@pytest.mark.parametrize("kind", KINDS)
def test_control_without_that_it_is_sent_with_its_words(kind, frequency):
    secret(kind, frequency)

    send_all()

    assert MARKER in all_words()
    assert AUTHOR in all_words()


@pytest.mark.parametrize("frequency", FREQUENCIES)
@pytest.mark.parametrize("channel", [hide_post, hold_post, hide_topic, ignore_author], ids=lambda act: act.__name__)
def test_a_letter_that_brings_other_things_too_says_nothing_of_it(channel, frequency):
    news = secret(Kind.REPLY, frequency)
    news_with_letter(news.user, Kind.REPLY)
    channel(news)

    send_all()

    words = all_words()
    assert "Torugart with a bicycle" in words
    assert MARKER not in words
    assert AUTHOR not in words


def test_what_is_hidden_and_comes_back_before_the_letter_is_in_it():
    news = secret(Kind.REPLY, Frequency.DAILY)
    hide_post(news)
    Post.objects.filter(pk=news.post_id).update(hidden_at=None, hidden_by=None)

    send_all()

    assert MARKER in all_words()


def test_a_topic_that_moved_where_one_may_read_it_is_told_by_its_new_place():
    news = secret(Kind.REPLY, Frequency.AT_ONCE)
    Topic.objects.filter(pk=news.post.topic_id).update(subforum=make_subforum(access="members"))

    send_all()

    assert MARKER in all_words()


def test_a_post_that_was_edited_is_sent_as_it_is_now():
    news = secret(Kind.REPLY, Frequency.AT_ONCE)
    Post.objects.filter(pk=news.post_id).update(html="<p>Nothing to see.</p>")

    send_all()

    assert "Nothing to see." in mail.outbox[0].body
    assert "A xylophone there." not in all_words()
