"""Putting letters into words: one function per letter, which may find that there is nothing to tell any more.

Addresses in letters begin with the configured origin, never with what a request said.
"""

from collections.abc import Callable
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.site_info import SITE_NAME
from notifications import wording
from notifications.letters import signed_addresses
from notifications.models import Letter
from notifications.survey.questions import ANSWERS, is_still_asked

MOST_IN_A_LETTER = 30
LONGEST_LINE = 998  # RFC 5322


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """The message as it is true now."""
    return _WRITERS[Letter.Kind(letter.kind)](letter)


def news(letter: Letter) -> EmailMultiAlternatives | None:
    """One piece of news, if its reader may still read it."""
    told = letter.news.readable_by(letter.user).first()
    return _message(letter, "news", news=told) if told else None


def day(letter: Letter) -> EmailMultiAlternatives | None:
    """What happened at the crossings that one watches, but for what was read meanwhile on the page of news."""
    told = list(letter.news.readable_by(letter.user).unread().order_by("pk"))
    shown, more = told[:MOST_IN_A_LETTER], max(0, len(told) - MOST_IN_A_LETTER)
    return _message(letter, "day", told=shown, more=more, count=len(told)) if told else None


def through(letter: Letter) -> EmailMultiAlternatives | None:
    """ "Did you get through?", with a link for each answer; unless it is known by now, or no longer to be asked."""
    if not is_still_asked(letter):
        return None
    crossing = letter.crossing
    answers = [
        {"label": label, "url": settings.SITE_URL + reverse("notifications:through", args=[token])}
        for label, token in ((label, signed_addresses.through_token(letter, value)) for value, label in ANSWERS)
    ]
    return _message(letter, "through", crossing=crossing, travel_on=letter.travel_on, answers=answers)


def acts(letter: Letter) -> EmailMultiAlternatives | None:
    """What moderators did that concerns the member, with rule and reason, unless all of it was taken back meanwhile."""
    told = wording.with_entries(letter.news.readable_by(letter.user)).order_by("pk")
    standing = wording.put_into_words(letter.user, [news for news in told if not news.is_taken_back])
    shown, more = standing[:MOST_IN_A_LETTER], max(0, len(standing) - MOST_IN_A_LETTER)
    return _message(letter, "acts", told=shown, more=more, count=len(standing)) if shown else None


_WRITERS: dict[Letter.Kind, Callable[[Letter], EmailMultiAlternatives | None]] = {
    Letter.Kind.NEWS: news,
    Letter.Kind.DAY: day,
    Letter.Kind.THROUGH: through,
    Letter.Kind.ACTS: acts,
}


class Message(EmailMultiAlternatives):
    """A letter whose headers stay on one line: folded, a long address is encoded, and no mail program finds it."""

    def message(self, *, policy: Any = default) -> Any:
        return super().message(policy=policy.clone(max_line_length=LONGEST_LINE))


def _message(letter: Letter, name: str, **about: Any) -> EmailMultiAlternatives:
    """A letter from its three templates, with what every letter says at its end."""
    stop = settings.SITE_URL + reverse("notifications:stop-letters", args=[signed_addresses.stop_token(letter)])
    context = about | {
        "site_url": settings.SITE_URL, "site_name": SITE_NAME, "user": letter.user, "kind": letter.get_kind_display(),
        "stop": stop,
    }  # fmt: skip
    subject = " ".join(render_to_string(f"emails/{name}-subject.txt", context).split())
    message = Message(
        subject,
        render_to_string(f"emails/{name}-text.txt", context),
        to=[letter.user.email],
        headers={
            "Message-ID": f"<letter-{letter.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "List-Unsubscribe": f"<{stop}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string(f"emails/{name}-html.html", context), "text/html")
    return message
