"""What `./run faults` understands, and what its lines say."""

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

import tests.faults.__main__
from tests.faults.__main__ import chosen, read_arguments
from tests.faults.clients import Answer, Tally, Written
from tests.faults.processes import Stuck
from tests.faults.rounds import FAULTS
from tests.faults.scene import Fault, Result, Scene, count_posts, play
from tests.faults.table import HEAD, line_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "testing.md").read_text()


def launch(*words):
    command = [sys.executable, "-m", "config.devserver.launcher", "faults", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_its_help_names_every_round():
    answer = launch("--help")

    assert answer.returncode == 0
    assert [name for name in FAULTS if name not in answer.stdout] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such-round"], "no such round: no-such-round"),
        (["--rounds", "0"], "--rounds"),
        (["--rounds", "many"], "--rounds"),
        (["--seed", "-1"], "--seed"),
        (["--fast"], "unrecognized arguments: --fast"),
    ],
)
def test_what_it_does_not_understand_it_says(capsys, words, told):
    with pytest.raises(SystemExit) as ended:
        read_arguments(words)

    assert ended.value.code == 2
    assert told in capsys.readouterr().err


class Site:
    """A site of which something does not work."""

    def __init__(self, *broken):
        self.broken, self.database = broken, self

    def start(self):
        self.inside("start")

    def inside(self, what):
        if what in self.broken:
            raise Stuck(f"{what} does not end")
        return []


class Web:
    def answers(self):
        return True


@pytest.mark.parametrize(
    ("broken", "wrong"),
    [
        ([], []),
        (["script"], ["script does not end"]),
        (["drift"], ["drift does not end"]),
        (["script", "drift"], ["script does not end", "drift does not end"]),
        (["start"], ["start does not end", "start does not end"]),
        (["forget_tasks", "drift"], ["forget_tasks does not end", "forget_tasks does not end"]),
    ],
)
def test_a_round_that_cannot_be_begun_or_counted_is_a_line_of_the_table(broken, wrong):
    found = Fault("round", lambda scene: scene.site.inside("script"), False, "")

    result = play(Site(*broken), Web(), found, "1")

    assert result.wrong == wrong
    assert result.is_right == (not wrong)


def test_a_forum_that_does_not_start_is_said_in_a_line(monkeypatch, capsys):
    def play_all(arguments):
        raise Stuck("the web server answers: not in 180 s")

    monkeypatch.setattr(tests.faults.__main__, "_play_all", play_all)
    monkeypatch.setattr(tests.faults.__main__, "_alone", nullcontext)
    monkeypatch.setattr(tests.faults.__main__.signal, "signal", lambda *words: None)
    monkeypatch.setattr(sys, "argv", ["faults"])

    assert tests.faults.__main__.main() == 1
    assert capsys.readouterr().err == "the web server answers: not in 180 s\n"


def test_without_names_all_are_played_and_controls_last():
    names = [fault.name for fault in chosen(read_arguments([]))]

    assert sorted(names) == sorted(FAULTS)
    assert [name.startswith("control-") for name in names] == sorted(name.startswith("control-") for name in names)


def test_those_that_are_named_are_played_and_quick_ones_alone_if_asked():
    assert [fault.name for fault in chosen(read_arguments(["locked", "backend"]))] == ["backend", "locked"]
    assert {fault.is_quick for fault in chosen(read_arguments(["--quick"]))} == {True}


def test_every_round_is_documented():
    assert [name for name in FAULTS if f"`{name}`" not in DOCUMENT] == []


@pytest.mark.parametrize("figure", ["lost", "doubled", "drift"])
def test_a_round_that_loses_doubles_or_drifts_is_wrong_and_a_control_that_does_not(figure):
    assert Result("x").is_right
    assert not Result("x", **{figure: 1}).is_right
    assert Result("x", must_show=figure, **{figure: 1}).is_right
    assert not Result("x", must_show=figure).is_right


def test_what_never_came_to_pass_makes_a_round_wrong_and_a_control_as_well():
    assert not Result("x", wrong=["the database answers: not in 180 s"]).is_right
    assert not Result("x", must_show="lost", lost=3, wrong=["the database answers: not in 180 s"]).is_right


def test_a_round_that_cannot_be_had_here_is_not_wrong_and_has_no_figures():
    line = line_of(Result("disk-full", was_left_out=True, notes=["left out: only root can mount"]), 1, 3)

    assert line.split()[:9] == ["disk-full", "1", *["-"] * 7]
    assert "only root can mount" in line


def test_the_figures_stand_below_their_names():
    line = line_of(Result("backend", acked=12, stored=13, lost=1, doubled=2, drift=3, errors=4), 2, 5)

    assert line.split()[:9] == ["backend", "2", "12", "13", "1", "2", "3", "4", "5"]
    assert "WRONG" in line
    assert HEAD.index("acked") + len("acked") == line.index(" 12") + 3


@pytest.mark.parametrize(
    ("status", "location", "post"),
    [
        (302, "/posts/17/", 17),
        (302, "/account/login/?next=/posts/17/", None),
        (302, "/", None),
        (302, "", None),
        (200, "/posts/17/", None),
        (503, "", None),
    ],
)
def test_only_a_redirect_to_the_post_acknowledges_it(status, location, post):
    assert Answer(status, location, "").post == post


class Stored:
    """A site that has these rows, and whose counters are right."""

    def __init__(self, rows):
        self.rows = rows

    def ask(self, question, values):
        return self.rows

    def inside(self, do):
        return []


@pytest.mark.parametrize(
    ("rows", "figures"),
    [
        ([(1, "a"), (2, "b")], (2, 2, 0, 0)),
        ([(1, "a")], (2, 1, 1, 0)),
        ([(1, "a"), (2, "b"), (3, "b")], (2, 2, 0, 1)),
        # Acknowledged was another row than the one that is there.
        ([(1, "a"), (9, "b")], (2, 2, 1, 0)),
        ([(1, "a"), (2, "b"), (3, "c")], (2, 3, 0, 0)),
    ],
)
def test_lost_is_what_was_acknowledged_and_is_not_there_and_doubled_what_is_there_twice(rows, figures):
    written = [Written("", "a", 1, acknowledged=1), Written("", "b", 1, acknowledged=2), Written("", "c", 1)]
    scene = Scene(Stored(rows), None, None, Result("x"))
    scene.tally = Tally(written)

    count_posts(scene)

    found = scene.result
    assert (found.acked, found.stored, found.lost, found.doubled) == figures


def test_a_text_that_was_never_answered_and_an_error_without_the_text_are_wrong():
    scene = Scene(Stored([]), None, None, Result("x"))
    scene.tally = Tally([Written("", "a", 1)], textless=[500], unanswered=[Written("", "a", 1)])

    count_posts(scene)

    assert len(scene.result.wrong) == 2


def test_a_round_has_words_for_its_help():
    assert all(isinstance(fault, Fault) and fault.words for fault in FAULTS.values())
