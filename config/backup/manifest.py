"""What a backup says of itself: when and of what it was made, and how to tell whether it is whole."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from config.health import endpoints

FORMAT = 1


class Unreadable(Exception):
    """An archive that must not be restored; the message ends the sentence "This archive cannot be used: …"."""


@dataclass(frozen=True)
class Manifest:
    format: int
    version: str  # of Borderpost
    begun_at: str  # ISO 8601, UTC: nothing committed later is in it
    seconds: float  # how long it took
    postgres: str  # version of the server
    client_major: int  # of pg_dump
    migrations: list[list[str]]  # application and name
    counts: dict[str, list]  # rows and fingerprint per table (tables.count_rows)
    members: dict[str, list]  # size in bytes and SHA-256 by name
    settings: list[str]  # names of what was set in the environment, to be given again; never values
    promise: str  # what may be lost

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Raises Unreadable for what another version wrote."""
        try:
            facts = json.loads(text)
            if facts["format"] > FORMAT:
                raise Unreadable(f"a newer Borderpost ({facts['version']}) wrote it. Update this one first")
            return cls(**facts)
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"its manifest is not understood ({error})") from None

    def refuse_newer(self) -> None:
        """Raises Unreadable if it holds migrations that are newer than those of this code, or of an app it has not.

        Older ones that this code does not know were squashed with others since.
        """
        newest: dict[str, str] = {}
        for app, name in endpoints.known_migrations():
            newest[app] = max(_last_of(name), newest.get(app, ""))
        newer = [(app, name) for app, name in self.migrations if _last_of(name) > newest.get(app, "")]
        if newer:
            names = ", ".join(f"{app}.{name}" for app, name in sorted(newer)[:3])
            raise Unreadable(
                f"it is of a newer Borderpost ({self.version}): this one does not know its migrations ({names}). "
                "Update this one to that version first"
            )


def _last_of(name: str) -> str:
    """The name of a migration; of a squashed one that of the last which it replaces, as Django names it."""
    return name.rpartition("_squashed_")[2]
