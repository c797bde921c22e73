"""How much of the list that comes with the software is in the database."""

import csv
from functools import cache

from crossings.editorial.importer import CROSSINGS
from crossings.models import Crossing


def progress() -> tuple[int, int]:
    """How many of the crossings of our own list are here, and how many there are in it."""
    slugs = _slugs()
    return Crossing.objects.filter(slug__in=slugs).count(), len(slugs)


@cache
def _slugs() -> frozenset[str]:
    with CROSSINGS.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["slug"] for row in csv.DictReader(file))
