"""Reading crossings from a file: all rows of it or none, as often as one likes.

The columns are those of `crossings/data/crossings.csv`; `territory` may be missing. A crossing that the editors have
changed here stays as they left it; to others, names of the file are added, and none is removed. A crossing whose name
another one has here is left out. Clocks and posted hours come with it (crossings/hours/data_files.py).
"""

import csv
import math
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import batched
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crossings import tasks
from crossings.editorial.crossing_rows import FACTS, Loaded, Row, write_all
from crossings.gazetteer import spelling
from crossings.hours import data_files
from crossings.models import Country, Crossing, Matter, Status
from pagecache.prepared import run

FOLDER = Path(__file__).parent.parent / "data"
CROSSINGS = FOLDER / "crossings.csv"
COUNTRIES = FOLDER / "countries.csv"
PART = 20  # crossings in a transaction of load_in_parts
MATTERS = FOLDER / "matters.csv"
COLUMNS = {
    "slug", "name", "other_names", "country_a", "country_b", "post_a", "post_b", "latitude", "longitude",
    "altitude_m", "kind", "open_to_foreigners", "seasonal", "permits", "nearest_towns", "as_of", "source", "confidence",
}  # fmt: skip
STATUSES = {"yes": Status.OPEN, "restricted": Status.LIMITED, "no": Status.CLOSED, "unknown": Status.UNKNOWN}
STATUSES |= {"neighbours": Status.BILATERAL}
TERRITORIES = {"": False, "disputed": True}


class BadFile(Exception):
    """Nothing was loaded. `problems` are lines of words, each with the line of the file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@transaction.atomic
def load(path: Path | None = None) -> Loaded:
    """Read the file, or else ours, into the database. Raises BadFile, and then nothing of it is loaded."""
    rows, loaded = _prepared(path or CROSSINGS), Loaded()
    _write(rows, loaded)
    _follow(loaded)
    return loaded


def load_in_parts(path: Path | None = None) -> Loaded:
    """As `load`, but PART crossings in a transaction, so that pages can tell how far it has come.

    Broken off, it can be begun again. Raises BadFile, and then nothing of the file is loaded.
    """
    rows, loaded = _prepared(path or CROSSINGS), Loaded()
    for part in batched(rows, PART):
        with transaction.atomic():
            run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["load crossings"], writes=Crossing)
            _write(part, loaded)
    _follow(loaded)
    return loaded


def _follow(loaded: Loaded) -> None:
    if loaded.new or loaded.changed:
        tasks.draw_maps.enqueue()


@transaction.atomic
def _prepared(path: Path) -> list[Row]:
    """The rows of a file, checked, after the countries and matters that they name."""
    _load_countries()
    load_matters()
    rows = read(path)
    _mark_ambiguous(rows)
    return rows


def _write(rows: Sequence[Row], loaded: Loaded) -> None:
    """With the hours of our own files, where they are between the countries of our own list."""
    pairs = write_all(rows, loaded)
    slugs = [slug for slug, pair in _our_pairs().items() if pairs.get(slug) == pair]
    try:
        loaded.with_hours += data_files.load(slugs, timezone.now().date())
    except ValueError as error:
        raise BadFile(str(error).splitlines()) from error


@cache
def _our_pairs() -> dict[str, tuple[str, str]]:
    with CROSSINGS.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: (row["country_a"], row["country_b"]) for row in csv.DictReader(file)}


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
    if values.setdefault("territory", "") not in TERRITORIES:
        raise ValueError("territory is neither empty nor disputed")
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
        is_territory_disputed=TERRITORIES[values["territory"]],
    )
    crossing.clean_fields(exclude=["country_a", "country_b", "report_topic"])
    if crossing.country_a_id >= crossing.country_b_id:
        raise ValueError("country_a must come before country_b in the alphabet")
    if long := [column for column in FACTS if len(values[column]) > 300]:
        raise ValueError(f"{long[0]} is longer than 300 characters")
    facts = {str(kind): values[column] for column, kind in FACTS.items() if values[column]}
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
