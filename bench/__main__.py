"""`./run bench`: what pages cost, beside their budgets."""

import argparse
import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from bench.data import COPY, collect_static, environment_of, plant_pages, prepared, started
from bench.growth import growth_factors
from bench.similar import similarity_data
from config.devserver.embedded_postgres import DatabaseError
from config.devserver.launcher import Stop


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = _read_arguments()
    try:
        if arguments.huge:
            with _alone(arguments.home), started(arguments.home) as database:
                os.environ |= environment_of(database, COPY, demo=False)
                collect_static()
                growth_factors.report(database)
            return 0
        plant = similarity_data.plant if arguments.similarity else plant_pages
        with _alone(arguments.home), prepared(arguments.home, plant) as data:
            return _measure(arguments, data)
    except (Stop, DatabaseError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _measure(arguments: argparse.Namespace, data: Path) -> int:
    """Django is set up here, because its settings need the database's URL."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from bench import known_addresses, moderation, news, printout
    from bench.pages import WrongAnswer
    from bench.similar import similarity

    try:
        if arguments.similarity:
            similarity.report()
        elif arguments.moderation:
            moderation.report()
        elif arguments.news:
            news.report()
        elif arguments.accounts:
            known_addresses.report()
        elif arguments.profile:
            printout.profile_page(arguments.profile, arguments.requests or 200)
        else:
            printout.report(data, rounds=arguments.rounds, requests=arguments.requests or 40)
    except WrongAnswer as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".borderpost/bench"), help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=_positive, default=7, help="how often each page has its turn (7)")
    parser.add_argument("--requests", type=_positive, help="how many requests a turn has (40; with --profile 200)")
    parser.add_argument("--profile", metavar="PAGE", help="where the CPU time of one page goes, such as: guest, member")
    parser.add_argument("--similarity", action="store_true", help="similar topics and crossings, on 200,000 topics")
    parser.add_argument("--moderation", action="store_true", help="a queue of 10,000 items, a merge of 2,000 posts")
    parser.add_argument("--huge", action="store_true", help="a million posts beside sixty thousand (half an hour once)")
    parser.add_argument("--news", action="store_true", help="a topic with 5,000 watchers, a member with 100,000 news")
    parser.add_argument("--accounts", action="store_true", help="whether times tell who has an account")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """A lock: two benchmarks at once would disturb each other."""
    if not sys.platform.startswith("linux"):
        raise Stop("Measuring needs Linux: it reads the CPU clocks of other processes.")
    home.mkdir(parents=True, exist_ok=True)
    with (home / "bench.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop("Another ./run bench is at work. Two at a time would measure each other.") from None
        yield


if __name__ == "__main__":
    sys.exit(main())
