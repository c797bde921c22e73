"""`./run` on a home of its own, whose processes are killed: it goes on, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from config.devserver import holders
from config.devserver.embedded_postgres import EmbeddedPostgres
from tests.config.test_run import ROOT, free_port

pytestmark = pytest.mark.rehearsal
LAUNCHER = [sys.executable, "-m", "config.devserver.launcher"]


class Forum:
    """A `./run` on a port, and what it says."""

    def __init__(self, home, log):
        self.home, self.log = home, log
        self.port = free_port()
        command = [*LAUNCHER, "--empty", "--port", str(self.port)]
        with log.open("w") as said:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment(home), stdout=said, stderr=said)

    def answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=60) as answer:
                return answer.status == 200
        except OSError:
            return False

    def said(self):
        return self.log.read_text()

    def children(self, word):
        """Its web server or worker: processes that it started itself."""
        own = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in own if word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]

    def wait_until(self, holds):
        wait_until(lambda: self.process.poll() is not None or holds(), self.said)
        assert holds(), self.said()

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(120)


@pytest.fixture(scope="module")
def home():
    """With its tables made once."""
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        Path(folder).chmod(0o711)
        launch(Path(folder), "--empty", "manage", "migrate", "--verbosity", "0")
        yield Path(folder)


@pytest.fixture
def forum(home, tmp_path):
    """Start forums; at the end nothing is left of them."""
    made = []

    def start():
        made.append(Forum(home, tmp_path / f"log-{len(made)}"))
        made[-1].wait_until(made[-1].answers)
        return made[-1]

    yield start
    launch(home, "stop")
    for one in made:
        one.process.wait(60)


def environment(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    return kept | {"BORDERPOST_HOME": str(home), "HOME": str(home), "DEMO": "0", "PYTHONUNBUFFERED": "1"}


def launch(home, *words):
    answer = subprocess.run([*LAUNCHER, *words], cwd=ROOT, env=environment(home), capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def wait_until(holds, said=lambda: ""):
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline, said()
        time.sleep(0.1)


def database_of(home):
    return EmbeddedPostgres(home / "empty")


def has_worker(home):
    health = [sys.executable, "-m", "config.health.container", "worker"]
    url = {"DATABASE_URL": database_of(home).url("app")}
    return subprocess.run(health, cwd=ROOT, env=environment(home) | url, capture_output=True).returncode == 0


def is_left(home):
    return holders.who(holders.users(home / "empty")) or database_of(home).is_alive()


def test_each_part_is_started_again_when_it_is_killed(forum, home):
    one = forum()
    one.wait_until(lambda: has_worker(home))

    os.kill(database_of(home).place.postmaster, signal.SIGKILL)
    one.wait_until(lambda: "The database fell" in one.said())
    one.wait_until(one.answers)
    one.wait_until(lambda: has_worker(home))
    worker_after_database = one.said()
    for word, name in ((b"config.wsgi", "The web server"), (b"worker", "The worker")):
        [pid] = one.children(word)
        os.kill(pid, signal.SIGKILL)
        one.wait_until(
            lambda name=name: f"{name} fell: it was ended by SIGKILL. Starting it again (1 of 3)" in one.said()
        )
    one.wait_until(one.answers)
    one.wait_until(lambda: has_worker(home))
    one.end()

    assert "The worker fell" not in worker_after_database, "it should outlive the database"
    assert "at work again" in worker_after_database
    assert not is_left(home)


def test_what_falls_a_fourth_time_ends_it_with_the_reason(forum, home):
    one = forum()
    for times in (1, 2, 3, 4):
        one.wait_until(lambda: one.children(b"worker"))
        os.kill(one.children(b"worker")[0], signal.SIGKILL)
        if times < 4:
            one.wait_until(lambda times=times: f"({times} of 3)" in one.said())

    assert one.process.wait(120) == 1
    assert "The worker was started again 3 times and fell again: it was ended by SIGKILL" in one.said()
    assert not is_left(home)


def test_two_of_them_and_a_command_share_one_database(forum, home):
    first, second = forum(), forum()
    first.end()
    wait_until(lambda: has_worker(home))  # the second one's, which waited
    launch(home, "manage", "check")

    assert second.answers()
    second.end()
    assert not is_left(home)


@pytest.mark.parametrize("order", [["run", "web"], ["worker", "run"], ["run", "database", "worker"]])
def test_stop_finds_what_is_left_whatever_was_killed_first(forum, home, order):
    one = forum()
    one.wait_until(lambda: one.children(b"worker"))
    pids = {
        "run": one.process.pid, "web": one.children(b"config.wsgi")[0], "worker": one.children(b"worker")[0],
        "database": database_of(home).place.postmaster,
    }  # fmt: skip
    os.kill(pids["run"], signal.SIGSTOP)  # it starts nothing again in between
    for name in order:
        os.kill(pids[name], signal.SIGKILL)
    if "run" in order:
        one.process.wait(60)

    assert launch(home, "stop") == "Stopped.\n"
    assert not is_left(home)
    assert not one.answers()
    assert launch(home, "stop") == "Nothing was running.\n"
