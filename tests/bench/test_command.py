"""What `./run bench` understands."""

import subprocess
import sys

import pytest

from bench import printout
from bench.__main__ import _alone, _measure, _read_arguments
from bench.pages import WrongAnswer
from config.devserver.launcher import ROOT, Stop


def test_its_words(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["bench", "--rounds", "3", "--requests", "9", "--profile", "guest"])

    arguments = _read_arguments()

    assert (arguments.rounds, arguments.requests, arguments.profile) == (3, 9, "guest")


def test_no_rounds_are_no_measurement():
    answer = subprocess.run(
        [sys.executable, "-m", "config.devserver.launcher", "bench", "--rounds", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 2
    assert "--rounds" in answer.stderr


def test_two_at_a_time_would_measure_each_other(tmp_path):
    with _alone(tmp_path), pytest.raises(Stop, match="Another"), _alone(tmp_path):
        pass


def test_a_page_that_answers_wrongly_ends_the_run_with_1(monkeypatch, tmp_path, capsys):
    def answer_wrongly(*words, **more):
        raise WrongAnswer("Forum index (/) answered 500 instead of 200.")

    monkeypatch.setattr(sys, "argv", ["bench"])
    monkeypatch.setattr(printout, "report", answer_wrongly)

    assert _measure(_read_arguments(), tmp_path) == 1
    assert "answered 500" in capsys.readouterr().err
