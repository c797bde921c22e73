import random
from json import dumps
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from bench.status import status_histories
from bench.status.status_evaluation import Figures, evaluate
from bench.status.status_histories import KINDS, History, NotAHistory
from crossings.status import update

COLUMNS = {
    "wrong": "wrong", "brier": "Brier", "shown": "shown", "lag_median": "lag, median", "lag_p90": "lag, p90",
}  # fmt: skip


class Command(BaseCommand):
    help = "Say how well statuses follow the truth, beside the old vote: on histories of a file, or on made-up ones."
    requires_system_checks = ()

    def add_arguments(self, parser):
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--file", type=Path, help="histories, one JSON object a line")
        source.add_argument("--simulate", type=int, metavar="N", default=40, help="N made-up histories of each kind")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--kind", choices=KINDS, help="make up histories of one kind only")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path | None, simulate: int, seed: int, kind: str | None, json: bool, **options) -> None:
        groups = _from_file(file) if file else _made_up_groups(simulate, seed, kind)
        if json:
            found = evaluate([history for group in groups.values() for history in group], update.rules())
            self.stdout.write(dumps({name: figures.as_json() for name, figures in found.items()}))
            return
        for name, histories in groups.items():
            self._print(name, len(histories), evaluate(histories, update.rules()))

    def _print(self, name: str, count: int, found: dict[str, Figures]) -> None:
        self.stdout.write(f"{name}: {count} {'history' if count == 1 else 'histories'}")
        self.stdout.write(f"{'':6}" + "".join(f"{title:>13}" for title in COLUMNS.values()))
        for rule, figures in found.items():
            values = figures.as_json()
            self.stdout.write(f"  {rule:4}" + "".join(f"{_in_words(key, values[key]):>13}" for key in COLUMNS))
        for rule, figures in found.items():
            tenths = ", ".join(f"{said:.0%}: {true:.0%} of {days}" for _, days, said, true in figures.calibration())
            self.stdout.write(f"  {rule:4}  said and true: {tenths}")


def _from_file(file: Path) -> dict[str, list[History]]:
    try:
        return {str(file): status_histories.read(file)}
    except NotAHistory as error:
        raise CommandError(str(error)) from None


def _made_up_groups(count: int, seed: int, kind: str | None) -> dict[str, list[History]]:
    if not 1 <= count <= 10_000:
        raise CommandError("--simulate is a number from 1 to 10,000.")
    return {name: made_up(name, count, seed) for name in KINDS if kind in {None, name}}


def made_up(name: str, count: int, seed: int) -> list[History]:
    dice = random.Random(f"{name} {seed}")  # noqa: S311
    return [status_histories.simulate(KINDS[name], dice) for _ in range(count)]


def _in_words(key: str, value: float | None) -> str:
    if value is None:
        return "none"
    if key in {"wrong", "shown"}:
        return f"{value:.1%}"
    return f"{value:.3f}" if key == "brier" else f"{value:g} days"
