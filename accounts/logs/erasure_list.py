"""The list of erasures: which rows had personal words erased, so that a restore of an older backup erases them again.

One line of JSON for each, in the file ERASURES_LIST, which is only ever added to. It holds the kind, the number of the
row and when that row was made: after a restore numbers are given again, and with its time a row is known for certain.
"""

import json
import logging
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

logger = logging.getLogger("borderpost.erasures")


class Erasure(NamedTuple):
    kind: str  # such as entry-words
    pk: int
    made_at: str  # ISO 8601, UTC: when the erased row was made

    @classmethod
    def of(cls, kind: str, pk: int, made_at: datetime) -> "Erasure":
        return cls(kind, pk, made_at.isoformat())

    def line(self) -> str:
        return json.dumps(self._asdict()) + "\n"


def note(erasure: Erasure) -> None:
    """Add an erasure to the list once the transaction is committed. A file that cannot be written stops no erasure:
    the next backup adds what is missing (config/backup)."""
    transaction.on_commit(lambda: _try_to_add(erasure))


def _try_to_add(erasure: Erasure) -> None:
    try:
        add([erasure], settings.ERASURES_LIST)
    except OSError as error:
        logger.error("The list of erasures could not be written: %s", error)


def add(erasures: Iterable[Erasure], path: Path) -> None:
    """Append to a list what is not in it yet, and wait until it is on the disk. Raises OSError."""
    text = "".join(erasure.line() for erasure in dict.fromkeys(erasures))
    if not text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text.encode())  # one write at the end of the file, so that two processes do not mix their lines
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Erasure]:
    """The erasures of a list; none if there is no such file. A line that was cut off by a power cut is left out."""
    return parse(path.read_text()) if path.exists() else []


def parse(text: str) -> list[Erasure]:
    return [erasure for line in text.splitlines() if (erasure := _parse_line(line))]


def _parse_line(line: str) -> Erasure | None:
    try:
        facts = json.loads(line)
        return Erasure(str(facts["kind"]), int(facts["pk"]), datetime.fromisoformat(facts["made_at"]).isoformat())
    except (ValueError, KeyError, TypeError):
        return None
