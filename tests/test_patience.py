"""No test fails because a machine is slow: nothing waits for a fixed time, or gives up within a minute."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent
FEWEST_SECONDS = 60
# How long what waits may take at most, by place among the words where it has no name: join(60), wait_for(done, 60).
PATIENT = {
    "join": 0,
    "wait": 0,
    "result": 0,
    "settimeout": 0,
    "communicate": 1,
    "wait_for": 1,
    "acquire": 1,
    "Barrier": 2,
}
# Of Playwright, which counts in milliseconds.
OF_BROWSERS = {"set_default_timeout", "set_default_navigation_timeout"}
NAMES = {"timeout", "connect_timeout", "timeout_seconds"}
# What must be slow, or end early, for what it proves.
EXCEPTIONS = {
    "forum/test_searching.py: pg_sleep in a text",  # a search that takes longer than its limit, which ends it
    "forum/test_search_with_fewer_words.py: pg_sleep in a text",  # likewise
    "forum/test_candidates.py: pg_sleep in a text",  # likewise
    "config/test_frozen_database.py: pg_sleep in a text",  # a server that does not answer, which is given up sooner
    "config/test_worker.py: join gives up after 1.5",  # in which a worker must not begin, so a slow machine passes
    "config/noted_tasks.py: a fixed sleep",  # a task, so long that another worker could come in between
    "faults/rounds/database.py: a fixed sleep",  # how long the database is frozen
    "faults/rounds/traffic.py: a fixed sleep",  # how long members write, and how slow their line is
    "processes/test_reload.py: wait gives up after 0.02",  # the pause between two requests of one visitor
}
# Files without any of these are not parsed.
SIGNS = re.compile(
    r"sleep|timeout|deadline|monotonic\(\) \+|\.(?:join|wait|wait_for|result|acquire)\(|Barrier\(|communicate\("
)


def impatience_of(source):
    """What of a test file a slow machine would fail, or a quick one would wait for in vain."""
    if not SIGNS.search(source):
        return []
    tree = ast.parse(source)
    numbers = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [found for node, loops in nodes_in_loops(tree) if (found := _impatience(node, loops, numbers))]


def _impatience(node, loops, numbers):
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "pg_sleep(" in node.value:
        return "pg_sleep in a text"
    if isinstance(node, ast.keyword) and node.arg == "deadline":
        return "a deadline of its own"
    match node:
        case ast.BinOp(left=ast.Call(func=ast.Attribute(attr="monotonic")), op=ast.Add(), right=limit):
            return _too_short(limit, FEWEST_SECONDS, numbers, "a clock")
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name == "wait_for_timeout":
        return "a fixed sleep of the browser"
    if name == "sleep":
        return _impatience_of_sleep(node, loops, numbers)
    limit = next((keyword.value for keyword in node.keywords if keyword.arg in NAMES), None)
    place = PATIENT.get(name)
    if limit is None and place is not None and len(node.args) > place:
        limit = node.args[place]
    if name in OF_BROWSERS and node.args:
        return _too_short(node.args[0], FEWEST_SECONDS * 1_000, numbers, name)
    return _too_short(limit, FEWEST_SECONDS, numbers, name)


def _impatience_of_sleep(node, loops, numbers):
    """A sleep is for looking again and again; where the looks are counted, for a minute at least."""
    if not loops:
        return "a fixed sleep"
    match loops[-1]:
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[tries])):
            pause = _number(node.args[0], numbers)
            many = _number(tries, numbers)
            if many is not None and pause is not None and many * pause < FEWEST_SECONDS:
                return f"looks {many} times with pauses of {pause} seconds"
    return None


def _too_short(limit, fewest, numbers, name):
    number = _number(limit, numbers)
    return f"{name} gives up after {number}" if number is not None and number < fewest else None


def _number(node, numbers):
    if isinstance(node, ast.Name):
        node = ast.Constant(numbers.get(node.id))
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    return node.value if is_number and not isinstance(node.value, bool) else None


def nodes_in_loops(node, loops=()):
    """All nodes below this one, each with the loops around it in its function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            around = ()
        elif isinstance(child, ast.For | ast.While):
            around = (*loops, child)
        else:
            around = loops
        yield child, around
        yield from nodes_in_loops(child, around)


def test_no_test_depends_on_a_fast_machine():
    found = {
        f"{path.relative_to(ROOT).as_posix()}: {what}"
        for path in sorted(ROOT.rglob("*.py"))
        if path.name not in {"conftest.py", Path(__file__).name} or path.parent.name == "browser"
        for what in impatience_of(path.read_text())
    }

    assert found - EXCEPTIONS == set()
    assert found >= EXCEPTIONS


@pytest.mark.parametrize(
    "line",
    [
        "time.sleep(0.5)",
        "sleep(1)",
        "page.wait_for_timeout(500)",
        "thread.join(2.5)",
        "done.wait(timeout=10)",
        "done.wait(10)",
        "process.communicate(timeout=30)",
        "Barrier(2, timeout=5)",
        "HTTPConnection('127.0.0.1', 8000, timeout=10)",
        "client.settimeout(5)",
        "psycopg.connect(address, connect_timeout=3)",
        "context.set_default_timeout(5_000)",
        "settings(max_examples=5, deadline=200)",
        "settings(deadline=None)",
        "cursor.execute('SELECT pg_sleep(0.1)')",
        "SOON = 5\nthread.join(SOON)",
        "ends_at = time.monotonic() + 20",
        "for _ in range(100):\n    time.sleep(0.1)",
        "while not done:\n    def look():\n        time.sleep(1)",
    ],
)
def test_impatience_is_found(line):
    assert impatience_of(line)


@pytest.mark.parametrize(
    "line",
    [
        "thread.join()",
        "thread.join(60)",
        "', '.join(words)",
        "os.path.join(folder, name)",
        "process.communicate(timeout=120)",
        "values.get('days', 3)",
        "context.set_default_timeout(60_000)",
        "while not done:\n    time.sleep(0.05)",
        "for _ in range(1_200):\n    time.sleep(0.05)",
        "MINUTE = 60\nthread.join(MINUTE)",
    ],
)
def test_patience_is_no_fault(line):
    assert impatience_of(line) == []


def test_hypothesis_has_one_profile_without_a_deadline():
    assert settings().deadline is None
