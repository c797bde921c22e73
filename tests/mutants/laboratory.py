"""A pytest plugin in the place of pytest's own loop: it forks, and each fork runs chosen tests on one mutant."""

import json
import os
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from hypothesis import Phase, settings
from psycopg import sql

# What a run may take besides what its tests usually take: CPU seconds, and seconds on a machine that is busy.
CPU_SECONDS, SECONDS = 20, 300
ENDED = "Its bound of time ended it."
DIED = "It died without a report."


@dataclass(frozen=True)
class Run:
    """What a fork says at its end: the first test that failed, or that it made no sense; or how it ended unheard."""

    failed: str = ""
    is_dirty: bool = True
    problem: str = ""
    tests: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


class Laboratory:
    """Runs tests in forks of this process, which has imported and collected everything, and made the database."""

    def __init__(self, experiment: Callable[["Laboratory"], int], folder: Path):
        self.experiment, self.folder = experiment, folder
        self.items: dict[str, pytest.Item] = {}
        self.outcome = 0

    def pytest_collection(self) -> None:
        """Before tests take their settings: the first example that fails is enough, and none is kept."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings(), phases=phases, database=None)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("Some tests cannot be collected.")
        self.items = {item.nodeid: item for item in session.items if not starts_processes(item)}
        self._make_database(session)
        self.database = Database()
        self.database.keep()
        self.outcome = self.experiment(self)
        return True

    def by_file(self) -> dict[str, list[pytest.Item]]:
        """The tests of each file, in their order."""
        found = defaultdict(list)
        for test, item in self.items.items():
            found[test.partition("::")[0]].append(item)
        return found

    def run(self, tests: Sequence[str], prepare: Callable[[], None], *, cpu_seconds: float = 0) -> Run:
        """Run these tests in a fork, after `prepare` there, until the first that fails."""
        report = self.folder / "report"
        report.unlink(missing_ok=True)
        if self.database.is_dirty:
            self.database.renew()
        items = sorted((self.items[test] for test in tests), key=has_real_transactions)
        is_ended = self.fork(lambda: self._run_there(items, prepare, report), CPU_SECONDS + 5 * cpu_seconds)
        said = json.loads(report.read_text()) if report.exists() else {"problem": ENDED if is_ended else DIED}
        answer = Run(**said)
        self.database.is_dirty = answer.is_dirty
        return answer

    def fork(self, work: Callable[[], None], cpu_seconds: float, seconds: float = SECONDS) -> bool:
        """Do the work in a fork, and wait until it ends; after these seconds (or CPU seconds) it is ended. Returns
        whether that was its end: not so where it fell, or the system ended it for its memory."""
        connections.close_all()
        pid = os.fork()
        if not pid:
            _work_alone(work, self.folder / "output", int(cpu_seconds))
        ends_at = time.monotonic() + seconds + 20 * cpu_seconds
        is_ended = False
        while (state := os.waitpid(pid, os.WNOHANG))[0] == 0:
            if time.monotonic() > ends_at:
                is_ended = True
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return is_ended or (os.WIFSIGNALED(state[1]) and os.WTERMSIG(state[1]) == signal.SIGXCPU)

    def _run_there(self, items: Sequence[pytest.Item], prepare: Callable[[], None], report: Path) -> None:
        try:
            prepare()
        except Exception as error:
            report.write_text(json.dumps({"is_dirty": False, "problem": f"{type(error).__name__}: {error}"}))
            return
        watch = run_items(items, stop_at_first=True)
        report.write_text(
            json.dumps(
                {
                    "failed": watch.failed[0] if watch.failed else "",
                    "is_dirty": any(map(has_real_transactions, items[: len(watch.seconds)])),
                    "problem": "", "tests": len(watch.seconds), "seconds": watch.seconds,
                }
            )
        )  # fmt: skip

    def _make_database(self, session: pytest.Session) -> None:
        """Run one test here, and leave what stands for the whole session: the database above all."""
        with_database = (item for item in session.items if uses_database(item) and not has_real_transactions(item))
        first = next(with_database, session.items[0])
        watch = _Watch()
        session.config.pluginmanager.register(watch)
        session.config.hook.pytest_runtest_protocol(item=first, nextitem=session)
        session.config.pluginmanager.unregister(watch)
        connections.close_all()
        if watch.failed:
            raise session.Interrupted(f"{first.nodeid} fails without any mutant.")


def run_items(
    items: Sequence[pytest.Item], *, stop_at_first: bool, before_each: Callable = lambda item: None
) -> "_Watch":
    """Run tests one after the other. The session as the next one ends all fixtures but those of the session."""
    watch, session = _Watch(), items[0].session
    session.config.pluginmanager.register(watch)
    for item, following in zip(items, [*items[1:], session], strict=True):
        before_each(item)
        began = time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        watch.seconds[item.nodeid] = round(time.process_time() - began, 4)
        if watch.failed and stop_at_first:
            break
    return watch


class _Watch:
    def __init__(self) -> None:
        self.failed: list[str] = []
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and report.nodeid not in self.failed:
            self.failed.append(report.nodeid)


def has_real_transactions(item: pytest.Item) -> bool:
    """Whether a test commits, and empties the tables at its end."""
    names = set(getattr(item, "fixturenames", ()))
    marks = any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
    return marks or bool(names & {"transactional_db", "live_server", "django_db_reset_sequences"})


def starts_processes(item: pytest.Item) -> bool:
    """Whether a test is of a file that starts processes: they would not know the mutant."""
    return "import subprocess" in _text_of(item.path)


@cache
def _text_of(path: Path) -> str:
    return path.read_text()


def uses_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None and item.get_closest_marker("parametrize") is None


def has_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or has_real_transactions(item)


def _work_alone(work: Callable[[], None], output: Path, cpu_seconds: int) -> None:
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        said = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(said, 1)
        os.dup2(said, 2)
        work()
    except BaseException:
        import traceback

        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)


class Database:
    """The test database as its migrations left it, and copies of it: a test with real transactions empties tables."""

    def __init__(self) -> None:
        name = connections["default"].settings_dict["NAME"]
        self.name, self.kept, self.is_dirty = name, f"{name}_kept", False
        self.url = os.environ["DATABASE_OWNER_URL"]

    def keep(self) -> None:
        """Tests that are all pure have made no database, and need none: then the name is still that of the owner's."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [self.name]).rowcount
            self.is_kept = bool(found) and connection.info.dbname != self.name
        if self.is_kept:
            self._do("DROP DATABASE IF EXISTS {kept} WITH (FORCE)", "CREATE DATABASE {kept} TEMPLATE {name}")

    def renew(self) -> None:
        if self.is_kept:
            self._do("DROP DATABASE IF EXISTS {name} WITH (FORCE)", "CREATE DATABASE {name} TEMPLATE {kept}")
        self.is_dirty = False

    def _do(self, *statements: str) -> None:
        names = {"name": sql.Identifier(self.name), "kept": sql.Identifier(self.kept)}
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(**names))
