"""Days of the year on which the posts of a country are known to rest beside its public holidays (rest_days.csv)."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from crossings.clock.rules import Season

FILE = Path(__file__).parent.parent / "data" / "rest_days.csv"


class Rest(NamedTuple):
    days: Season
    name: str
    as_of: date
    source: str


def on_day(code: str, day: date) -> Rest | None:
    return next((rest for rest in _by_country().get(code, ()) if rest.days.holds(day)), None)


@cache
def _by_country() -> dict[str, list[Rest]]:
    found: dict[str, list[Rest]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days = Season(_day(row["first"]), _day(row["last"]))
            rest = Rest(days, row["name"], date.fromisoformat(f"{row['as_of']}-01"), row["source"])
            found.setdefault(row["country"], []).append(rest)
    return found


def _day(written: str) -> tuple[int, int]:
    month, day = written.split("-")
    return int(month), int(day)
