"""The course of `./run mutants`: the fixed cases, the map of the tests, then one mutant after the other."""

import ast
import gc
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.mutants import coverage_map, share
from tests.mutants.cases import FIXED_CASES, is_equivalent
from tests.mutants.choice import chosen_tests, files_importing
from tests.mutants.exchange import Exchange, can_be_exchanged, is_constant, lines_of_use
from tests.mutants.laboratory import DIED, ENDED, Laboratory, Run, has_database
from tests.mutants.mutations import Mutant, mutants_of

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Tally:
    killed: int = 0
    by_its_bound: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def tried(self) -> int:
        return self.killed + len(self.survivors)


@dataclass
class Experiment:
    files: list[str]
    kept_in: Path
    seed: int
    count: int
    minutes: float
    only_fixed: bool = False
    # CPU seconds of tests for one mutant. Most of those that are killed are killed within one.
    most_seconds: float = 20
    # By test that killed a mutant: whether it fails without any, too.
    is_failing: dict[str, bool] = field(default_factory=dict)

    def __call__(self, laboratory: Laboratory) -> int:
        self.ends_at = time.monotonic() + 60 * self.minutes
        self.laboratory, self.exchange = laboratory, Exchange({*self.files, *(case.file for case in FIXED_CASES)})
        gc.freeze()  # so that forks share the memory of what is there; frozen objects cannot be looked for any more
        survived = self._try_fixed_cases()
        if not self.only_fixed:
            known = self._map_tests()
            survived += self._try_mutants(known)
        return 1 if survived else 0

    # --- The fixed cases ---

    def _try_fixed_cases(self) -> int:
        say(f"{len(FIXED_CASES)} fixed cases …")
        tests_of = {
            case: [test for test in self.laboratory.items if test.partition("[")[0] == case.killed_by]
            for case in FIXED_CASES
        }
        self._prove_that_tests_pass([test for tests in tests_of.values() for test in tests])
        survived = 0
        for case, tests in tests_of.items():
            run = self._run(tests, case.mutant(source_of(case.file))) if tests else None
            if run is None:
                say(f"  left out (its test is not among those that were asked for): {case.name}")
            elif not run.failed:
                survived += 1
                say(f"  SURVIVED {case.killed_by}: {case.name}. {run.problem}")
        say(f"  {survived} survived.")
        return survived

    def _prove_that_tests_pass(self, tests: list[str]) -> None:
        """The control: where a test fails without any mutant, to be killed means nothing."""
        if not tests:  # all were left out by the folders that were asked for
            return
        run = self.laboratory.run(tests, lambda: None)
        if run.failed or run.problem:
            raise RuntimeError(f"Without any mutant: {run.failed} {run.problem}")

    # --- The map ---

    def _map_tests(self) -> coverage_map.CoverageMap:
        """By parts, each in a fork of its own; for at most half of the time, then tests of the rest are not chosen."""
        store = coverage_map.Store(self.kept_in, self.files)
        tests = list(dict.fromkeys(test.partition("::")[0] for test in self.laboratory.items))
        # pytest-django puts files of pure tests last, whose tables tell most in the least time.
        with_database = {file for file, items in self.laboratory.by_file().items() if any(map(has_database, items))}
        missing = sorted(store.missing(tests), key=lambda file: file in with_database)
        began, most = time.monotonic(), (self.ends_at - time.monotonic()) / 2
        if missing:
            say(f"Which test runs which line, in {len(missing)} of {len(tests)} files of tests …")
        while missing and time.monotonic() - began < most:
            part, missing = missing[: coverage_map.AT_ONE_TIME], missing[coverage_map.AT_ONE_TIME :]
            coverage_map.make(self.laboratory, store, part)
        if missing:
            say(f"  {len(missing)} files of tests are not in it: there was no more time. The next run goes on.")
        return store.read(tests)

    # --- The mutants ---

    def _try_mutants(self, known: coverage_map.CoverageMap) -> int:
        mutants = [mutant for file in self.files for mutant in exchangeable_mutants(file)]
        random.Random(self.seed).shuffle(mutants)
        say(f"{min(self.count, len(mutants))} of {len(mutants)} mutants, seed {self.seed} …")
        tally = Tally()
        for mutant in mutants:
            if tally.tried >= self.count or time.monotonic() > self.ends_at:
                break
            self._try(mutant, known, tally)
        for why, number in tally.left_out.items():
            say(f"  {number} left out: {why}")
        if tally.tried < min(self.count, len(mutants)):
            say(f"  The {self.minutes:g} minutes were over after {tally.tried}.")
        if tally.by_its_bound:
            say(f"  {tally.by_its_bound} of those that were killed ran until their bound of time.")
        say(f"Seed {self.seed}: {share.in_words(tally.killed, tally.tried)}")
        return len(tally.survivors)

    def _try(self, mutant: Mutant, known: coverage_map.CoverageMap, tally: Tally) -> None:
        if is_equivalent(mutant, source_of(mutant.file)):
            tally.left_out["equivalent, by tests/mutants/cases.py"] += 1
            return
        tree = tree_of(mutant.file)
        tests = chosen_tests(
            mutant, known, is_constant=is_constant(tree, mutant), used_on=lines_of_use(tree, mutant),
            importing=files_importing(mutant.file, {test.partition("::")[0] for test in known.seconds}),
            most_seconds=self.most_seconds,
        )  # fmt: skip
        run = self._run_sound(tests, mutant, known)
        if run and run.problem.startswith("CannotBeExchanged"):
            tally.left_out["cannot be exchanged in a process that runs"] += 1
            return
        if run and run.problem == DIED:
            tally.left_out["its process died without a report, which is no test's work"] += 1
            return
        if run and (run.failed or run.problem):
            tally.killed += 1
            tally.by_its_bound += run.problem == ENDED
            return
        tally.survivors.append(mutant)
        by = f"survived {run.tests} tests" if run else "no test runs it"
        say(f"\n{len(tally.survivors)}. {by}:\n{mutant.diff(source_of(mutant.file))}")

    def _run_sound(self, tests: list[str], mutant: Mutant, known: coverage_map.CoverageMap) -> Run | None:
        """Run them without those that fail by themselves: what such a test says of a mutant means nothing."""
        while tests := [test for test in tests if not self.is_failing.get(test)]:
            run = self._run(tests, mutant, sum(known.seconds[test] for test in tests))
            if not run.failed or not self._fails_by_itself(run.failed):
                return run
        return None

    def _fails_by_itself(self, test: str) -> bool:
        """The control of each test that killed, once: it may fail by chance, by the day, or since the map was made."""
        if test not in self.is_failing:
            run = self.laboratory.run([test], lambda: None)
            self.is_failing[test] = bool(run.failed or run.problem)
            if self.is_failing[test]:
                say(f"  {test} fails without any mutant, and is left out.")
        return self.is_failing[test]

    def _run(self, tests: list[str], mutant: Mutant, cpu_seconds: float = 0) -> Run:
        return self.laboratory.run(tests, lambda: self.exchange.apply(mutant), cpu_seconds=cpu_seconds)


@cache
def source_of(file: str) -> str:
    return (ROOT / file).read_text()


@cache
def tree_of(file: str) -> ast.Module:
    return ast.parse(source_of(file))


def exchangeable_mutants(file: str) -> list[Mutant]:
    tree = tree_of(file)
    return [mutant for mutant in mutants_of(file, source_of(file)) if can_be_exchanged(tree, mutant)]


def say(words: str) -> None:
    print(words, flush=True)
