"""News of every kind, and its letters, for the tests of letters."""

import re
from itertools import count

from django.core import mail
from django.utils import timezone

from notifications.letters import delivery
from notifications.letters.policy import letter_for
from notifications.models import Letter, Notification
from notifications.news.tell import tell
from tests.factories import make_user
from tests.forum.factories import make_post

Kind = Notification.Kind
_numbers = count(1)


def tell_of(user, key="warning-1", **values):
    """A word of a moderator, which comes at once."""
    return tell(user.pk, Kind.MODERATION, key, **{"subject": "A word from a moderator", "url": "/rules/"} | values)


def make_news(user=None, kind=Kind.REPLY, *, post=None, topic=None, words="", **values):
    """News of a post of somebody else, as the worker writes it, without its letter yet."""
    user, post = user or make_user(), post or make_post(**({"topic": topic} if topic else {}))
    number = next(_numbers)
    values = {"subject": f"{post.author.username} replied", "url": f"/posts/{post.pk}/", "actor": post.author} | values
    return Notification.objects.create(
        user=user, kind=kind, key=values.pop("key", f"{kind}-{number}"), words=words, post=post,
        topic=post.topic, made_at=timezone.now(), **values,
    )  # fmt: skip


def news_with_letter(*args, **values):
    """The same, put into a letter."""
    news = make_news(*args, **values)
    letter_for([news.pk])
    news.refresh_from_db()
    return news


def send_all():
    """Send every letter that waits, due or not; what was sent by that, the newest last."""
    before = len(mail.outbox)
    for letter in Letter.objects.waiting().order_by("pk"):
        delivery.send(letter.pk)
    return mail.outbox[before:]


def refuse(*args, **kwargs):
    raise OSError("421 Try again later")


def stop_path(message=None):
    """The path of the unsubscribe link in the text of a letter."""
    return re.search(r"https?://[^/\s]+(/letters/\S+/stop/)", (message or mail.outbox[-1]).body)[1]


def one_click_path(message=None):
    """The path in List-Unsubscribe."""
    return re.search(r"^<https?://[^/]+(/.+)>$", (message or mail.outbox[-1]).extra_headers["List-Unsubscribe"])[1]
