"""`./run faults`: kills, full disks, frozen and locked databases, many writers; what was acknowledged, what is stored.

Each round is a script of bounded length, whose chance comes from a seed. Members send each form again with its key
until it is acknowledged, by its redirect; then each must be stored once, and every counter be exact. Controls make a
mistake on purpose and must show it, or the other lines prove nothing.
"""

import argparse
import fcntl
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.devserver.embedded_postgres import DatabaseError
from config.devserver.launcher import Stop, say
from tests.faults.processes import Stuck
from tests.faults.rounds import FAULTS
from tests.faults.scene import Fault, Result, play
from tests.faults.site import Site, planted_site
from tests.faults.table import HEAD, line_of
from tests.faults.web import Web, serving


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = read_arguments(sys.argv[1:])
    try:
        with _alone():
            return _play_all(arguments)
    except (Stop, DatabaseError, Stuck) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def read_arguments(words: list[str]) -> argparse.Namespace:
    lines = [f"  {found.name:<16} {found.words}" for found in FAULTS.values()]
    parser = argparse.ArgumentParser(
        prog="./run faults", description=__doc__, epilog="\n".join(["rounds:", *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("names", nargs="*", metavar="NAME", help="rounds by name; without any, all of them")
    parser.add_argument("--rounds", type=_positive, default=1, help="how often each is played, each time otherwise (1)")
    parser.add_argument("--seed", type=_positive, help="plays what this seed played before")
    parser.add_argument("--quick", action="store_true", help="only those that are part of ./run test --proofs")
    arguments = parser.parse_args(words)
    if unknown := [name for name in arguments.names if name not in FAULTS]:
        parser.error(f"no such round: {', '.join(unknown)}. ./run faults --help names them.")
    return arguments


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def chosen(arguments: argparse.Namespace) -> list[Fault]:
    named = [found for name, found in FAULTS.items() if name in arguments.names or not arguments.names]
    asked = [found for found in named if found.is_quick or not arguments.quick]
    return sorted(asked, key=lambda found: bool(found.must_show))


def _play_all(arguments: argparse.Namespace) -> int:
    seed = arguments.seed or secrets.randbelow(9_999) + 1
    say(f"Seed {seed}. The same again: ./run faults --seed {seed} --rounds {arguments.rounds}")
    say("Starting a forum of its own …")
    with _folder() as folder, planted_site(folder) as site, serving(site) as web:
        say(HEAD)
        results = list(_play_each(site, web, chosen(arguments), seed, arguments.rounds))
    wrong = [result for result in results if not result.is_right]
    say(f"{len(wrong)} of {len(results)} lines are not as they must be." if wrong else "All lines are as they must be.")
    return 1 if wrong else 0


def _play_each(site: Site, web: Web, faults: list[Fault], seed: int, times: int) -> Iterator[Result]:
    for number in range(1, times + 1):
        for found in faults:
            began = time.monotonic()
            result = play(site, web, found, f"{seed} {number}")
            say(line_of(result, number, time.monotonic() - began))
            yield result


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="borderpost-faults-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@contextmanager
def _alone() -> Iterator[None]:
    """A lock: two at a time would kill nothing of each other, and wait for each other's processor."""
    if not sys.platform.startswith("linux"):
        raise Stop("Faults need Linux: they look for processes in /proc.")
    with (Path(tempfile.gettempdir()) / "borderpost-faults.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop("Another ./run faults is at work. Wait until it has ended.") from None
        yield


if __name__ == "__main__":
    sys.exit(main())
