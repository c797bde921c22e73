import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from forum.demo import plant
from forum.models import Subforum

QUIET_SECONDS = 2


class Command(BaseCommand):
    help = "Fill an empty forum with the demo's fictional members and topics. A second time changes nothing."

    def handle(self, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's passwords are public, so seed runs only with DEMO=1, on this machine alone.")
        if plant.is_planted():
            self.stdout.write("The demo data is there already.")
            return
        if Subforum.objects.exists():
            raise CommandError("This forum has subforums of its own. The demo is for an empty one.")
        self.started = time.monotonic()
        self.stdout.write("Writing the demo data (a few seconds) …")
        plant.plant(self._progress)
        self.stdout.write(
            "\rThe demo data is in place.          " if sys.stdout.isatty() else "The demo data is in place."
        )

    def _progress(self, done: int, total: int) -> None:
        """A line that fills up, once it takes longer than one waits without asking."""
        if sys.stdout.isatty() and time.monotonic() - self.started > QUIET_SECONDS:
            self.stdout.write(f"\rWriting demo topics: {done} of {total}", ending="")
            sys.stdout.flush()
