"""Message-IDs of letters, and the conversation that mail programs show them in (RFC 5322, section 3.6.4)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.models import Letter

MOST_REFERENCES = 5


def message_id(letter: Letter) -> str:
    """The same for every try of a letter. Nobody can make one up, so a bounce that names it is about this letter."""
    return f"<letter-{tag(letter.pk)}@{domain()}>"


def domain() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def tag(letter_id: int) -> str:
    """Number and signature of a letter, as in its Message-ID and its bounce address."""
    return f"{letter_id}-{_signature(letter_id)}"


def letter_of(written: str) -> Letter | None:
    """The letter of a tag, if it is signed."""
    number, _, signature = written.partition("-")
    if not (number.isdecimal() and len(number) < 19 and constant_time_compare(signature, _signature(int(number)))):
        return None
    return Letter.objects.select_related("user").filter(pk=int(number)).first()


def headers(letter: Letter) -> dict[str, str]:
    """In-Reply-To and References: the letters of the same conversation before, below a root of its own."""
    if not letter.thread:
        return {}
    before = Letter.objects.filter(user=letter.user_id, thread=letter.thread, sent_at__isnull=False, pk__lt=letter.pk)
    parents = [message_id(sent) for sent in before.order_by("-pk")[:MOST_REFERENCES]][::-1]
    references = [f"<{letter.thread}@{domain()}>", *parents]
    return {"In-Reply-To": references[-1], "References": " ".join(references)}


def _signature(letter_id: int) -> str:
    return salted_hmac("notifications.letter", str(letter_id), algorithm="sha256").hexdigest()[:16]
