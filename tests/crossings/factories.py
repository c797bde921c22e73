"""Crossings and reports for tests: only what matters to the test is written in the test."""

from datetime import date
from itertools import count

from crossings.models import Country, Crossing, CrossingName

_numbers = count(1)


def make_country(code: str = "KG", name: str = "") -> Country:
    return Country.objects.get_or_create(code=code, defaults={"name": name or f"Country {code}"})[0]


def make_crossing(*, names: tuple[str, ...] = (), countries: tuple[str, str] = ("CN", "KG"), **fields) -> Crossing:
    """A crossing with its own name and these; of China and Kyrgyzstan unless said otherwise."""
    number = next(_numbers)
    fields.setdefault("name", f"Crossing {number}")
    fields.setdefault("slug", f"crossing-{number}")
    fields = {
        "latitude": 40.5, "longitude": 75.4, "kind": Crossing.Kind.ROAD, "as_of": date(2025, 12, 1),
        "source": "general knowledge", "confidence": "medium",
    } | fields  # fmt: skip
    a, b = sorted(countries)
    crossing = Crossing.objects.create(country_a=make_country(a), country_b=make_country(b), **fields)
    CrossingName.objects.bulk_create(CrossingName(crossing=crossing, text=name) for name in (fields["name"], *names))
    return crossing
