from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from bench import similarity_evaluation


class Command(BaseCommand):
    help = "Say how well similar topics and crossings are found, on the evaluation set. Leaves nothing behind."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=similarity_evaluation.FOLDER)
        parser.add_argument("--missed", action="store_true", help="also say what was not found")

    def handle(self, *, folder: Path, missed: bool, **options: object) -> None:
        with transaction.atomic():
            figures = similarity_evaluation.evaluate(folder)
            transaction.set_rollback(True)
        for line in figures.lines():
            self.stdout.write(line)
        for line in figures.missed if missed else ():
            self.stdout.write(line)
