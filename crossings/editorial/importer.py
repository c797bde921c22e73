"""Reading crossings from a file: all rows of it or none, as often as one likes.

The columns are those of `crossings/data/crossings.csv`. A crossing that the editors have changed here stays as
they left it; to others, names of the file are added, and none is removed.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction

from crossings import tasks
from crossings.gazetteer import spelling
from crossings.models import Country, Crossing, CrossingEdit, CrossingFact, CrossingName, Matter, Status
from pagecache.versions import bump

FOLDER = Path(__file__).parent.parent / "data"
CROSSINGS = FOLDER / "crossings.csv"
COUNTRIES = FOLDER / "countries.csv"
MATTERS = FOLDER / "matters.csv"
COLUMNS = {
    "slug", "name", "other_names", "country_a", "country_b", "post_a", "post_b", "latitude", "longitude",
    "altitude_m", "kind", "open_to_foreigners", "seasonal", "permits", "nearest_towns", "as_of", "source", "confidence",
}  # fmt: skip
STATUSES = {"yes": Status.OPEN, "restricted": Status.LIMITED, "no": Status.CLOSED, "unknown": Status.UNKNOWN}
STATUSES |= {"neighbours": Status.BILATERAL}
_FACTS = {"permits": CrossingFact.Kind.PAPERS, "seasonal": CrossingFact.Kind.SEASON}
# What the file says of a crossing itself.
_FIELDS = [
    "name", "country_a_id", "country_b_id", "post_a", "post_b", "latitude", "longitude", "altitude_m", "kind", "towns",
    "editors_status", "as_of", "source", "confidence",
]  # fmt: skip


@dataclass
class Row:
    """One crossing of the file, with its names and facts."""

    crossing: Crossing
    names: list[str]
    facts: dict[str, str]
    # Those of the names that are also everyday words, or towns of other crossings.
    ambiguous: set[str] = field(default_factory=set)


@dataclass
class Loaded:
    """How many crossings of the file were new, changed, the same, and left as the editors have them."""

    new: int = 0
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)


class BadFile(Exception):
    """Nothing was loaded. `problems` are lines of words, each with the line of the file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@transaction.atomic
def load(path: Path = CROSSINGS) -> Loaded:
    """Read the file into the database. Raises BadFile, and then nothing of it is loaded."""
    _load_countries()
    load_matters()
    rows = read(path)
    known = {crossing.slug: crossing for crossing in Crossing.objects.prefetch_related("names", "facts")}
    edited = set(CrossingEdit.objects.of_the_crossing_itself().values_list("crossing__slug", flat=True))
    loaded = Loaded()
    _mark_ambiguous(rows)
    for row in rows:
        _write(row, known.get(row.crossing.slug), row.crossing.slug in edited, loaded)
    if loaded.new or loaded.changed:
        tasks.draw_maps.enqueue()
    return loaded


def _mark_ambiguous(rows: list[Row]) -> None:
    towns = spelling.towns_of((row.crossing.name, row.crossing.towns, row.names) for row in rows)
    for row in rows:
        row.ambiguous = {name for name in row.names if spelling.why_refused(name, row.crossing.name, towns)}


def read(path: Path) -> list[Row]:
    """The rows of a file. Raises BadFile with everything that is wrong with it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="too much")
            if missing := COLUMNS - set(reader.fieldnames or ()):
                raise BadFile([f"Line 1: these columns are missing: {', '.join(sorted(missing))}."])
            lines = [(reader.line_num, values) for values in reader]
    except UnicodeDecodeError as error:
        raise BadFile(["This is no text in UTF-8."]) from error
    except csv.Error as error:
        raise BadFile([f"This is no CSV file: {error}."]) from error
    return _check(lines)


def _check(lines: Iterable[tuple[int, dict[str, Any]]]) -> list[Row]:
    rows, problems = [], []
    seen: dict[str, dict[str, int]] = {"slug": {}, "name": {}}
    countries = set(Country.objects.values_list("code", flat=True))
    for number, values in lines:
        try:
            row = _row(values, countries)
            for what in seen:
                first = seen[what].setdefault(getattr(row.crossing, what), number)
                if first != number:
                    raise ValueError(f"this {what} stands in line {first} as well")
        except ValidationError as error:
            problems.append(f"Line {number}: {' '.join(_words(error))}")
        except ValueError as error:
            problems.append(f"Line {number}: {error}.")
        else:
            rows.append(row)
    if problems:
        raise BadFile(problems)
    return rows


def _words(error: ValidationError) -> list[str]:
    return [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]


def _row(values: dict[str, Any], countries: set[str]) -> Row:
    if "too much" in values or None in values.values():
        raise ValueError("it has more or fewer columns than the first line")
    values = {name: value.strip() for name, value in values.items()}
    if unknown := {values["country_a"], values["country_b"]} - countries:
        raise ValueError(f"no country has the code {', '.join(sorted(unknown))}")
    if values["open_to_foreigners"] not in STATUSES:
        raise ValueError(f"open_to_foreigners is none of {', '.join(STATUSES)}")
    crossing = Crossing(
        slug=values["slug"],
        name=values["name"],
        country_a_id=values["country_a"],
        country_b_id=values["country_b"],
        post_a=values["post_a"],
        post_b=values["post_b"],
        latitude=_number(values, "latitude"),
        longitude=_number(values, "longitude"),
        altitude_m=int(_number(values, "altitude_m")) if values["altitude_m"] else None,
        kind=values["kind"],
        towns=_list(values["nearest_towns"]),
        editors_status=STATUSES[values["open_to_foreigners"]],
        as_of=month(values["as_of"]),
        source=values["source"],
        confidence=values["confidence"],
    )
    crossing.clean_fields(exclude=["country_a", "country_b", "report_topic"])
    if crossing.country_a_id >= crossing.country_b_id:
        raise ValueError("country_a must come before country_b in the alphabet")
    if long := [column for column in _FACTS if len(values[column]) > 300]:
        raise ValueError(f"{long[0]} is longer than 300 characters")
    facts = {str(kind): values[column] for column, kind in _FACTS.items() if values[column]}
    return Row(crossing, _names(values), facts)


def _names(values: dict[str, str]) -> list[str]:
    names = list(dict.fromkeys([values["name"], *_list(values["other_names"])]))
    if long := [name for name in names if len(name) > 80]:
        raise ValueError(f"this name is longer than 80 characters: {long[0]}")
    return names


def _list(written: str) -> list[str]:
    return [part.strip() for part in written.split("|") if part.strip()]


def _number(values: dict[str, str], column: str) -> float:
    try:
        number = float(values[column])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{column} is no number: {values[column] or 'empty'}")
    return number


def month(written: str) -> date:
    """The first day of a month written as 2025-12."""
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        raise ValueError(f"as_of is no month like 2025-12: {written or 'empty'}") from None


def link_of(source: str) -> str:
    """The address in a source, if it is one and no more than one: to be shown as a link."""
    address, _, _ = source.partition(" ")
    return address if urlsplit(address).scheme in {"http", "https"} else ""


def _load_countries() -> None:
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        named = [Country(code=row["code"], name=row["name"]) for row in csv.DictReader(file)]
    Country.objects.bulk_create(named, ignore_conflicts=True)


def load_matters() -> None:
    """What questions may be about, where nobody has a list yet: the migration wrote it, a flush removes it."""
    if not Matter.objects.exists():
        with MATTERS.open(encoding="utf-8", newline="") as file:
            Matter.objects.bulk_create(
                Matter(name=row["name"], words=row["words"], holds_days=row["holds_days"] or None)
                for row in csv.DictReader(file)
            )


def _write(row: Row, known: Crossing | None, is_edited: bool, loaded: Loaded) -> None:
    crossing = row.crossing
    if known is None:
        crossing.save()
        _write_names(crossing, row, set())
        _write_facts(crossing, row)
        loaded.new += 1
        return
    if is_edited:
        loaded.kept.append(known.slug)
        return
    changed = _write_names(known, row, {name.text for name in known.names.all()})
    if differing := [name for name in _FIELDS if getattr(known, name) != getattr(crossing, name)]:
        Crossing.objects.filter(pk=known.pk).update(**{name: getattr(crossing, name) for name in differing})
        changed = True
    if _facts_of(known) != row.facts:
        known.facts.filter(kind__in=_FACTS.values()).delete()
        _write_facts(known, row)
        changed = True
    if changed:
        bump(Crossing, known.pk)
    loaded.changed += changed
    loaded.same += not changed


def _facts_of(crossing: Crossing) -> dict[str, str]:
    return {fact.kind: fact.text for fact in crossing.facts.all() if fact.kind in _FACTS.values()}


def _write_names(crossing: Crossing, row: Row, known: set[str]) -> bool:
    missing = [name for name in row.names if name not in known]
    CrossingName.objects.bulk_create(
        CrossingName(crossing=crossing, text=name, needs_context=name in row.ambiguous) for name in missing
    )
    return bool(missing)


def _write_facts(crossing: Crossing, row: Row) -> None:
    said = row.crossing
    CrossingFact.objects.bulk_create(
        CrossingFact(
            crossing=crossing, kind=kind, text=text, as_of=said.as_of, source=said.source, confidence=said.confidence
        )
        for kind, text in row.facts.items()
    )
