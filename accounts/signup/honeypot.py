"""Telling people from programs at sign-up, without asking anybody anything: a field that nobody sees, and the time.

Whoever is taken for a program is told so in kind words and tries again; there is no puzzle and no third party.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import QueryDict
from django.utils import timezone

# The field that programs fill in, because its name asks for it.
FIELD = "website"
SALT = "accounts.traps"  # stands in forms that are open: it outlives the names of modules
LONGEST = timedelta(days=1)


def stamp() -> str:
    """A token that says when a form was shown; it cannot be made up."""
    return signing.dumps(timezone.now().timestamp(), salt=SALT)


def stamp_of(sent: QueryDict | None) -> str:
    """The token that came with a form, while it is good, so that whoever mends a mistake need not wait again."""
    token = sent.get("began", "") if sent else ""
    return token if _age(token) is not None else stamp()


def problem_with(sent: QueryDict) -> str | None:
    """Why a form looks as if a program had sent it, in words for a person."""
    if sent.get(FIELD):
        return "One field of this form is not for people and was filled in, perhaps by your browser. Please try again."
    age = _age(sent.get("began", ""))
    if age is None:
        return "This form was open for very long, or came without its page. Please look at it and send it again."
    if age < timedelta(seconds=settings.SIGN_UP_SECONDS):
        return "That was quicker than people usually are. Please wait a moment and send it again."
    return None


def _age(token: str) -> timedelta | None:
    """None for what we did not make, or not today."""
    try:
        began = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    age = timezone.now() - datetime.fromtimestamp(began, tz=UTC)
    return age if age < LONGEST else None
