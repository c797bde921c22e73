"""`./run mutants`: how many small changes of the code its tests notice (docs/testing.md)."""

import argparse
import os
import secrets
import sys
import tempfile
from pathlib import Path

import pytest

from tests.mutants.experiment import Experiment
from tests.mutants.laboratory import Laboratory
from tests.mutants.rooms import TESTS, files_of

WORDS = ["-n", "0", "-q", "-s", "-p", "no:cacheprovider", "--no-header", "--hypothesis-seed=0", "-W", "ignore"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000), help="which mutants; any without it")
    parser.add_argument("--count", type=int, default=300, help="how many mutants at most (300)")
    parser.add_argument("--minutes", type=float, default=40, help="after which no other mutant is begun (40)")
    parser.add_argument(
        "--only", default=[], action="append", metavar="PATH", help="mutants of these files, such as forum/markup"
    )
    parser.add_argument("--test-seconds", type=float, default=20, help="CPU seconds of tests for a mutant (20)")
    parser.add_argument("--fixed", action="store_true", help="only the fixed cases of tests/mutants/cases.py")
    parser.add_argument("--home", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("tests", nargs="*", help="folders or files of tests/ to choose tests from")
    asked = parser.parse_args()
    files = files_of(*asked.only)
    if not files:
        parser.error(f"There is nothing to change in {' '.join(asked.only)}.")
    with tempfile.TemporaryDirectory(prefix="borderpost-mutants-") as folder:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = f"{folder}/hypothesis"
        experiment = Experiment(
            files, asked.home, asked.seed, asked.count, asked.minutes, asked.fixed, asked.test_seconds
        )
        laboratory = Laboratory(experiment, Path(folder))
        tests = [f"tests/{name}" for name in asked.tests or TESTS]
        code = pytest.main([*WORDS, *tests], plugins=[laboratory])
    return int(code) or laboratory.outcome


if __name__ == "__main__":
    sys.exit(main())
