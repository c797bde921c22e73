"""An embedded PostgreSQL in the home directory, so that one command is enough to try Borderpost.

Its paths are in config/devserver/postgres_place.py. Started as root, the server runs as another account.
"""

import contextlib
import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from config.devserver import holders
from config.devserver.holders import Hold
from config.devserver.postgres_binaries import Binaries, DatabaseError, choose_binaries
from config.devserver.postgres_place import Place, Role

__all__ = ["DatabaseError", "DatabaseUrls", "EmbeddedPostgres", "database_urls"]

ROLES_SQL = Path(__file__).with_name("roles.sql")
LEAST_SHARED, MOST_SHARED = 128, 4096  # MB of shared_buffers: PostgreSQL's default, and what a forum needs
PATIENCE = 60  # seconds for a start after a crash
PASSING_TROUBLES = ("already exists", "is still in use", "did not start in time", "Address already in use")


class DatabaseUrls(NamedTuple):
    app: str
    owner: str


def database_urls(home: Path) -> DatabaseUrls:
    """The database URLs of a home directory, whether or not its server runs or exists yet."""
    place = Place(home)
    return DatabaseUrls(app=place.url("app", "borderpost"), owner=place.url("owner", "borderpost"))


class EmbeddedPostgres:
    """The PostgreSQL cluster of a home directory. Extra settings are for tests that need no durability."""

    def __init__(self, home: Path, *, binaries: Binaries | None = None, settings: dict[str, str] | None = None):
        self.place = Place(home)
        self._given_binaries = binaries
        self._given_settings = settings or {}

    @cached_property
    def binaries(self) -> Binaries:
        return self._given_binaries or choose_binaries(self.place.cluster_major)

    def url(self, role: Role = "app", database: str = "borderpost") -> str:
        return self.place.url(role, database)

    def is_running(self) -> bool:
        """Whether the server answers. (`pg_ctl status` for a while also says so of one that was killed.)"""
        if not (self.place.data / "postmaster.pid").exists():
            return False
        return self._ask("pg_isready", "--quiet", "--timeout=3").returncode == 0

    def start(self) -> bool:
        """Create the cluster if there is none, start its server if none answers; returns whether this call did."""
        self.place.make_home()
        with self._lock():
            self.place.make()
            starts = not self.is_running()
            if starts:
                self._make_binaries_reachable()
                self._make_cluster()
                self._start_server()
            self._make_roles()
            return starts

    def stop(self) -> bool:
        """Stop the server by a fast shutdown: sessions are cut, nothing committed is lost."""
        if not self.place.home.exists():
            return False
        with self._lock():
            return self._stop_server()

    def hold(self) -> Hold:
        """Count as one that uses the server, until `let_go` or the end of the process."""
        self.place.make_home()
        return Hold(holders.users(self.place.home))

    def let_go(self, hold: Hold) -> None:
        """End a use; the last one stops the server. Who begins to use it waits for that, and starts it again."""
        with self._lock():
            hold.let_go()
            with holders.alone(holders.users(self.place.home)) as is_last:
                if is_last:
                    self._stop_server()

    def is_alive(self) -> bool:
        """Whether the server's process is there, also if it does not answer yet."""
        pid = self.place.postmaster
        if pid is None or not Path("/proc/self").exists():
            return pid is not None and self.is_running()
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return os.fsencode(self.place.data) in words  # a process that ended has no words, and another one has others

    def last_of_log(self, lines: int) -> str:
        begin = max(0, self.place.log.stat().st_size - 4000) if self.place.log.exists() else 0
        return "\n".join(_read_from(self.place.log, begin).splitlines()[-lines:])

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """A file lock: of several processes one starts the server, and the others find it running."""
        with (self.place.home / "database.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # --- Making the cluster ---

    def _make_cluster(self) -> None:
        """Created beside its place and then renamed: a killed initdb leaves nothing that looks like a cluster."""
        if self.place.data.exists():
            return
        self.place.make_password()
        unfinished = self.place.data.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb", "--pgdata", unfinished, "--username=postgres", "--data-checksums",
            "--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile", self.place.directory / "password",
            *self.binaries.locale_options,
        )  # fmt: skip
        unfinished.rename(self.place.data)

    def _make_roles(self) -> None:
        """Create the roles, once for each version of roles.sql."""
        sql, done = ROLES_SQL.read_text(), self.place.directory / "roles.done"
        if done.exists() and done.read_text() == sql:
            return
        answer = self._ask("psql", "--no-psqlrc", "--quiet", "--dbname=postgres", input=sql)
        if answer.returncode != 0:
            raise DatabaseError(f"The database's roles could not be made: {answer.stderr.strip()}")
        done.write_text(sql)

    # --- Starting the server ---

    def _start_server(self) -> None:
        """Start with retries: after a crash the dead server's lock and shared memory may remain for a second or two."""
        deadline = time.monotonic() + PATIENCE
        while not self.is_running():
            try:
                self._start_once()
            except DatabaseError as error:
                if time.monotonic() > deadline or not any(trouble in str(error) for trouble in PASSING_TROUBLES):
                    raise
                time.sleep(0.3)

    def _start_once(self) -> None:
        log = self.place.log
        begin = log.stat().st_size if log.exists() else 0
        self.place.choose_port()
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in self._settings().items())
        try:
            self._run(
                "pg_ctl", "start", "--pgdata", self.place.data, "--log", log, "--options", options,
                "--wait", f"--timeout={PATIENCE}",
            )  # fmt: skip
        except DatabaseError as error:
            raise DatabaseError(f"{error}\n{_read_from(log, begin)}\nThe whole log: {log}") from None

    def _settings(self) -> dict[str, str]:
        """fsync and synchronous_commit keep their default (on): what was acknowledged is on disk."""
        ours = {
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "random_page_cost": "1.1",  # of disks without moving parts: else whole tables are read for a few rows
            "shared_buffers": f"{_quarter_of_memory()}MB",
        }
        return {**ours, **self.place.way_in.server_settings, **self._given_settings}

    def _stop_server(self) -> bool:
        if not self.is_running() and not self.is_alive():
            return False
        if (pid := self.place.postmaster) and self.is_alive():
            os.kill(pid, signal.SIGCONT)  # one that was frozen could not end
        self._run("pg_ctl", "stop", "--pgdata", self.place.data, "--mode=fast", "--wait", f"--timeout={PATIENCE}")
        return True

    # --- Running PostgreSQL's programs ---

    @property
    def _copied_programs(self) -> Path:
        return self.place.directory / "programs"

    def _make_binaries_reachable(self) -> None:
        if self.binaries.run_by(self.place.account):
            shutil.rmtree(self._copied_programs, ignore_errors=True)
        else:
            self.binaries.copied_to(self._copied_programs)

    def _run(self, program: str, *arguments: Any) -> None:
        """Run as the server's account, in a session of its own, so that Ctrl-C of the terminal does not reach it."""
        copies = self._copied_programs.glob(f"*/*/bin/{program}")
        executable = next(copies, self.binaries.directory / program)
        with tempfile.TemporaryFile() as output:  # a file, because the server would keep a pipe open
            answer = subprocess.run(
                [executable, *map(str, arguments)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", env=_environment(),
                umask=0o077, start_new_session=True, **self.place.account.for_subprocess(),
            )  # fmt: skip
            if answer.returncode != 0:
                output.seek(0)
                raise DatabaseError(f"PostgreSQL's {program} failed: {output.read().decode(errors='replace').strip()}")

    def _ask(self, program: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run as the current user, connected by WayIn."""
        way_in, password = self.place.way_in, self.place.password
        environment = {
            **_environment(),
            "PGHOST": way_in.host,
            "PGPORT": way_in.port,
            "PGUSER": "postgres",
            "PGPASSWORD": password,
            "BORDERPOST_OWNER_PASSWORD": password,
            "BORDERPOST_APP_PASSWORD": password,
        }
        command: list[Any] = [self.binaries.directory / program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, **options)


def _quarter_of_memory() -> int:
    """In MB, at most MOST_SHARED. It is taken as far as data are read."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(max(memory // 4 // 2**20, LEAST_SHARED), MOST_SHARED)


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**ours, "LC_ALL": "C"}


def _read_from(log: Path, begin: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(begin)
        return file.read().decode(errors="replace").strip()[-2000:]
