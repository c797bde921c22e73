"""How statuses are measured: the figures, the histories of a file, and what is wrong with a bad one."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bench.management.commands.evaluate_status import made_up
from bench.status.status_evaluation import evaluate
from bench.status.status_histories import KINDS
from crossings.status.rules import Rules

KEYS = {"wrong", "brier", "shown", "lag_median", "lag_p90"}
REPORT = {"day": 70, "author": 3, "trust": "trusted", "outcome": "crossed", "direction": "a-b", "mode": "bicycle"}
HISTORY = {"prior": "open", "conflict": False, "reports": [], "truth": [[0, "passes"]], "days": 90}


def report(on_day, outcome="crossed", **more):
    return REPORT | {"day": on_day, "outcome": outcome, "author": on_day} | more


def run(**options):
    out = StringIO()
    call_command("evaluate_status", stdout=out, **options)
    return out.getvalue()


def figures(tmp_path, *histories):
    file = tmp_path / "histories.jsonl"
    file.write_text("".join(f"{json.dumps(HISTORY | history)}\n" for history in histories))
    return json.loads(run(file=file, json=True))


def test_nothing_reported_shows_nothing(tmp_path):
    found = figures(tmp_path, {})

    assert set(found) == {"now", "vote"}
    assert set(found["now"]) == set(found["vote"]) == KEYS
    assert found["now"] == {"wrong": None, "brier": 0.0625, "shown": 0, "lag_median": None, "lag_p90": None}


def test_a_passage_that_is_true_is_shown_from_its_day_on(tmp_path):
    found = figures(tmp_path, {"reports": [report(75)]})

    assert (found["now"]["wrong"], found["now"]["shown"]) == (0, 0.5)


def test_one_that_is_not_true_is_wrong(tmp_path):
    found = figures(tmp_path, {"reports": [report(75)], "truth": [[0, "shut"]]})

    assert found["now"]["wrong"] == 1


def test_the_lag_runs_from_the_second_report_after_a_change(tmp_path):
    shut = [report(100, "found-closed", trust="new"), report(103, "found-closed", trust="new")]
    late = [report(120, "found-closed"), report(121, "found-closed")]
    before = [report(day) for day in range(40, 90, 8)]

    found = figures(tmp_path, {"reports": before + shut + late, "truth": [[0, "passes"], [95, "shut"]], "days": 200})

    assert found["now"]["lag_median"] == 120 - 103


def test_a_change_that_is_never_shown_counts_until_its_end(tmp_path):
    shut = [report(100, "found-closed", trust="new"), report(103, "found-closed", trust="new")]

    found = figures(tmp_path, {"reports": shut, "truth": [[0, "passes"], [95, "shut"], [150, "passes"]], "days": 200})

    assert found["now"]["lag_median"] == 150 - 103


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "this is not JSON"),
        ("[]", "a history is a JSON object"),
        (json.dumps(HISTORY | {"prior": "disputed"}), '"prior" is one of open, limited'),
        (json.dumps(HISTORY | {"days": "90"}), '"days" is a whole number'),
        (json.dumps(HISTORY | {"truth": []}), '"truth" begins on day 0'),
        (json.dumps(HISTORY | {"truth": [[0, "open"]]}), "the states are passes and shut"),
        (json.dumps(HISTORY | {"reports": {}}), '"reports" is a list'),
        (json.dumps(HISTORY | {"reports": [report(3), report(4, trust="expert")]}), 'report 2: "trust" is one of'),
        (json.dumps(HISTORY | {"reports": [report(3, day=-1)]}), 'report 1: "day" is a whole number'),
    ],
)  # fmt: skip
def test_a_bad_file_gets_one_sentence_with_the_number_of_the_line(tmp_path, line, words):
    file = tmp_path / "bad.jsonl"
    file.write_text(f"{json.dumps(HISTORY)}\n\n{line}\n")

    with pytest.raises(CommandError) as error:
        run(file=file)

    assert f"{file}, line 3: " in str(error.value)
    assert words in str(error.value)


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), (b"\xff", "not text"), (b"\n", "no history")])
def test_a_file_without_histories_says_so(tmp_path, content, words):
    file = tmp_path / "none.jsonl"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError, match=words):
        run(file=file)


def test_made_up_histories_are_the_same_for_the_same_seed():
    one, same, other = (run(simulate=1, kind="thin", seed=seed, json=True) for seed in (1, 1, 2))

    assert one == same
    assert one != other


def test_each_kind_of_crossing_has_a_table_with_both_rules_side_by_side():
    words = run(simulate=1)

    assert [line.split(":")[0] for line in words.splitlines() if "1 history" in line] == list(KINDS)
    assert words.count("  now   said and true: ") == words.count("  vote  said and true: ") == len(KINDS)


def test_the_filter_is_wrong_less_often_than_the_vote():
    found = evaluate(made_up("puppets", 12, 1), Rules())

    assert found["now"].as_json()["wrong"] < found["vote"].as_json()["wrong"]
