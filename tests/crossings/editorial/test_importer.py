"""Crossings come from a file: all of it or nothing, as often as one likes."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from crossings.editorial import importer
from crossings.models import Country, Crossing, CrossingEdit, CrossingFact, CrossingName, Status
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


def write(path, *rows):
    lines = [",".join(row.get(name, GOOD[name]) for name in COLUMNS.split(",")) for row in rows]
    path.write_text("\n".join([COLUMNS, *lines, ""]), encoding="utf-8")
    return path


def test_the_file_of_the_project_has_180_crossings_with_their_names():
    loaded = importer.load()

    torugart = Crossing.objects.get(slug="torugart")
    assert (loaded.new, Crossing.objects.count()) == (180, 180)
    assert CrossingName.objects.count() >= 902
    assert {"Torugart Pass", "Торугарт", "吐尔尕特"} <= {name.text for name in torugart.names.all()}
    assert (torugart.editors_status, torugart.as_of) == (Status.LIMITED, date(2025, 12, 1))
    assert Country.objects.get(code="XK").name == "Kosovo"


def test_loading_twice_changes_nothing():
    importer.load()
    names = CrossingName.objects.count()

    loaded = importer.load()

    assert (loaded.new, loaded.changed, loaded.same) == (0, 0, 180)
    assert CrossingName.objects.count() == names


def test_a_name_is_never_made_by_splitting_another(tmp_path):
    importer.load(write(tmp_path / "x.csv", {"name": "Dogharun / Islam Qala"}))

    assert {name.text for name in CrossingName.objects.all()} == {"Dogharun / Islam Qala", "Arka", "Арка"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"country_a": "QQ"}, "no country has the code QQ"),
        ({"country_a": "KG", "country_b": "CN"}, "country_a must come before country_b"),
        ({"latitude": "91"}, "latitude: Ensure this value is less than or equal to 90"),
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
    CrossingEdit.objects.create(
        crossing=crossing, edited_by=make_user(), edited_at="2026-01-01T00:00Z", reason="It moved", changes=[]
    )

    loaded = importer.load(write(tmp_path / "y.csv", {"post_b": "Gate 2", "other_names": "Another"}))

    crossing.refresh_from_db()
    assert crossing.post_b == "The new gate"
    assert loaded.kept == ["arch"]
    assert not crossing.names.filter(text="Another").exists()  # they may have removed it
