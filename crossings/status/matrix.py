"""Who gets through: a row for each way of travelling, a column for each direction."""

from dataclasses import dataclass
from datetime import date

from crossings.models import Country, Crossing, Direction, Mode, Status
from crossings.status import ways
from crossings.status.stamp import COLOURS
from crossings.wording import BY_MODE, ICONS


@dataclass(frozen=True)
class Cell:
    """What reports say of one direction and mode today; `words` are for readers who cannot see colours."""

    direction: str
    # The country one comes to, and what reports say in a sentence and in a word or two.
    to: Country
    sentence: str
    in_short: str = ""
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
    by_mode: str
    icon: str
    cells: list[Cell]

    @property
    def reports(self) -> int:
        return sum(cell.reports for cell in self.cells)


def lines_of(crossing: Crossing, today: date) -> list[Line]:
    """The ways of travelling of which there are reports, most reported first; both directions of each."""
    told = {cell["mode"] for cell in crossing.cells}
    return sorted((line_of(crossing, mode, today) for mode in Mode if mode in told), key=lambda line: -line.reports)


def line_of(crossing: Crossing, mode: str, today: date) -> Line:
    """One way of travelling, also one of which there is no report."""
    kept = {cell["direction"]: cell for cell in crossing.cells if cell["mode"] == mode}
    cells = [_cell(crossing, mode, direction, kept.get(direction), today) for direction in Direction]
    return Line(mode, Mode(mode).label, BY_MODE[Mode(mode)], ICONS[Mode(mode)], cells)


def destination(crossing: Crossing, direction: str) -> Country:
    return crossing.country_b if direction == Direction.A_TO_B else crossing.country_a


def counts(crossing: Crossing) -> dict[str, dict[str, int]]:
    """How many reports there are by mode, by direction, and how many tell of turning back."""
    by: dict[str, dict[str, int]] = {"mode": {}, "direction": {}}
    for cell in crossing.cells:
        for name in by:
            by[name][cell[name]] = by[name].get(cell[name], 0) + cell["reports"]
    by["outcome"] = {"turned-back": sum(cell["turned_back"] for cell in crossing.cells)}
    return by


def _cell(crossing: Crossing, mode: str, direction: str, cell: dict | None, today: date) -> Cell:
    to, sentence = destination(crossing, direction), ways.in_a_sentence(mode, cell, today)
    if cell is None:
        return Cell(direction, to, sentence)
    speaks = bool(cell["status"]) and date.fromisoformat(cell["until"]) >= today
    # What was kept before there were disputes names none.
    is_disputed = bool(cell.get("disputed_until")) and date.fromisoformat(cell["disputed_until"]) >= today
    status = Status(cell["status"]) if speaks else Status.DISPUTED if is_disputed else Status.UNKNOWN
    return Cell(
        direction=direction,
        to=to,
        sentence=sentence,
        in_short=ways.in_short(cell, today),
        words=status.label,
        colour=COLOURS[status],
        confirmed_on=date.fromisoformat(cell["confirmed_on"]) if speaks else None,
        is_old=status == Status.UNKNOWN,
        reports=cell["reports"],
        turned_back=cell["turned_back"],
    )
