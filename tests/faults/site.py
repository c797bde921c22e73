"""A forum on a server of its own, durable as in production, for rounds in which things break."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from config.devserver import homes
from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.site_environment import environment_of
from tests.faults.processes import children_of, kill, wait_until

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
MEMBERS, WATCHERS, TOPICS = 32, 8, 4
# As in production, but for limits of one member, who writes for hundreds here.
UNLIMITED = {f"RATE_LIMIT_{name}": "999999/1m" for name in ("POST", "TOPIC", "EDIT", "DRAFT", "REACT", "VISITORS")}
# What the tests' own run, or a developer, has set for another database.
FOREIGN = ("DATABASE", "BORDERPOST", "DJANGO", "PYTEST", "SITE_URL", "DEMO", "DEBUG", "SMTP", "RATE_LIMIT", "PG")


class Site:
    """One server; the commands and processes of one forum on it. Its home is one that `./run --empty` opens."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.database = EmbeddedPostgres(homes.own_home(self.home))
        self.planted: dict[str, Any] = {}
        self._inside: subprocess.Popen | None = None

    @property
    def outside(self) -> dict[str, str]:
        """The environment of `./run`."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        return ours | UNLIMITED | {"BORDERPOST_HOME": str(self.home), "LETTER_DELAY": "0"}

    @property
    def environment(self) -> dict[str, str]:
        ours = environment_of(self.database, demo=False, port=8000)
        named = {name: ours[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "BORDERPOST_HOME", "DEMO")}
        return self.outside | named

    def start(self, command: list[Any], environment: dict[str, str]) -> subprocess.Popen:
        """A process in a session of its own, whose words go to a file."""
        with (self.folder / "log").open("a") as said:
            return subprocess.Popen(
                [str(word) for word in command], cwd=ROOT, env=environment,
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def manage(self, *words: str, **environment: str) -> str:
        """What a management command says. Raises CalledProcessError."""
        done = subprocess.run(
            [PYTHON, "manage.py", *words], cwd=ROOT, env=self.environment | environment, capture_output=True, text=True
        )
        if done.returncode:
            said = (done.stdout + done.stderr)[-800:]
            raise RuntimeError(f"manage.py {words[0]} ended with {done.returncode}: {said}")
        return done.stdout

    # --- The database ---

    @contextmanager
    def session(self, role: str = "owner", **options: Any) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.database.url(role), autocommit=True, **options) as connection:  # type: ignore[arg-type]
            yield connection

    def ask(self, question: str, values: Any = None, *, role: str = "owner") -> list[tuple[Any, ...]]:
        with self.session(role) as connection:
            cursor = connection.execute(question, values)
            return cursor.fetchall() if cursor.description else []

    def postmaster(self) -> int:
        return int((self.database.place.data / "postmaster.pid").read_text().split()[0])

    def backends(self) -> list[int]:
        """Of the web server and the worker."""
        return [pid for (pid,) in self.ask("SELECT pid FROM pg_stat_activity WHERE usename = 'borderpost'")]

    def server_processes(self) -> list[int]:
        return [self.postmaster(), *children_of(self.postmaster())]

    def end_sessions(self) -> None:
        """New ones get settings that were changed."""
        self.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'borderpost'", role="superuser"
        )

    def kill_server(self) -> None:
        """The postmaster and all of its processes at once, as when a machine's power goes, but for its memory."""
        kill(*self.server_processes())

    # --- Django, in a process that stays ---

    def inside(self, do: str, **values: Any) -> Any:
        """What tests/faults/inside.py finds, in a process with Django that is started at the first question."""
        if self._inside is None or self._inside.poll() is not None:
            with (self.folder / "inside.log").open("a") as said:
                self._inside = subprocess.Popen(
                    [PYTHON, "-m", "tests.faults.inside"], cwd=ROOT, env=self.environment, text=True, stderr=said,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
                )  # fmt: skip
        process = self._inside
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"do": do, **values}) + "\n")
        process.stdin.flush()
        if not (line := process.stdout.readline()):
            raise RuntimeError(f"{do} ended. {(self.folder / 'inside.log').read_text()[-2000:]}")
        return json.loads(line)

    def end(self) -> None:
        if self._inside is not None:
            self._inside.kill()
            self._inside.communicate()
        with suppress(OSError, IndexError, ValueError):
            os.kill(self.postmaster(), signal.SIGCONT)
        self.database.stop()


@contextmanager
def planted_site(folder: Path) -> Iterator[Site]:
    """Context manager: a migrated forum with members, moderators and topics, whose server runs."""
    site = Site(folder)
    site.home.mkdir(mode=0o711)
    site.home.chmod(0o711)
    with ExitStack() as stack:
        stack.callback(site.end)
        site.database.start()
        site.manage("migrate", "--verbosity", "0")
        site.planted = site.inside("plant", members=MEMBERS, watchers=WATCHERS, topics=TOPICS)
        yield site


@contextmanager
def copied_site(site: Site, folder: Path) -> Iterator[Site]:
    """Context manager: a copy of a site in another folder, with its own server; that of the first rests."""
    site.database.stop()
    try:
        subprocess.run(["cp", "--archive", site.home, folder / "home"], check=True)
        copy = Site(folder)
        copy.planted = site.planted
        with ExitStack() as stack:
            stack.callback(copy.end)
            copy.database.start()
            yield copy
    finally:
        site.database.start()
        shutil.rmtree(folder / "home", ignore_errors=True)


def size_of(folder: Path) -> int:
    done = subprocess.run(["du", "--summarize", "--block-size=1", folder], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_server(site: Site) -> None:
    wait_until(site.database.is_running, "the database answers")
