import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from forum.demo import big, plant
from forum.models import Subforum

QUIET_SECONDS = 2
BAR = 30  # characters


class Command(BaseCommand):
    help = "Fill an empty forum with the demo's fictional members and topics. A second time changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--size",
            choices=["demo", "big"],
            default="demo",
            help="demo: what a visitor is shown. big: 60,000 posts, to measure on; it takes half a minute.",
        )

    def handle(self, *, size: str, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's passwords are public, so seed runs only with DEMO=1, on this machine alone.")
        if big.is_planted() or (size == "demo" and plant.is_planted()):
            self.stdout.write("The demo data is there already.")
            return
        if Subforum.objects.exists():
            raise CommandError("This forum has subforums of its own. The demo is for an empty one.")
        self.stdout.write(f"Writing the demo data ({'half a minute' if size == 'big' else 'a few seconds'}) …")
        self.progress = Progress("demo posts" if size == "big" else "demo topics")
        (big.plant_big if size == "big" else plant.plant)(self.progress)
        self.progress.finish()
        self.stdout.write("The demo data is in place.")


class Progress:
    """On a terminal a bar, once it takes longer than one waits without asking; elsewhere a line for each quarter."""

    def __init__(self, what: str) -> None:
        self.what, self.started, self.told = what, time.monotonic(), 0
        self.has_bar = False

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.started < QUIET_SECONDS:
            return
        if sys.stdout.isatty():
            filled = BAR * done // total
            bar = "█" * filled + "·" * (BAR - filled)
            print(f"\r{bar} {done:,} of {total:,} {self.what}", end="", flush=True)
            self.has_bar = True
        elif (quarter := 4 * done // total) > self.told:
            self.told = quarter
            print(f"{done:,} of {total:,} {self.what}", flush=True)

    def finish(self) -> None:
        if self.has_bar:
            print("\r\033[K", end="")
