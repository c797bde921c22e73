"""Which tests are run on a mutant, how the share is told, and that the tables name what there is."""

import ast
from pathlib import Path

import pytest

from tests.mutants import share
from tests.mutants.cases import EQUIVALENTS, FIXED_CASES
from tests.mutants.choice import chosen_tests, files_importing, in_turns
from tests.mutants.coverage_map import CoverageMap
from tests.mutants.mutations import Mutant, mutants_of
from tests.mutants.rooms import ROOMS, files_of

ROOT = Path(__file__).resolve().parent.parent.parent
MUTANT = Mutant("a.py", "comparison", 0, 1, (2, 3), "a", "b")


def known(**seconds):
    found = CoverageMap(seconds={name.replace("__", "::"): spent for name, spent in seconds.items()})
    found.lines["a.py"][3] = set(found.seconds)
    found.lines["a.py"][9] = {"other::test"}
    found.seconds["other::test"] = 1.0
    return found


def chosen_of(tests, *, is_constant=False):
    return chosen_tests(MUTANT, tests, is_constant=is_constant, most_seconds=10)


def test_the_quickest_of_each_file_come_first():
    seconds = {"a::one": 0.1, "a::two": 0.2, "b::one": 3.0, "b::two": 4.0}

    assert in_turns(seconds, seconds) == ["a::one", "b::one", "a::two", "b::two"]


def test_tests_that_run_a_line_of_it_are_chosen():
    assert chosen_of(known(a__one=0.1, b__one=0.2, b__two=0.3)) == ["a::one", "b::one", "b::two"]


def test_for_a_constant_tests_of_its_whole_file_are_chosen():
    assert set(chosen_of(known(a__one=0.1), is_constant=True)) == {"a::one", "other::test"}


def test_of_a_constant_those_come_first_that_run_a_line_on_which_it_is_used():
    tests = known(a__one=0.1, b__one=0.2)
    tests.lines["a.py"][12] = {"other::test"}

    chosen = chosen_tests(MUTANT, tests, is_constant=True, used_on=[12], most_seconds=10)

    assert chosen == ["other::test", "a::one", "b::one"]


def test_where_few_run_a_line_what_it_makes_may_be_kept_for_the_others():
    assert set(chosen_of(known(a__one=0.1))) == {"a::one", "other::test"}


def test_a_line_that_no_test_runs_has_none():
    assert chosen_of(CoverageMap()) == []


def test_those_that_run_what_hangs_on_it_come_first():
    tests = known(a__one=0.1, b__one=0.2, c__slow=4.0, c__slower=9.0)
    tests.lines["a.py"][4] = {"c::slow", "c::slower"}

    assert chosen_of(tests) == ["c::slow", "a::one", "b::one"]


def test_then_those_of_files_that_import_its_module():
    tests = known(a__one=0.1, b__one=0.2, c__slow=2.0, c__slower=3.0)

    chosen = chosen_tests(MUTANT, tests, is_constant=False, importing=["c"], most_seconds=10)

    assert chosen == ["c::slow", "a::one", "b::one", "c::slower"]


@pytest.mark.parametrize(
    ("file", "is_imported"),
    [("tests/mutants/choice.py", True), ("tests/mutants/share.py", True), ("tests/mutants/laboratory.py", False)],
)
def test_a_file_of_tests_imports_modules_and_from_modules(file, is_imported):
    assert files_importing(file, ["tests/mutants/test_choice.py"]) == (
        {"tests/mutants/test_choice.py"} if is_imported else set()
    )


def test_then_the_quickest_of_all_come_for_a_quarter_of_the_time():
    tests = known(a__one=0.1, a__two=0.2, a__three=0.3, b__one=3.0, b__two=3.1)

    assert chosen_of(tests) == ["a::one", "a::two", "a::three", "b::one", "b::two"]


def test_no_more_tests_are_chosen_than_there_is_time_for_and_one_at_least():
    assert chosen_of(known(a__one=6, b__one=6, b__two=7)) == ["a::one"]
    assert chosen_of(known(a__one=90, b__one=91, c__one=92)) == ["a::one"]


@pytest.mark.parametrize(
    ("killed", "tried", "low", "high"),
    [(95, 100, 0.888, 0.979), (300, 300, 0.987, 1), (0, 10, 0, 0.278), (0, 0, 0, 1)],
)
def test_the_interval_of_a_share(killed, tried, low, high):
    assert share.wilson(killed, tried) == pytest.approx((low, high), abs=0.001)


def test_a_share_is_told_with_its_interval():
    assert share.in_words(285, 300) == "285 of 300 killed: 95.0% (95 %: 91.9% to 96.9%)"


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_has_files(room):
    assert any(path for pattern in ROOMS[room] for path in ROOT.glob(pattern))


def test_files_may_be_chosen_by_how_their_paths_begin():
    assert set(files_of("forum/markup")) < set(files_of())
    assert all(file.startswith("forum/markup/") for file in files_of("forum/markup"))
    assert set(files_of("forum/markup", "pagecache")) == {*files_of("forum/markup"), *files_of("pagecache")}


# --- The tables ---


@pytest.mark.parametrize("case", FIXED_CASES, ids=lambda case: case.name)
def test_each_fixed_case_is_in_the_code_and_has_its_test(case):
    source = (ROOT / case.file).read_text()
    file, _, test = case.killed_by.partition("::")
    functions = [node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)]

    assert source.count(case.before) == 1
    assert case.mutant(source).source(source) == source.replace(case.before, case.after)
    assert functions.count(test) == 1


def test_what_is_listed_as_equivalent_is_a_mutant_still():
    found = {
        (file, *mutant.changed_line(source))
        for file, source in {case.file: (ROOT / case.file).read_text() for case in EQUIVALENTS}.items()
        for mutant in mutants_of(file, source)
    }

    assert [equivalent for equivalent in EQUIVALENTS if equivalent[:3] not in found] == []
    assert all(equivalent.reason for equivalent in EQUIVALENTS)
