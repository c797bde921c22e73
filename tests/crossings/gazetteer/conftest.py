"""A gazetteer without a database: the crossings of our own file."""

import csv

import pytest

from crossings.editorial import importer
from crossings.gazetteer import gazetteer, spelling


@pytest.fixture(scope="session")
def known():
    with importer.CROSSINGS.open(encoding="utf-8", newline="") as file:
        rows = [_row(pk, row) for pk, row in enumerate(csv.DictReader(file))]
    with importer.COUNTRIES.open(encoding="utf-8", newline="") as file:
        called = {row["code"]: [row["name"], *spelling.country_words()[row["code"]]] for row in csv.DictReader(file)}
    return gazetteer.Gazetteer(rows, called, {})


def _row(pk, row):
    typed = [row["name"], *filter(None, row["other_names"].split("|"))]
    return {
        "pk": pk, "slug": row["slug"], "name": row["name"], "posts": [row["post_a"], row["post_b"]],
        "towns": row["nearest_towns"].split("|"), "countries": (row["country_a"], row["country_b"]),
        "kind": row["kind"], "point": (float(row["latitude"]), float(row["longitude"])),
        "names": [(text, False) for text in typed],
    }  # fmt: skip


@pytest.fixture(scope="session")
def slug_of(known):
    with importer.CROSSINGS.open(encoding="utf-8", newline="") as file:
        slugs = [row["slug"] for row in csv.DictReader(file)]
    return lambda text: None if (pk := known.best(text)) is None else slugs[pk]
