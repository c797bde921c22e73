"""What `./run` does when a part of the forum falls, with parts that are made up."""

import sys

import pytest

from config.devserver import supervisor
from config.devserver.embedded_postgres import DatabaseError
from config.devserver.processes import Stop
from config.devserver.supervisor import ProcessPart, Supervisor


class FakePart:
    name = "The worker"

    def __init__(self, *, starts=(), name="The worker"):
        self.name = name
        self.is_here = True
        self.started = 0
        self._starts = list(starts)

    def is_up(self):
        return self.is_here

    def start(self):
        self.started += 1
        if self._starts and (error := self._starts.pop(0)):
            raise error
        self.is_here = True

    def why(self):
        return "it was ended by SIGKILL"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    class Clock:
        now = 1_000.0

        def monotonic(self):
            return self.now

        def sleep(self, seconds):
            self.now += seconds

    monkeypatch.setattr(supervisor, "time", Clock())
    return supervisor.time


def fall(watched, part, times=1):
    for _ in range(times):
        part.is_here = False
        watched.look()


def test_what_fell_is_started_again_and_it_is_said_why():
    part, said = FakePart(), []
    watched = Supervisor([part], said.append)

    fall(watched, part)
    watched.look()

    assert part.started == 1
    assert said == ["The worker fell: it was ended by SIGKILL. Starting it again (1 of 3) …"]


def test_after_three_times_it_says_why_and_stops():
    part = FakePart()
    watched = Supervisor([part], print)
    fall(watched, part, times=3)

    with pytest.raises(Stop, match="The worker was started again 3 times and fell again: it was ended by SIGKILL"):
        fall(watched, part)

    assert part.started == 3


def test_falls_of_long_ago_do_not_count(clock):
    part = FakePart()
    watched = Supervisor([part], print)

    for _ in range(12):
        fall(watched, part)
        clock.now += 300

    assert part.started == 12


def test_each_part_has_its_own_count():
    web, worker = FakePart(name="The web server"), FakePart()
    watched = Supervisor([web, worker], print)

    fall(watched, web, times=3)
    fall(watched, worker, times=3)

    assert (web.started, worker.started) == (3, 3)


def test_one_that_cannot_be_started_is_tried_three_times_too():
    part = FakePart(starts=[DatabaseError("no room")] * 4)
    watched = Supervisor([part], print)

    with pytest.raises(Stop, match="no room"):
        fall(watched, part)

    assert part.started == 3


def test_the_database_is_lifted_before_what_needs_it():
    order = []
    parts = [FakePart(name="The database"), FakePart(name="The web server")]
    for part in parts:
        part.is_here = False
        part.start = lambda name=part.name: order.append(name)

    Supervisor(parts, print).look()

    assert order == ["The database", "The web server"]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "it was ended by SIGKILL"),
        ("raise SystemExit(3)", "it ended with 3; its lines above say why"),
    ],
)
def test_why_a_process_fell(code, why):
    part = ProcessPart("The worker", [sys.executable, "-c", code], {}, [])
    part.start()
    part.process.wait(60)

    assert not part.is_up()
    assert part.why() == why
