"""The nightly dump: files beside, then one change of a name, so that a dump is whole or not there."""

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from crossings.dump import dump_rows, open_data, shelf
from crossings.models import Crossing
from crossings.status.update import today


def write_dump() -> None:
    """The dump of today, if it is not there; those older than a week are removed first. Called nightly.

    Broken off, it leaves a folder of another name, which the next run removes and begins again. Safe to repeat.
    """
    day = today()
    shelf.forget_old(day)
    target = shelf.root() / day.isoformat()
    if target.exists():
        return
    making = shelf.root() / shelf.MAKING
    making.mkdir(parents=True)
    _write(making, day)
    _write_sums(making)
    os.replace(making, target)


def _write(folder: Path, day: date) -> None:
    found = Crossing.objects.with_status(day).with_countries().order_by("slug")
    crossings = list(found)
    as_json = json.dumps(open_data.as_geojson(crossings, day), ensure_ascii=False, cls=DjangoJSONEncoder)
    _write_text(folder / "crossings.geojson", as_json)
    _write_csv(folder / "crossings.csv", dump_rows.CROSSINGS, dump_rows.crossings(crossings, day))
    _write_csv(folder / "hours.csv", dump_rows.HOURS, dump_rows.hours())
    _write_csv(folder / "closures.csv", dump_rows.CLOSURES, dump_rows.closures(crossings, day))
    _write_csv(folder / "reports.csv", dump_rows.REPORTS, dump_rows.reports(day))
    readme = render_to_string("crossings/dump/README.txt", {"day": day, "licence": open_data.licence()})
    _write_text(folder / "README.txt", readme)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[dump_rows.Row]) -> None:
    """As RFC 4180 has it, in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([dump_rows.cell(row.get(name)) for name in columns] for row in rows)
        _flush(file.fileno(), file)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        _flush(file.fileno(), file)


def _flush(number: int, file) -> None:
    file.flush()
    os.fsync(number)


def _write_sums(folder: Path) -> None:
    """As `sha256sum --check` reads it."""
    names = [name for name in shelf.TYPES if name != shelf.SUMS]
    lines = [f"{_digest(folder / name)}  {name}\n" for name in names]
    _write_text(folder / shelf.SUMS, "".join(lines))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
