"""Crossings come from a file: all of it or nothing, as often as one likes."""

import csv
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from crossings.editorial import importer
from crossings.hours import kept
from crossings.models import Country, Crossing, CrossingEdit, CrossingFact, CrossingName, Hours, Status
from tests.factories import make_user

pytestmark = pytest.mark.django_db
COLUMNS = (
    "slug,name,other_names,country_a,country_b,post_a,post_b,latitude,longitude,altitude_m,kind,open_to_foreigners,"
    "seasonal,permits,nearest_towns,as_of,source,confidence"
)
GOOD = {
    "slug": "arch", "name": "The Arch", "other_names": "Arka|Арка", "country_a": "CN", "country_b": "KG",
    "post_a": "Customs", "post_b": "Gate", "latitude": "40.5", "longitude": "75.4", "altitude_m": "3752",
    "kind": "road", "open_to_foreigners": "restricted", "seasonal": "Weekdays", "permits": "A paper",
    "nearest_towns": "Naryn|Kashgar", "as_of": "2025-12", "source": "general knowledge", "confidence": "high",
}  # fmt: skip


def edit_of(crossing):
    return CrossingEdit.objects.create(
        crossing=crossing, edited_by=make_user(), edited_at="2026-01-01T00:00Z", reason="It moved", changes=[]
    )


def write(path, *rows):
    lines = [",".join(row.get(name, GOOD[name]) for name in COLUMNS.split(",")) for row in rows]
    path.write_text("\n".join([COLUMNS, *lines, ""]), encoding="utf-8")
    return path


def test_the_file_of_the_project_has_the_world_with_its_names_and_loading_it_twice_changes_nothing():
    loaded = importer.load()

    torugart = Crossing.objects.get(slug="torugart")
    assert (loaded.new, loaded.left_out, Crossing.objects.count()) == (766, [], 766)
    assert (CrossingName.objects.count(), Country.objects.count()) == (3_706, 151)
    assert {"Torugart Pass", "Торугарт", "吐尔尕特"} <= {name.text for name in torugart.names.all()}
    assert (torugart.editors_status, torugart.as_of) == (Status.LIMITED, date(2025, 12, 1))
    assert Country.objects.get(code="XK").name == "Kosovo"
    assert set(Crossing.objects.filter(is_territory_disputed=True).values_list("slug", flat=True)) >= {
        "guerguerat", "wajaale", "ledra-street", "merdare",
    }  # fmt: skip
    assert "Israeli time" in Crossing.objects.get(slug="allenby-king-hussein").clock_note
    khorgos = Crossing.objects.get(slug="khorgos")
    assert (khorgos.zone_a, khorgos.zone_b, khorgos.also_a) == ("Asia/Shanghai", "Asia/Almaty", "Asia/Urumqi")
    assert {rule.opens for rule in kept.of(khorgos).rules} == {510, 630}
    assert (Crossing.objects.filter(zone_a="").count(), Hours.objects.standing().count()) == (0, 138)

    again = importer.load()

    assert (again.new, again.changed, again.same, again.with_hours) == (0, 0, 766, 0)
    assert (CrossingName.objects.count(), Hours.objects.count()) == (3_706, 138)


def test_facts_of_the_file_name_countries_as_readers_do_and_not_by_their_codes():
    with importer.CROSSINGS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    by_code = [
        row["slug"]
        for row in rows
        if re.search(rf"(?<!ETA-)\b({row['country_a']}|{row['country_b']})\b", f"{row['permits']} {row['seasonal']}")
    ]

    assert by_code == []


def test_a_crossing_whose_name_another_one_has_here_is_left_out_and_the_others_come(tmp_path):
    importer.load(write(tmp_path / "x.csv", {"slug": "old", "name": "Old"}))
    Crossing.objects.update(name="The Arch")
    edit_of(Crossing.objects.get())

    loaded = importer.load(
        write(tmp_path / "y.csv", {}, {"slug": "old", "name": "Old"}, {"slug": "new", "name": "New"})
    )

    assert (loaded.left_out, loaded.kept, loaded.new) == (["arch"], ["old"], 1)
    assert set(Crossing.objects.values_list("name", flat=True)) == {"The Arch", "New"}


def test_two_crossings_of_a_newer_file_may_exchange_their_names(tmp_path):
    importer.load(write(tmp_path / "x.csv", {}, {"slug": "other", "name": "Other"}))

    loaded = importer.load(write(tmp_path / "y.csv", {"name": "Other"}, {"slug": "other", "name": "The Arch"}))

    assert loaded.left_out == ["arch", "other"]  # which one has which name is for the editors to say


def test_posted_hours_come_only_where_the_countries_are_those_of_our_own_list(tmp_path):
    elsewhere = write(tmp_path / "x.csv", {"slug": "bakhty", "country_a": "CN", "country_b": "RU"})
    loaded = importer.load(elsewhere)
    assert (loaded.new, loaded.with_hours, Hours.objects.count()) == (1, 0, 0)

    loaded = importer.load(write(tmp_path / "y.csv", {"slug": "bakhty", "country_a": "CN", "country_b": "KZ"}))

    assert (loaded.changed, loaded.with_hours, Hours.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize(("written", "is_disputed"), [("disputed", True), ("", False)])
def test_a_file_may_say_that_a_territory_is_disputed(tmp_path, written, is_disputed):
    path = write(tmp_path / "x.csv", {})
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head},territory\n{row},{written}\n", encoding="utf-8")

    importer.load(path)

    assert Crossing.objects.get().is_territory_disputed is is_disputed


def test_a_territory_that_is_something_else_is_refused(tmp_path):
    path = write(tmp_path / "x.csv", {})
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head},territory\n{row},ours\n", encoding="utf-8")

    with pytest.raises(importer.BadFile, match="Line 2: territory is neither empty nor disputed"):
        importer.load(path)


def test_a_name_is_never_made_by_splitting_another(tmp_path):
    importer.load(write(tmp_path / "x.csv", {"name": "Dogharun / Islam Qala"}))

    assert {name.text for name in CrossingName.objects.all()} == {"Dogharun / Islam Qala", "Arka", "Арка"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"country_a": "QQ"}, "no country has the code QQ"),
        ({"country_a": "KG", "country_b": "CN"}, "country_a must come before country_b"),
        ({"latitude": "89.39", "longitude": "26.85"}, "latitude: A latitude here is from -85 to 85. Were latitude and"),
        ({"latitude": "-85.01"}, "latitude: A latitude here is from -85 to 85."),
        ({"longitude": "east"}, "longitude is no number: east"),
        ({"latitude": "nan"}, "latitude is no number: nan"),
        ({"kind": "tunnel"}, "kind: Value 'tunnel' is not a valid choice"),
        ({"open_to_foreigners": "perhaps"}, "open_to_foreigners is none of"),
        ({"as_of": "last year"}, "as_of is no month like 2025-12"),
        ({"slug": "a slug"}, "slug: Enter a valid"),
        ({"name": "n" * 81}, "name"),
        ({"confidence": "sure"}, "confidence: Value 'sure' is not a valid choice"),
        ({"source": ""}, "source: This field cannot be blank"),
        ({"permits": "x" * 301}, "permits is longer than 300 characters"),
    ],
)
def test_a_bad_row_is_named_and_nothing_of_the_file_is_loaded(tmp_path, row, words):
    file = write(tmp_path / "x.csv", {}, {"slug": "other", "name": "Other", **row})

    with pytest.raises(importer.BadFile) as error:
        importer.load(file)

    assert error.value.problems[0].startswith("Line 3: ")
    assert words in error.value.problems[0]
    assert Crossing.objects.count() == 0


def test_all_bad_rows_are_named_at_once(tmp_path):
    file = write(
        tmp_path / "x.csv", {"kind": "tunnel"}, {"slug": "other", "as_of": "x"}, {"slug": "third"}, {"slug": "third"}
    )

    with pytest.raises(CommandError) as error:
        call_command("load_crossings", str(file))

    assert [line[:7] for line in str(error.value).splitlines()[1:]] == ["Line 2:", "Line 3:", "Line 5:"]


def test_columns_that_are_missing_are_named(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("slug,name\narch,The Arch\n")

    with pytest.raises(importer.BadFile, match="Line 1: these columns are missing: altitude_m, as_of"):
        importer.load(path)


def test_a_row_with_too_many_columns_is_named(tmp_path):
    path = write(tmp_path / "x.csv", {"permits": "one, two"})

    with pytest.raises(importer.BadFile, match="Line 2: it has more or fewer columns"):
        importer.load(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("load_crossings", str(tmp_path / "none.csv"))


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(importer.BadFile, match="no text in UTF-8"):
        importer.load(path)


def test_a_newer_file_changes_what_nobody_has_edited(tmp_path):
    importer.load(write(tmp_path / "x.csv", {}))

    loaded = importer.load(write(tmp_path / "y.csv", {"as_of": "2026-03", "permits": "None", "other_names": "Arko"}))

    crossing = Crossing.objects.get()
    assert loaded.changed == 1
    assert crossing.as_of == date(2026, 3, 1)
    assert crossing.facts.get(kind=CrossingFact.Kind.PAPERS).text == "None"
    assert {name.text for name in crossing.names.all()} == {"The Arch", "Arka", "Арка", "Arko"}
    assert crossing.version == 1  # its kept pages end


def test_a_notice_is_no_edit_of_the_crossing_itself(tmp_path):
    importer.load(write(tmp_path / "x.csv", {}))
    CrossingEdit.objects.create(
        crossing=Crossing.objects.get(), edited_by=make_user(), edited_at="2026-01-01T00:00Z", reason="Notice entered",
        changes=[["Notice", "", "Closed from 1 May 2026."]],
    )  # fmt: skip

    loaded = importer.load(write(tmp_path / "y.csv", {"post_b": "Gate 2"}))

    assert (loaded.kept, Crossing.objects.get().post_b) == ([], "Gate 2")


def test_what_the_editors_changed_stays_as_they_left_it(tmp_path):
    importer.load(write(tmp_path / "x.csv", {}))
    crossing = Crossing.objects.get()
    Crossing.objects.update(post_b="The new gate")
    edit_of(crossing)

    loaded = importer.load(write(tmp_path / "y.csv", {"post_b": "Gate 2", "other_names": "Another"}))

    crossing.refresh_from_db()
    assert crossing.post_b == "The new gate"
    assert loaded.kept == ["arch"]
    assert not crossing.names.filter(text="Another").exists()  # they may have removed it
