"""Which tests to run on a mutant, and in which order: those that are close to it, then quick ones, of many files."""

import ast
from collections import defaultdict
from collections.abc import Collection
from functools import cache

from tests.mutants.coverage_map import CoverageMap
from tests.mutants.mutations import Mutant
from tests.mutants.rooms import ROOT

# A line that so few tests run may make what is then kept, such as a compiled statement: others depend on it as well.
FEW = 3
# Lines behind a mutant in which what hangs on it may stand, such as what an `if` leads to.
BEHIND = 3


def chosen_tests(
    mutant: Mutant,
    known: CoverageMap,
    *,
    is_constant: bool,
    used_on: Collection[int] = (),
    importing: Collection[str] = (),
    most_seconds: float,
) -> list[str]:
    """The tests that run a line of the mutant, up to so many seconds; of a constant those that run any of its file.

    Where fewer tests run a line just behind it, as within an `if`, those come first, for half of the time; of a
    constant, those that run a line on which it is used. Then for a quarter those of the files that are `importing` its
    module, which are about it; for a quarter the quickest of all, hundreds of rows of tables about one function; then
    the quickest of each file.
    """
    met = known.tests_of(mutant.file, mutant.lines)
    if is_constant or 0 < len(met) < FEW:
        met = met | known.tests_of_file(mutant.file)
    close = _using(mutant, known, used_on) if is_constant else _closest(mutant, known, met)
    first = _within(in_turns(close, known.seconds), known.seconds, most_seconds / 2)
    for about in ({test for test in met if test.partition("::")[0] in importing}, met):
        quickest = sorted(about - set(first), key=lambda test: (known.seconds[test], test))
        first += _within(quickest, known.seconds, most_seconds / 4)
    rest = in_turns(met - set(first), known.seconds)
    return _within([*first, *rest], known.seconds, most_seconds)


def files_importing(file: str, files_of_tests: Collection[str]) -> set[str]:
    """The files of tests that import a module, or names from it."""
    module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return {tests for tests in files_of_tests if module in _imported_by(tests)}


@cache
def _imported_by(tests: str) -> frozenset[str]:
    """What a file of tests imports by dotted names: modules, and what is taken from them, which may be modules, too."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / tests).read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return frozenset(found)


def _closest(mutant: Mutant, known: CoverageMap, met: set[str]) -> set[str]:
    """Those of the fewest tests that run one of the lines behind the mutant; nothing where all run them."""
    behind = range(mutant.lines[1] + 1, mutant.lines[1] + 1 + BEHIND)
    fewer = [found for line in behind if (found := known.tests_of(mutant.file, (line, line)) & met) and found != met]
    return min(fewer, key=len, default=set())


def _using(mutant: Mutant, known: CoverageMap, used_on: Collection[int]) -> set[str]:
    return set().union(*(known.tests_of(mutant.file, (line, line)) for line in used_on))


def _within(tests: Collection[str], seconds: dict[str, float], most: float) -> list[str]:
    """The first of these tests, up to so many seconds; one at least, where there is one."""
    chosen, spent = [], 0.0
    for test in tests:
        spent += seconds[test]
        if chosen and spent > most:
            break
        chosen.append(test)
    return chosen


def in_turns(tests: Collection[str], seconds: dict[str, float]) -> list[str]:
    """The quickest test of each file, then the second of each, and so on."""
    by_file = defaultdict(list)
    for test in sorted(tests, key=lambda test: (seconds[test], test)):
        by_file[test.partition("::")[0]].append(test)
    ranked = [(place, seconds[test], test) for row in by_file.values() for place, test in enumerate(row)]
    return [test for *_, test in sorted(ranked)]
