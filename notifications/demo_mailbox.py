"""The demo's letters: kept as files instead of sent, and read on a page (settings.MAILERS names the backend)."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage as Parsed
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

MOST_KEPT = 500
MOST_LISTED = 100
SHOWN_HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Unsubscribe"]


class EmailBackend(BaseEmailBackend):
    """Keeps each e-mail as a file named by its time in nanoseconds; the oldest go."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            (folder / f"{time.time_ns()}.eml").write_bytes(message.message().as_bytes())
        for path in _newest()[MOST_KEPT:]:
            path.unlink(missing_ok=True)
        return len(email_messages)


class Kept(NamedTuple):
    """One e-mail that the demo kept, as the page shows it."""

    number: int
    at: datetime
    headers: list[tuple[str, str]]
    to: str
    subject: str
    text: str
    html: str


def newest() -> list[Kept]:
    return [_read(path) for path in _newest()[:MOST_LISTED]]


def find(number: int) -> Kept | None:
    path = _folder() / f"{number}.eml"
    return _read(path) if path.is_file() else None


def _folder() -> Path:
    return Path(settings.HOME) / "letters"


def _newest() -> list[Path]:
    return sorted(_folder().glob("[0-9]*.eml"), key=lambda path: int(path.stem), reverse=True)


def _read(path: Path) -> Kept:
    message = message_from_bytes(path.read_bytes(), policy=default)
    number = int(path.stem)
    headers = [(name, str(message[name])) for name in SHOWN_HEADERS if message[name]]
    at = datetime.fromtimestamp(number / 1e9, UTC)
    text, html = (_body(message, kind) for kind in ("plain", "html"))
    return Kept(number, at, headers, str(message["To"]), str(message["Subject"]), text, html)


def _body(message: Parsed, kind: str) -> str:
    body = message.get_body((kind,))
    return body.get_content() if body else ""
