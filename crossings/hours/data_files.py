"""Reading clocks and posted hours from our files, for crossings that are in the database.

What editors and members changed of a crossing's hours or clocks stays as they left it; the files are read all or
nothing. Columns: `weekdays` are ISO ("1-5", "7,1-4"), times are "08:30" or "24:00" or empty where nobody told, seasons
a month or a day of the year ("12", "12-08").
"""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils import timezone

from crossings.clock.zones import zone_of
from crossings.hours import kept, spans
from crossings.models import Crossing, CrossingEdit, Hours
from crossings.models.hours import SAID

FOLDER = Path(__file__).parent.parent / "data"
HOURS = FOLDER / "hours.csv"
ZONES = FOLDER / "zones.csv"
CLOCKS = ("zone_a", "zone_b", "also_a", "also_b")
NOTE = "clock_note"


def load(slugs: Collection[str], today: date, *, hours: Path = HOURS, zones: Path = ZONES) -> int:
    """Clocks and hours of these crossings; how many changed. Raises ValueError with all that is wrong."""
    crossings = {one.slug: one for one in Crossing.objects.with_countries().filter(slug__in=slugs).order_by("pk")}
    wanted = read_hours(crossings, hours)
    clocks = read_zones(crossings, zones)
    changed = _write_clocks(crossings, clocks)
    changed |= _write_hours(crossings, wanted, today)
    return len(changed)


def read_zones(crossings: Collection[str], path: Path = ZONES) -> dict[str, dict[str, str]]:
    found, problems = {}, []
    for number, row in _lines(path):
        if row["slug"] not in crossings:
            continue
        clocks = {name: row[name].strip() for name in CLOCKS}
        note = (row.get(NOTE) or "").strip()
        problems += [
            f"{path.name}, line {number}: no time zone {one}." for one in clocks.values() if one and not zone_of(one)
        ]
        if len(note) > 200:
            problems.append(f"{path.name}, line {number}: the note has more than 200 characters.")
        found[row["slug"]] = clocks | {NOTE: note}
    if problems:
        raise ValueError("\n".join(problems))
    return found


def read_hours(crossings: dict[str, Crossing], path: Path = HOURS) -> dict[str, list[Hours]]:
    """By the slug of the crossing, unsaved."""
    found: dict[str, list[Hours]] = defaultdict(list)
    problems = []
    for number, row in _lines(path):
        if row["slug"] not in crossings:
            continue
        try:
            found[row["slug"]].append(_row(row, crossings[row["slug"]]))
        except ValidationError as error:
            problems.append(f"{path.name}, line {number}: {' '.join(error.messages)}")
        except ValueError as error:
            problems.append(f"{path.name}, line {number}: {error}")
    if problems:
        raise ValueError("\n".join(problems))
    return dict(found)


def weekdays_of(written: str) -> str:
    """ "7,1-4" as "12347"."""
    numbers: set[int] = set()
    for part in written.split(","):
        first, _, last = part.strip().partition("-")
        try:
            numbers |= set(range(int(first), int(last or first) + 1))
        except ValueError:
            raise ValueError(f"these are no days of the week: {written}") from None
    if not numbers or not numbers <= set(range(1, 8)):
        raise ValueError(f"these are no days of the week: {written}")
    return "".join(map(str, sorted(numbers)))


def _lines(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, row


def _row(row: dict[str, str], crossing: Crossing) -> Hours:
    sides = {crossing.country_a_id: Hours.Side.A, crossing.country_b_id: Hours.Side.B}
    if row["country"] not in sides:
        raise ValueError(f"{crossing.slug} has no side in {row['country']}.")
    times = {name: spans.minutes_typed(row[name]) for name in ("opens", "closes", "break_from", "break_to")}
    said = {name: row[name].strip() for name in SAID if name in row and name not in times}
    said |= {"side": sides[row["country"]], "weekdays": weekdays_of(row["weekdays"])}
    as_of = date.fromisoformat(f"{row['as_of']}-01")
    hours = Hours(crossing=crossing, entered_at=timezone.now(), **{**said, **times, "as_of": as_of})
    hours.full_clean(
        exclude=["crossing", "entered_by", "withdrawn_by", "replaces", "withdrawn_at"], validate_unique=False
    )
    return hours


def _write_clocks(crossings: dict[str, Crossing], clocks: dict[str, dict[str, str]]) -> set[str]:
    edited = _edited(CrossingEdit.objects.of_clocks(), crossings)
    changed = []
    for slug, wanted in clocks.items():
        crossing = crossings[slug]
        if slug in edited or all(getattr(crossing, name) == value for name, value in wanted.items()):
            continue
        for name, value in (wanted | {"version": F("version") + 1}).items():  # kept pages end, as by bump()
            setattr(crossing, name, value)
        changed.append(crossing)
    Crossing.objects.bulk_update(sorted(changed, key=lambda crossing: crossing.pk), [*CLOCKS, NOTE, "version"])
    return {crossing.slug for crossing in changed}


def _write_hours(crossings: dict[str, Crossing], wanted: dict[str, list[Hours]], today: date) -> set[str]:
    edited = _edited(CrossingEdit.objects.of_hours(), crossings)
    there: dict[str, list[Hours]] = defaultdict(list)
    for hours in Hours.objects.standing().filter(crossing__slug__in=crossings).select_related("crossing"):
        there[hours.crossing.slug].append(hours)
    changed = set()
    for slug in sorted({*wanted, *there} - edited):
        known = {_said(one): one for one in there[slug]}
        new = {_said(one): one for one in wanted.get(slug, [])}
        if known.keys() == new.keys():
            continue
        gone = [one.pk for said, one in known.items() if said not in new]
        Hours.objects.filter(pk__in=gone).update(withdrawn_at=timezone.now())
        Hours.objects.bulk_create(one for said, one in new.items() if said not in known)
        kept.keep(crossings[slug], today)
        changed.add(slug)
    return changed


def _said(hours: Hours) -> tuple:
    return tuple(getattr(hours, name) for name in SAID)


def _edited(edits: QuerySet[CrossingEdit], crossings: Collection[str]) -> set[str]:
    return set(edits.filter(crossing__slug__in=crossings).values_list("crossing__slug", flat=True))
