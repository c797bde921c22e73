"""The head of a crossing's page below its lead: the chosen way, the condition that decides, what is open instead."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from crossings.forms import WayForm
from crossings.gazetteer import spelling
from crossings.models import Crossing, CrossingFact, Direction, Mode
from crossings.reports.listing import ShownReport
from crossings.status import matrix, ways
from crossings.status.evidence import Told
from crossings.status.matrix import Cell, Line
from crossings.status.stamp import Stamp, stamp_of
from crossings.wording import BY_MODE, ICONS, public_day
from forum.markup import cut

NAMES_SHOWN = 2
MOST_WORDS = 170
_WITHOUT_NEWS = ("border", "crossing")
Kind = CrossingFact.Kind
DECIDING = [Kind.PAPERS, Kind.BETWEEN, Kind.VEHICLE]
OF_DRIVERS = [Kind.VEHICLE, Kind.PAPERS, Kind.BETWEEN]
DRIVERS = {Mode.CAR, Mode.TRUCK, Mode.MOTORCYCLE}
# What begins a condition is its shortest clause that says something.
_CLAUSE = re.compile(r"(.{12,90}?[.,;])\s+(.*)", re.DOTALL)


@dataclass(frozen=True)
class Option:
    """A choice in the form; `silence` is what is said of a way of travelling without any report."""

    value: str
    label: str
    phrase: str
    is_chosen: bool
    icon: str = ""
    silence: str = ""
    drives: bool = False


@dataclass(frozen=True)
class Way:
    """The way that the address asks for, if any, and what there is to choose."""

    directions: list[Option]
    modes: list[Option]
    line: Line | None = None
    to: str = ""
    # The address asks for a way that there is not.
    is_wrong: bool = False

    @property
    def is_asked(self) -> bool:
        return self.line is not None or self.is_wrong

    @property
    def mode(self) -> str:
        return self.line.mode if self.line else ""

    @property
    def cells(self) -> list[Cell]:
        """What is said of it: of one direction, or of both if none was chosen and any report tells of it."""
        if self.line is None:
            return []
        cells = self.line.cells if self.line.reports or self.to else self.line.cells[:1]
        return [cell for cell in cells if self.to in {"", cell.to.code.lower()}]

    @property
    def words(self) -> str:
        """ "To China by bicycle"."""
        if self.line is None:
            return ""
        words = f"To {self.cells[0].to.name} {self.line.by_mode}" if self.to else self.line.by_mode
        return words[0].upper() + words[1:]


def way_of(crossing: Crossing, asked: Mapping, today: date) -> Way:
    """What `?to=kg&by=bicycle` asks for; a wrong value gets a word on the page, and never an error."""
    form = WayForm(crossing, asked if "to" in asked or "by" in asked else None)
    is_known = form.is_valid()
    to, by = (form.cleaned_data["to"], form.cleaned_data["by"]) if is_known else ("", "")
    return Way(
        directions=_directions(crossing, to),
        modes=[_mode(mode, by, today) for mode in Mode],
        line=matrix.line_of(crossing, by, today) if is_known else None,
        to=to,
        is_wrong=form.is_bound and not is_known,
    )


def _directions(crossing: Crossing, to: str) -> list[Option]:
    countries = [matrix.destination(crossing, direction) for direction in Direction]
    return [
        Option(country.code.lower(), f"To {country.name}", f"To {country.name}", country.code.lower() == to)
        for country in countries
    ]


def _mode(mode: Mode, chosen: str, today: date) -> Option:
    silence = ways.in_a_sentence(mode, None, today)
    return Option(mode, mode.label, BY_MODE[mode], mode == chosen, ICONS[mode], silence, mode in DRIVERS)


@dataclass(frozen=True)
class Condition:
    """What the editors know that decides whether one gets through, its first clause apart."""

    icon: str
    first: str
    rest: str
    checked_on: date
    # "drivers" or "others", where the two differ: a script shows those of the way that is kept on the device.
    whose: str = ""
    is_hidden: bool = False


def conditions_of(facts: Sequence[CrossingFact], mode: str = "") -> list[Condition]:
    """The condition of a way, and hidden beside it that of the other ways, where it is another one."""
    others, drivers = condition_of(facts), condition_of(facts, Mode.CAR)
    if others is None or drivers is None or others == drivers:
        return [others] if others else []
    drives = mode in DRIVERS
    return [
        replace(others, whose="others", is_hidden=drives),
        replace(drivers, whose="drivers", is_hidden=not drives),
    ]


def condition_of(facts: Iterable[CrossingFact], mode: str = "") -> Condition | None:
    """Papers before transport rules; for those who drive, what is asked of vehicles before both."""
    by_kind = {fact.kind: fact for fact in facts}
    order = OF_DRIVERS if mode in DRIVERS else DECIDING
    fact = next((by_kind[kind] for kind in order if kind in by_kind), None)
    if fact is None:
        return None
    words = cut(fact.text, MOST_WORDS)
    match = _CLAUSE.fullmatch(words)
    icon = "doc" if fact.kind == Kind.PAPERS else "truck"
    return Condition(icon, match[1] if match else words, match[2] if match else "", fact.as_of)


@dataclass(frozen=True)
class Elsewhere:
    """The nearest crossing where one gets through, for readers of one where that is not known."""

    crossing: Crossing
    km: int
    stamp: Stamp


def elsewhere(stamp: Stamp, nearest: Sequence[tuple[Crossing, int]], today: date) -> Elsewhere | None:
    if stamp.colour not in {"closed", "stale", "unknown"}:
        return None
    found = (Elsewhere(crossing, km, stamp_of(crossing, today)) for crossing, km in nearest)
    return next((one for one in found if one.stamp.colour in {"open", "limited"}), None)


def against_the_older(reports: Iterable[ShownReport], told: Sequence[Told], today: date) -> set[int]:
    """Of a disputed crossing, the primary keys of the reports that stand against the older side."""
    if len(told) < 2:
        return set()
    newer = told[0]
    return {
        shown.report.pk
        for shown in reports
        if shown.side == newer.side
        and not shown.is_on_day_of_rest
        and public_day(shown.report, today) >= newer.first_on
    }


def first_names(names: Sequence[str], known: str = "") -> list[str]:
    """Two of the other names: first one of each script but Latin, which is what a traveller shows to others.

    Those of which every word stands in `known` say nothing new: "Gatuna" beside "Katuna / Gatuna".
    """
    by_script: dict[str, str] = {}
    said = {*spelling.words(known), *_WITHOUT_NEWS}
    for name in names:
        if said.issuperset(spelling.words(name)):
            continue
        by_script.setdefault(_script(name), name)
    latin = by_script.pop("LATIN", None)
    return [*by_script.values(), *([latin] if latin else [])][:NAMES_SHOWN]


def _script(name: str) -> str:
    return next((unicodedata.name(letter, "").split(" ")[0] for letter in name if letter.isalpha()), "LATIN")
