"""Clocks and posted hours come with the list of crossings; what people changed stays."""

import pytest

from crossings.hours import actions, data_files, kept
from crossings.models import Hours
from crossings.status import update
from tests.crossings.factories import make_crossing
from tests.factories import make_user

pytestmark = pytest.mark.django_db
COLUMNS = (
    "slug,country,heading,audience,weekdays,opens,closes,break_from,break_to,zone,season_from,season_to,as_of,"
    "confidence,source,note"
)
GOOD = {
    "slug": "arch", "country": "CN", "heading": "both", "audience": "all", "weekdays": "7;1-4", "opens": "08:00",
    "closes": "24:00", "zone": "Asia/Shanghai", "season_from": "12-08", "season_to": "04", "as_of": "2025-12",
    "confidence": "low", "source": "A friend",
}  # fmt: skip


@pytest.fixture
def arch():
    return make_crossing(name="The Arch", slug="arch")


def write(path, *rows):
    lines = [
        ",".join((GOOD | row).get(name, "") for name in COLUMNS.split(",")).replace("7;1-4", '"7,1-4"') for row in rows
    ]
    path.write_text("\n".join([COLUMNS, *lines, ""]), encoding="utf-8")
    return path


def load(path, zones=None):
    return data_files.load(["arch"], update.today(), hours=path, **({"zones": zones} if zones else {}))


def test_loading_again_changes_nothing(arch, tmp_path):
    path = write(tmp_path / "hours.csv", {})

    counts = [load(path) for _ in range(2)]

    assert counts == [1, 0]
    hours = Hours.objects.get()
    assert (hours.weekdays, hours.closes, hours.season_from, hours.season_to) == ("12347", 1440, "12-08", "04")


def test_a_row_that_is_another_one_now_replaces_the_old_one(arch, tmp_path):
    load(write(tmp_path / "hours.csv", {}))

    load(write(tmp_path / "hours.csv", {"opens": "09:00"}))

    arch.refresh_from_db()
    assert [hours.opens for hours in Hours.objects.standing()] == [540]
    assert [rule.opens for rule in kept.of(arch).rules] == [540]


def test_what_people_changed_stays(arch, tmp_path):
    load(write(tmp_path / "hours.csv", {}))
    actions.withdraw_hours(make_user(is_staff=True), Hours.objects.get(), reason="Not so")

    load(write(tmp_path / "hours.csv", {"opens": "09:00"}))

    assert Hours.objects.standing().count() == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"country": "FR"}, "has no side in FR"), ({"weekdays": "8"}, "no days of the week"),
        ({"weekdays": "Mon"}, "no days of the week"), ({"opens": "25:00"}, "no such hour"),
        ({"zone": "Asia/Nowhere"}, "no time zone"), ({"season_from": "13"}, "Enter a valid value"),
        ({"as_of": "lately"}, "Invalid isoformat"), ({"confidence": "sure"}, "not a valid choice"),
        ({"source": ""}, "cannot be blank"), ({"audience": "cows"}, "not a valid choice"),
        ({"opens": "", "closes": ""}, "hours_begin_or_end"), ({"break_from": "12:00"}, "a_break_begins"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_is_loaded(arch, tmp_path, row, words):
    with pytest.raises(ValueError, match=words):
        load(write(tmp_path / "hours.csv", {}, row | {"note": "second"}))

    assert Hours.objects.count() == 0


def test_what_a_file_says_of_clocks_comes_with_them_and_a_clock_that_is_none_is_named(arch, tmp_path):
    file, zones = write(tmp_path / "hours.csv", {}), tmp_path / "zones.csv"
    head = "slug,zone_a,zone_b,also_a,also_b,clock_note"

    zones.write_text(f"{head}\narch,Asia/Shanghai,Asia/Bishkek,,,The terminal has its own.\n", encoding="utf-8")
    load(file, zones)

    arch.refresh_from_db()
    assert (arch.zone_b, arch.clock_note) == ("Asia/Bishkek", "The terminal has its own.")
    zones.write_text(f"{head}\narch,Asia/Nowhere,,,,{'x' * 201}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no time zone Asia/Nowhere(.|\n)*more than 200 characters"):
        load(file, zones)
