"""Keeps the parts of a forum running: what falls is started again, three times, and then it is said why."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from config.devserver.embedded_postgres import DatabaseError, EmbeddedPostgres
from config.devserver.processes import Stop, end_process, end_rest, start_process

MOST_STARTS = 3
# Falls that are longer ago are forgotten, in seconds: a forum may run for months.
FORGOTTEN = 600
LOOK_SECONDS = 0.3


class Part(Protocol):
    name: str

    def is_up(self) -> bool: ...

    def start(self) -> None: ...

    def why(self) -> str:
        """Why it is not up, in words."""
        ...


class ProcessPart:
    """A process that `./run` started."""

    def __init__(self, name: str, command: list, environment: dict[str, str], holds: Sequence[int]) -> None:
        self.name = name
        self._command, self._environment, self._holds = command, environment, holds
        self.process: subprocess.Popen | None = None

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        if self.process is not None:
            end_rest(self.process)
        self.process = start_process(self._command, self._environment, self._holds)

    def end(self) -> None:
        if self.process is not None:
            end_process(self.process)
            end_rest(self.process)

    def why(self) -> str:
        code = self.process.returncode if self.process is not None else None
        if code is not None and code < 0:
            return f"it was ended by {signal.Signals(-code).name}"
        return f"it ended with {code}; its lines above say why"


class DatabasePart:
    """The embedded PostgreSQL, which other commands may have started."""

    name = "The database"

    def __init__(self, database: EmbeddedPostgres) -> None:
        self._database = database

    def is_up(self) -> bool:
        return self._database.is_alive()

    def start(self) -> None:
        self._database.start()

    def why(self) -> str:
        last = self._database.last_of_log(3)
        return f"its log ends with:\n{last}\nThe whole log: {self._database.place.log}"


class Supervisor:
    """Looks after parts, those that others need first."""

    def __init__(self, parts: Sequence[Part], say: Callable[[str], None]) -> None:
        self._parts = parts
        self._say = say
        self._falls: dict[str, list[float]] = {part.name: [] for part in parts}

    def watch(self) -> None:
        """Never returns; raises Stop when a part fell too often."""
        while True:
            self.look()
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        for part in self._parts:
            if not part.is_up():
                self._start_again(part, part.why())

    def _start_again(self, part: Part, why: str) -> None:
        now = time.monotonic()
        falls = [fall for fall in self._falls[part.name] if now - fall < FORGOTTEN] + [now]
        self._falls[part.name] = falls
        if len(falls) > MOST_STARTS:
            raise Stop(f"{part.name} was started again {MOST_STARTS} times and fell again: {why}")
        self._say(f"{part.name} fell: {why}. Starting it again ({len(falls)} of {MOST_STARTS}) …")
        time.sleep(len(falls) - 1)
        try:
            part.start()
        except (DatabaseError, OSError) as error:
            self._start_again(part, str(error))
