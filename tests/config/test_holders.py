"""Who uses a home: counted by locks that the system gives back, however a process ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

from config.devserver import holders
from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.holders import Hold
from config.devserver.processes import end_rest, start_process, stop_holders
from config.devserver.site_environment import running

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"]


class FakeServer(EmbeddedPostgres):
    """Notes whether it is started and stopped, and is no server."""

    def __init__(self, home):
        super().__init__(home)
        self.stops = 0

    def start(self):
        self.place.make_home()
        return True

    def _stop_server(self):
        self.stops += 1
        return True


@pytest.fixture
def started():
    """Start processes that are killed at the end of the test."""
    made = []

    def start(command, *holds, **options):
        made.append(start_process(command, dict(os.environ), [hold.descriptor for hold in holds]))
        return made[-1]

    yield start
    for process in made:
        process.kill()
        process.wait()


def test_who_ends_last_stops_the_database(tmp_path):
    server = FakeServer(tmp_path / "home")

    with running(server):
        with running(server):
            pass
        stopped_within = server.stops

    assert (stopped_within, server.stops) == (0, 1)


def test_the_first_may_end_before_the_second(tmp_path):
    server = FakeServer(tmp_path / "home")
    first, second = server.hold(), server.hold()

    server.let_go(first)
    after_first = server.stops
    server.let_go(second)

    assert (after_first, server.stops) == (0, 1)


def test_a_process_that_was_killed_does_not_count(tmp_path, started):
    server = FakeServer(tmp_path / "home")
    first, second = server.hold(), server.hold()
    killed = started(SLEEPER, second)
    second.let_go()
    killed.kill()
    killed.wait()

    server.let_go(first)

    assert server.stops == 1


def test_the_web_server_of_a_run_that_was_killed_counts(tmp_path, started):
    server = FakeServer(tmp_path / "home")
    of_run, of_command = server.hold(), server.hold()
    web = started(SLEEPER, of_run)
    of_run.let_go()  # as the system does when ./run is killed

    server.let_go(of_command)
    with_web = server.stops
    web.kill()
    web.wait()
    server.let_go(server.hold())

    assert (with_web, server.stops) == (0, 1)


def test_who_holds_the_file_is_found_and_nobody_else(tmp_path, started):
    path = holders.users(tmp_path)
    hold = Hold(path)
    ours = started(SLEEPER, hold)
    started(SLEEPER)

    assert holders.who(path) == [ours.pid]
    assert holders.who(tmp_path / "nothing") == []


def test_the_port_of_a_forum_is_known_while_it_runs(tmp_path, started):
    hold = Hold(holders.port_file(tmp_path, 8123))
    web = started(SLEEPER, hold)
    hold.let_go()
    while_it_runs = holders.serving_port(tmp_path)
    web.kill()
    web.wait()

    assert (while_it_runs, holders.serving_port(tmp_path)) == (8123, None)


def test_stop_ends_all_that_hold_it_also_those_that_do_not_want_to(tmp_path, started, monkeypatch):
    monkeypatch.setattr("config.devserver.processes.GRACE", 0)
    hold = Hold(holders.users(tmp_path))
    meek, stubborn = started(SLEEPER, hold), started(STUBBORN, hold)
    hold.let_go()

    assert stop_holders(tmp_path)
    assert meek.wait(60) == -signal.SIGTERM
    assert stubborn.wait(60) in {-signal.SIGKILL, -signal.SIGTERM}
    assert not stop_holders(tmp_path)


def test_what_a_killed_process_left_of_its_session_is_ended():
    code = f"import subprocess, time; print(subprocess.Popen({SLEEPER!r}).pid, flush=True); time.sleep(600)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()

    end_rest(parent, patience=0)

    deadline = time.monotonic() + 60
    while is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as words:
            return words.read() != b""  # a zombie has none
    except OSError:
        return False
