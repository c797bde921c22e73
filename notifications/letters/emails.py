"""Composing e-mails: one function per kind of letter, which returns None if there is nothing to send any more.

URLs in e-mails begin with settings.SITE_URL, never with the Host header of a request.
"""

from collections.abc import Callable
from email.policy import default
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import site_info
from notifications.letters import account_letters, letter_entries, preferences, signed_addresses, threads
from notifications.models import Letter
from notifications.news import wording
from notifications.survey.questions import ANSWERS, is_still_asked

MOST_IN_A_LETTER = 30
LONGEST_LINE = 998  # characters, RFC 5322 section 2.1.1


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """The e-mail of a letter, from the current state of the database; None if there is nothing to send any more."""
    return _WRITERS[Letter.Kind(letter.kind)](letter)


def news(letter: Letter) -> EmailMultiAlternatives | None:
    """What happened in one conversation, or one thing of another kind."""
    told = letter_entries.one_by_one(letter)
    if not told:
        return None
    shown, more = told[-MOST_IN_A_LETTER:], max(0, len(told) - MOST_IN_A_LETTER)
    return _message(letter, "news", told=shown, more=more, subject=letter_entries.subject(shown))


def digest(letter: Letter) -> EmailMultiAlternatives | None:
    """What happened in a day or a week, by category, without what was read since."""
    told = letter_entries.together(letter)
    if not told:
        return None
    shown, more = told[:MOST_IN_A_LETTER], max(0, len(told) - MOST_IN_A_LETTER)
    sections = letter_entries.sections(shown)
    scope = preferences.scope_of_digest(letter, {entry.category for entry in told})
    return _message(letter, "digest", scope=scope, sections=sections, more=more, count=len(told), first=told[0])


def through(letter: Letter) -> EmailMultiAlternatives | None:
    """ "Did you get through?", with a link for each answer, if is_still_asked."""
    if not is_still_asked(letter):
        return None
    crossing = letter.crossing
    answers = [
        {"label": label, "url": settings.SITE_URL + reverse("notifications:through", args=[token])}
        for label, token in ((label, signed_addresses.through_token(letter, value)) for value, label in ANSWERS)
    ]
    return _message(letter, "through", crossing=crossing, travel_on=letter.travel_on, answers=answers)


def acts(letter: Letter) -> EmailMultiAlternatives | None:
    """Acts of moderators that concern the member, with rule and reason, without those that were undone."""
    told = wording.with_entries(letter.news.readable_by(letter.user)).order_by("pk")
    standing = wording.put_into_words(letter.user, [news for news in told if not news.is_taken_back])
    shown, more = standing[:MOST_IN_A_LETTER], max(0, len(standing) - MOST_IN_A_LETTER)
    return _message(letter, "acts", told=shown, more=more, count=len(standing)) if shown else None


def account(letter: Letter) -> EmailMultiAlternatives | None:
    """About the account: no link that ends such letters, because nobody can do without."""
    return account_letters.compose(letter, _sender(letter), _headers(letter))


_WRITERS: dict[Letter.Kind, Callable[[Letter], EmailMultiAlternatives | None]] = {
    Letter.Kind.NEWS: news,
    Letter.Kind.DAY: digest,
    Letter.Kind.WEEK: digest,
    Letter.Kind.THROUGH: through,
    Letter.Kind.ACTS: acts,
    Letter.Kind.ACCOUNT: account,
}


class Message(EmailMultiAlternatives):
    """An e-mail without folded headers: a folded List-Unsubscribe is encoded, and mail programs do not find its URL."""

    def message(self, *, policy: Any = default) -> Any:
        return super().message(policy=policy.clone(max_line_length=LONGEST_LINE))


def _message(letter: Letter, name: str, *, scope: str = "", **about: Any) -> EmailMultiAlternatives:
    """An e-mail from its templates (subject, text, HTML), with the footer and headers of all letters."""
    scope = scope or preferences.scope_of(letter)
    token = signed_addresses.stop_token(letter, scope)
    stop, one_click = (
        settings.SITE_URL + reverse(f"notifications:{name}", args=[token]) for name in ("stop-letters", "one-click")
    )
    context = about | {
        "site_url": settings.SITE_URL, "site_name": site_info.site_name(), "user": letter.user, "stop": stop,
        "kind": preferences.label(scope), "letter": letter,
    }  # fmt: skip
    subject = " ".join(render_to_string(f"emails/{name}-subject.txt", context).split())
    headers = _headers(letter) | {
        "List-Unsubscribe": f"<{one_click}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    message = Message(
        subject, render_to_string(f"emails/{name}-text.txt", context), from_email=_sender(letter),
        to=[letter.user.email], headers=headers,
    )  # fmt: skip
    message.attach_alternative(render_to_string(f"emails/{name}-html.html", context), "text/html")
    return message


def _headers(letter: Letter) -> dict[str, str]:
    headers = threads.headers(letter) | {
        "Message-ID": threads.message_id(letter),
        "Auto-Submitted": "auto-generated",
    }
    return headers | ({"From": site_info.sender()} if settings.BOUNCE_ADDRESS else {})


def _sender(letter: Letter) -> str:
    """Whom mail servers tell that it came back: an address of this letter, if the operator reads those."""
    name, at, host = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+{threads.tag(letter.pk)}{at}{host}" if at else site_info.sender()
