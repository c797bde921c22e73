from django.core.management.base import BaseCommand, CommandError

from crossings.links import about_columns
from forum.counters.recount import recount

SHOWN = 50


class Command(BaseCommand):
    """Here and not in the forum, because what topics are about is known here."""

    help = "Count everything afresh and mend counters that differ; with --check only tell."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Change nothing; end with 1 if a counter differs.")

    def handle(self, *, check: bool, **options: object) -> None:
        drifts = list(about_columns.drifts())  # before the counters, because experts' replies depend on countries
        if not check:
            about_columns.write_all()
        drifts += recount(mend=not check)
        for drift in drifts[:SHOWN]:
            self.stdout.write(str(drift))
        if not drifts:
            self.stdout.write("Every counter is exact.")
        elif check:
            raise CommandError(f"{len(drifts)} counters differ. Mend them with: manage.py recount")
        else:
            self.stdout.write(f"{len(drifts)} counters were mended.")
