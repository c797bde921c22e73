"""How long the map of a file of tests holds, and where lines stand that have moved since."""

import pytest

from tests.mutants import coverage_map
from tests.mutants.coverage_map import Store

CODE = ["def one():", "    return 1", "", "def two():", "    a = 2", "    b = 3", "    return a + b"]


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(coverage_map, "ROOT", tmp_path)
    write(tmp_path, "a.py", CODE)
    write(tmp_path, "b.py", ["x = 1"])
    write(tmp_path, "test_a.py", ["tests"])
    return tmp_path


def write(root, file, lines):
    (root / file).write_text("\n".join(lines))


def store_of(root, *files):
    return Store(root / "kept", files or ("a.py", "b.py"))


def keep(root, *lines):
    """Keep that test_a.py has one test, which runs these lines of a.py."""
    kept = {"seconds": {"test_a.py::test": 0.1}, "failed": [], "lines": {"a.py": {line: [0] for line in lines}}}
    store_of(root).write("test_a.py", kept)


def lines_of(store):
    found = store.read(["test_a.py"])
    return sorted(line for line, tests in found.lines["a.py"].items() if tests == {"test_a.py::test"})


def test_it_holds_while_nothing_changes(root):
    assert store_of(root).missing(["test_a.py"]) == ["test_a.py"]

    keep(root, 5, 6, 7)

    assert store_of(root).missing(["test_a.py"]) == []
    assert lines_of(store_of(root)) == [5, 6, 7]


def test_it_ends_with_a_change_of_the_tests(root):
    keep(root, 5)
    write(root, "test_a.py", ["other tests"])

    assert store_of(root).missing(["test_a.py"]) == ["test_a.py"]


def test_lines_that_moved_are_told_where_they_stand(root):
    keep(root, 5, 6, 7)
    write(root, "a.py", ["import sys", "", *CODE])

    assert store_of(root).missing(["test_a.py"]) == []
    assert lines_of(store_of(root)) == [7, 8, 9]


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        (["def one():", "    return 2", *CODE[2:]], True),
        ([*CODE[:5], "    b = 4", CODE[6]], False),
        ([*CODE[:5], CODE[6]], False),
        ([*CODE[:6], "    b += 1", CODE[6]], False),
        ([*CODE, "", "def three():", "    return 3"], False),  # it may go on there now
        (["def one():", *CODE[3:]], True),
    ],
    ids=["another function", "a line", "a line less", "a line more", "a line behind", "another function less"],
)
def test_it_ends_with_a_change_of_or_beside_a_line_that_they_run(root, changed, holds):
    keep(root, 5, 6, 7)
    write(root, "a.py", changed)

    assert (store_of(root).missing(["test_a.py"]) == []) == holds


def test_a_map_of_fewer_files_does_not_do_for_more(root):
    keep(root, 5)
    write(root, "c.py", ["y = 1"])

    assert store_of(root, "a.py").missing(["test_a.py"]) == []
    assert store_of(root, "a.py", "b.py", "c.py").missing(["test_a.py"]) == ["test_a.py"]


def test_a_file_that_is_gone_is_left_out(root):
    keep(root, 5)
    (root / "a.py").unlink()

    store = store_of(root, "b.py")

    assert store.missing(["test_a.py"]) == []
    assert store.read(["test_a.py"]).lines == {}
