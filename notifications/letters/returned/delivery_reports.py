"""Reading what mail servers report: letters that came back (RFC 3464) and complaints (RFC 5965)."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Any, NamedTuple

from notifications.letters import account_letters, bounces, threads
from notifications.models import Bounce, Letter

LARGEST = 1_000_000  # bytes of a report; what is longer is cut off
_TAG = r"(\d{1,18}-[0-9a-f]{16})"
_OUR_ID = re.compile(rf"<letter-{_TAG}@")
_OUR_ADDRESS = re.compile(rf"\+{_TAG}@")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Report(NamedTuple):
    """What one report says of one letter."""

    tag: str
    kind: Bounce.Kind
    words: str


def read(raw: bytes) -> bool:
    """Record the report in an e-mail, and whether it was one about a letter of ours. Idempotent.

    Nobody can make one up: it counts by the signature in the Message-ID or in the address that it came to.
    """
    report = parse(raw)
    letter = threads.letter_of(report.tag) if report else None
    if report is None or letter is None:
        return False
    record(letter, report.kind, words=report.words)
    return True


def record(letter: Letter, kind: Bounce.Kind, *, words: str = "") -> None:
    """Count a bounce of a letter, once for each letter and kind, unless the member has another address by now."""
    if not account_letters.is_to_own_address(letter):
        return
    confirmed_at = letter.user.email_confirmed_at
    if confirmed_at and letter.begun_at and letter.begun_at < confirmed_at:
        return  # it went to the address that they had before
    bounces.record(letter.user, kind, f"{kind}-{letter.pk}", words=words, letter=letter)


def parse(raw: bytes) -> Report | None:
    """The report in an e-mail; None if there is none."""
    message = message_from_bytes(raw[:LARGEST], policy=compat32)  # which reads any header without an error
    kind = message.get_param("report-type") if message.get_content_type() == "multipart/report" else None
    if kind == "delivery-status":
        failed = next((fields for fields in _recipients(message) if _field(fields, "Action") == "failed"), None)
        if failed is None:
            return None
        words = f"{_field(failed, 'Status')} {_field(failed, 'Diagnostic-Code')}".strip()
        return _report(message, raw, kind_of(words), words)
    if kind == "feedback-report":
        return _report(message, raw, Bounce.Kind.COMPLAINT, "Called spam by its reader")
    return None


def kind_of(words: str) -> Bounce.Kind:
    """Soft or hard, by the enhanced status code (RFC 3463): hard is an address that is wrong."""
    found = _STATUS.search(words)
    status = found[1] if found else "5.0.0"
    return Bounce.Kind.HARD if status.startswith(("5.0.", "5.1.", "5.4.4")) else Bounce.Kind.SOFT


def _report(message: Message, raw: bytes, kind: Bounce.Kind, words: str) -> Report | None:
    tag = _tag(message, raw)
    return Report(tag, kind, words) if tag else None


def _tag(message: Message, raw: bytes) -> str:
    """The tag of the letter: in the address that the report came to, or in the Message-ID of the letter in it."""
    headers = (str(message.get(name, "")) for name in ("Delivered-To", "X-Original-To", "To"))
    found = next((match for text in headers if (match := _OUR_ADDRESS.search(text))), None)
    found = found or _OUR_ID.search(raw[:LARGEST].decode("latin-1"))
    return found[1] if found else ""


def _recipients(message: Message) -> Iterator[Any]:
    """The blocks of fields for each recipient of a delivery status; the first block is about the whole message."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from blocks if isinstance(blocks, list) else []


def _field(fields: Message, name: str) -> str:
    """A field on one line; what action was taken, in small letters."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in str(fields.get(name, ""))).split())
    return words.lower() if name == "Action" else words
