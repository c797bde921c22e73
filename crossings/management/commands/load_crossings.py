from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from crossings.editorial import importer
from crossings.status import update


class Command(BaseCommand):
    help = "Read crossings, their names and facts from a file. Doing it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=importer.CROSSINGS, help="a CSV file; ours if none")

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            loaded = importer.load(file)
        except FileNotFoundError as error:
            raise CommandError(f"There is no file {file}.") from error
        except importer.BadFile as error:
            raise CommandError("Nothing was loaded.\n" + "\n".join(error.problems)) from error
        update.judge_all()
        self.stdout.write(f"{loaded.new} new, {loaded.changed} changed, {loaded.same} as they were.")
        if loaded.with_hours:
            self.stdout.write(f"Clocks or posted hours: {loaded.with_hours} changed.")
        if loaded.kept:
            self.stdout.write(f"Left as the editors have them: {', '.join(loaded.kept)}.")
        if loaded.left_out:
            self.stdout.write(f"Left out, because others have their names here: {', '.join(loaded.left_out)}.")
