"""When a mutant counts as killed."""

import os
import signal

import pytest

from tests.mutants import experiment
from tests.mutants.coverage_map import CoverageMap
from tests.mutants.experiment import Experiment, Tally
from tests.mutants.laboratory import DIED, ENDED, Laboratory, Run
from tests.mutants.mutations import mutants_of

FILE = "forum/permissions.py"


class Room:
    """In the place of the laboratory: tests by name, and which of them fail with a mutant, and without any."""

    def __init__(self, *, failing=(), always_failing=(), problem=""):
        self.failing, self.always_failing, self.problem, self.controls = failing, always_failing, problem, []

    def run(self, tests, prepare, *, cpu_seconds=None):
        is_control = cpu_seconds is None
        if is_control:
            self.controls += tests
        fails = [test for test in tests if test in self.always_failing or (test in self.failing and not is_control)]
        return Run(failed=fails[0] if fails else "", problem=self.problem, tests=len(tests))


@pytest.fixture
def tried(monkeypatch, tmp_path):
    """Try some mutants with the tests a, b and c in a room."""
    monkeypatch.setattr(experiment, "chosen_tests", lambda *arguments, **words: ["a", "b", "c"])
    monkeypatch.setattr(experiment, "files_importing", lambda *arguments: set())
    monkeypatch.setattr(experiment, "is_equivalent", lambda *arguments: False)

    def tried_in(room, times=1):
        course = Experiment([FILE], tmp_path, seed=1, count=1, minutes=1)
        course.laboratory = room
        tally, known = Tally(), CoverageMap(seconds=dict.fromkeys("abc", 0.1))
        for mutant in mutants_of(FILE, experiment.source_of(FILE))[:times]:
            course._try(mutant, known, tally)
        return tally

    return tried_in


def test_a_test_that_fails_kills_a_mutant(tried):
    assert tried(Room(failing=["b"])).killed == 1


def test_a_test_that_fails_also_without_it_kills_none(tried):
    tally = tried(Room(always_failing=["b"]))

    assert (tally.killed, len(tally.survivors)) == (0, 1)


def test_the_others_may_still_kill_it(tried):
    assert tried(Room(failing=["c"], always_failing=["a", "b"])).killed == 1


def test_each_test_that_kills_is_tried_without_mutant_once(tried):
    room = Room(failing=["c"], always_failing=["a"])

    assert tried(room, times=3).killed == 3
    assert room.controls == ["a", "c"]


def test_a_process_that_dies_without_report_is_no_kill_and_one_that_its_bound_ends_is(tried):
    died, ended = tried(Room(problem=DIED)), tried(Room(problem=ENDED))

    assert (died.killed, len(died.survivors), sum(died.left_out.values())) == (0, 0, 1)
    assert (ended.killed, ended.by_its_bound) == (1, 1)


def count_for_ever():
    while True:
        pass


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(
    "work",
    [
        lambda: None,
        lambda: os.kill(os.getpid(), signal.SIGUSR1),
        lambda: os.kill(os.getpid(), signal.SIGKILL),  # as the system does where memory is short
        lambda: os._exit(1),
    ],
)
def test_an_end_of_its_own_is_none_by_the_bound_of_time(tmp_path, work):
    assert not Laboratory(lambda laboratory: 0, tmp_path).fork(work, cpu_seconds=60, seconds=60)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(("work", "cpu_seconds", "seconds"), [(signal.pause, 0, 0.2), (count_for_ever, 1, 60)])
def test_its_bound_of_time_is(tmp_path, work, cpu_seconds, seconds):
    assert Laboratory(lambda laboratory: 0, tmp_path).fork(work, cpu_seconds=cpu_seconds, seconds=seconds)
