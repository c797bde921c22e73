"""Who gets through: a row for each way of travelling, a column for each direction."""

from dataclasses import dataclass
from datetime import date

from crossings.models import Crossing, Direction, Mode, Status
from crossings.status.stamp import COLOURS
from crossings.wording import ICONS


@dataclass(frozen=True)
class Cell:
    """What reports say of one direction and mode today; `words` are for readers who cannot see colours."""

    words: str = "No reports"
    colour: str = "unknown"
    confirmed_on: date | None = None
    is_old: bool = True
    reports: int = 0
    turned_back: int = 0


@dataclass(frozen=True)
class Line:
    mode: str
    label: str
    icon: str
    cells: list[Cell]
    newest_on: date

    @property
    def reports(self) -> int:
        return sum(cell.reports for cell in self.cells)


def lines_of(crossing: Crossing, today: date) -> list[Line]:
    """The ways of travelling of which there are reports, most reported first; both directions of each."""
    by_place = {(cell["direction"], cell["mode"]): cell for cell in crossing.cells}
    lines = []
    for mode in Mode:
        found = [by_place.get((direction, mode)) for direction in Direction]
        days = [date.fromisoformat(cell["newest_on"]) for cell in found if cell]
        if days:
            cells = [_cell(cell, today) for cell in found]
            lines.append(Line(mode, mode.label, ICONS[mode], cells, max(days)))
    return sorted(lines, key=lambda line: -line.reports)


def counts(crossing: Crossing) -> dict[str, dict[str, int]]:
    """How many reports there are by mode, by direction, and how many tell of turning back."""
    by: dict[str, dict[str, int]] = {"mode": {}, "direction": {}}
    for cell in crossing.cells:
        for name in by:
            by[name][cell[name]] = by[name].get(cell[name], 0) + cell["reports"]
    by["outcome"] = {"turned-back": sum(cell["turned_back"] for cell in crossing.cells)}
    return by


def _cell(cell: dict | None, today: date) -> Cell:
    if cell is None:
        return Cell()
    speaks = bool(cell["status"]) and date.fromisoformat(cell["until"]) >= today
    # What was kept before there were disputes names none.
    is_disputed = bool(cell.get("disputed_until")) and date.fromisoformat(cell["disputed_until"]) >= today
    status = Status(cell["status"]) if speaks else Status.DISPUTED if is_disputed else Status.UNKNOWN
    return Cell(
        words=status.label,
        colour=COLOURS[status],
        confirmed_on=date.fromisoformat(cell["confirmed_on"]) if speaks else None,
        is_old=status == Status.UNKNOWN,
        reports=cell["reports"],
        turned_back=cell["turned_back"],
    )
