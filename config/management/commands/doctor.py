from collections import Counter
from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError

from config.health.doctor import examine
from config.health.doctor.results import Finding, Level


class Command(BaseCommand):
    help = "Say what is right, what is wrong, and what to do. Ends with 1 when something is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--strict", action="store_true", help="End with 1 for a warning too.")

    def handle(self, *, strict: bool, **options: object) -> None:
        levels: Counter[Level] = Counter()
        for finding in examine():
            levels[finding.level] += 1
            self._tell(finding)
        summary = f"{levels[Level.WRONG]} wrong, {levels[Level.WARNING]} warnings, {levels[Level.RIGHT]} right."
        if levels[Level.WRONG] or (strict and levels[Level.WARNING]):
            raise CommandError(summary)
        self.stdout.write(summary)

    def _tell(self, finding: Finding) -> None:
        colour = self._colours()[finding.level]
        self.stdout.write(f"{colour(f'{finding.level:<8}')} {finding.words}")
        if finding.advice:
            self.stdout.write(f"{'':<8} -> {finding.advice}")

    def _colours(self) -> dict[Level, Callable[[str], str]]:
        return {Level.RIGHT: self.style.SUCCESS, Level.WARNING: self.style.WARNING, Level.WRONG: self.style.ERROR}
