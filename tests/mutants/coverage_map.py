"""Which test runs which line, by coverage's dynamic contexts, and how long each test takes. Kept by file of tests."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import coverage
import pytest

from tests.mutants.laboratory import Laboratory, run_items

ROOT = Path(__file__).resolve().parent.parent.parent
AT_ONE_TIME = 4  # files of tests in one fork, after which their map is written


@dataclass
class CoverageMap:
    """`lines`: by file and line the tests that run it; `seconds`: what each takes. Tests that fail are in neither."""

    lines: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, kept: dict) -> None:
        tests, failed = list(kept["seconds"]), set(kept["failed"])
        self.seconds |= {test: seconds for test, seconds in kept["seconds"].items() if test not in failed}
        for file, lines in kept["lines"].items():
            for line, places in lines.items():
                self.lines[file][int(line)] |= {tests[place] for place in places if tests[place] not in failed}

    def tests_of(self, file: str, lines: tuple[int, int]) -> set[str]:
        return set().union(*(self.lines[file].get(line, set()) for line in range(lines[0], lines[1] + 1)))

    def tests_of_file(self, file: str) -> set[str]:
        return set().union(*self.lines[file].values())


class Store:
    """Kept maps: of a file of tests as long as it is what it was, and so are the lines of mutated files that it runs.

    Lines that stand elsewhere by now are told by the former text of their file, which is kept beside the maps.
    """

    def __init__(self, folder: Path, files: Collection[str]):
        self.folder, self.texts = folder, {file: (ROOT / file).read_text() for file in sorted(files)}
        self.digests = {file: _digest(text) for file, text in self.texts.items()}
        self.moved = cache(self._moved)
        (folder / "sources").mkdir(parents=True, exist_ok=True)
        for file, digest in self.digests.items():
            self._source(digest).write_text(self.texts[file])

    def missing(self, files_of_tests: Collection[str]) -> list[str]:
        return [tests for tests in files_of_tests if self._kept(tests) is None]

    def read(self, files_of_tests: Collection[str]) -> CoverageMap:
        found = CoverageMap()
        for tests in files_of_tests:
            if kept := self._kept(tests):
                found.add(kept)
        return found

    def write(self, tests: str, kept: dict) -> None:
        self._path(tests).write_text(json.dumps(kept | {"sources": self.digests}))

    def _path(self, tests: str) -> Path:
        return self.folder / f"{_digest((ROOT / tests).read_text() + tests)}.json"

    def _source(self, digest: str) -> Path:
        return self.folder / "sources" / digest

    def _kept(self, tests: str) -> dict | None:
        """The map of these tests with lines as they stand today; None if there is none that still holds."""
        if not (path := self._path(tests)).exists():
            return None
        kept = json.loads(path.read_text())
        if not self.digests.keys() <= kept["sources"].keys():
            return None
        lines: dict[str, dict[int, list[int]]] = {}
        for file in kept["lines"].keys() & self.texts.keys():
            moved = self.moved(file, kept["sources"][file])
            if not moved.keys() >= set(map(int, kept["lines"][file])):
                return None
            lines[file] = {moved[int(line)]: places for line, places in kept["lines"][file].items()}
        return kept | {"lines": lines}

    def _moved(self, file: str, digest: str) -> dict[int, int]:
        """Where each line of a former text stands today, without those that changed, or that something new stands
        beside: who runs these may run other lines now."""
        before, after = self._source(digest).read_text().split("\n"), self.texts[file].split("\n")
        found: dict[int, int] = {}
        for old, new, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
            begin, end = int(old + new > 0), size - (old + size < len(before) or new + size < len(after))
            found |= {old + place + 1: new + place + 1 for place in range(begin, end)}
        return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def make(laboratory: Laboratory, store: Store, files_of_tests: Sequence[str]) -> None:
    """Run these files of tests under coverage, in one fork, and keep what they run."""
    by_file = laboratory.by_file()
    items = [item for tests in files_of_tests for item in by_file[tests]]
    laboratory.database.renew()
    laboratory.fork(lambda: _make_there(items, store), cpu_seconds=3_600, seconds=3_600)
    laboratory.database.is_dirty = True


def _make_there(items: list[pytest.Item], store: Store) -> None:
    included = [str(ROOT / file) for file in store.texts]
    # Of what only Python 3.14 has the quicker way of measuring knows no contexts.
    measured = coverage.Coverage(data_file=None, config_file=False, include=included, messages=False)

    measured.start()
    fixtures = _ContextOfModules(measured)
    items[0].config.pluginmanager.register(fixtures)
    watch = run_items(items, stop_at_first=False, before_each=lambda item: measured.switch_context(item.nodeid))
    measured.stop()
    _keep(measured.get_data(), store, watch.seconds, watch.failed)


class _ContextOfModules:
    """Fixtures of a whole module run in a context of their file: all its tests stand on what they ran."""

    def __init__(self, measured: coverage.Coverage):
        self.measured = measured

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef, request):
        if fixturedef.scope == "function":
            return (yield)
        self.measured.switch_context(request.node.nodeid.partition("::")[0] or "session")
        try:
            return (yield)
        finally:
            self.measured.switch_context(request._pyfuncitem.nodeid)


def _keep(data: coverage.CoverageData, store: Store, seconds: dict[str, float], failed: list[str]) -> None:
    by_file: dict[str, dict] = defaultdict(lambda: {"seconds": {}, "failed": [], "lines": {}})
    place = {}
    for test, spent in seconds.items():
        kept = by_file[test.partition("::")[0]]
        place[test] = len(kept["seconds"])
        kept["seconds"][test] = spent
    for test in failed:
        by_file[test.partition("::")[0]]["failed"].append(test)
    for file in store.texts:
        for line, contexts in data.contexts_by_lineno(str(ROOT / file)).items():
            for context in contexts:
                tests = context.partition("::")[0]
                if tests not in by_file:
                    continue
                places = [place[context]] if context in place else range(len(by_file[tests]["seconds"]))
                by_file[tests]["lines"].setdefault(file, {}).setdefault(line, set()).update(places)
    for tests, kept in by_file.items():
        kept["lines"] = {f: {n: sorted(p) for n, p in lines.items()} for f, lines in kept["lines"].items()}
        store.write(tests, kept)
