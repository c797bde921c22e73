"""Bot detection at sign-up without a captcha: a honeypot field, and the time that the form was open.

A person taken for a bot sees a plain message and can send the form again. No third party is involved.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import QueryDict
from django.utils import timezone

# The honeypot: a hidden field whose name makes bots fill it in.
FIELD = "website"
SALT = "accounts.traps"  # part of tokens in open forms, so it stays when modules are renamed
LONGEST = timedelta(days=1)


def stamp() -> str:
    """A signed token of the time now, for a form that is shown."""
    return signing.dumps(timezone.now().timestamp(), salt=SALT)


def stamp_of(sent: QueryDict | None) -> str:
    """The token that was sent if it is valid, else a new one: a member who corrects a mistake need not wait again."""
    token = sent.get("began", "") if sent else ""
    return token if _age(token) is not None else stamp()


def problem_with(sent: QueryDict) -> str | None:
    """An error message if a bot seems to have sent it: honeypot filled, token invalid, or under SIGN_UP_SECONDS."""
    if sent.get(FIELD):
        return "One field of this form is not for people and was filled in, perhaps by your browser. Please try again."
    age = _age(sent.get("began", ""))
    if age is None:
        return "This form was open for very long, or came without its page. Please look at it and send it again."
    if age < timedelta(seconds=settings.SIGN_UP_SECONDS):
        return "That was quicker than people usually are. Please wait a moment and send it again."
    return None


def _age(token: str) -> timedelta | None:
    """The age of a token; None if its signature is bad or it is older than LONGEST."""
    try:
        began = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    age = timezone.now() - datetime.fromtimestamp(began, tz=UTC)
    return age if age < LONGEST else None
