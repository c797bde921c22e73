"""The nightly files of open data: what everybody may read, whole or not there, for a week."""

import csv
import hashlib
import json
import shutil
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.backup import media_files
from crossings.dump import dump_rows, shelf
from crossings.dump.write_dump import write_dump
from crossings.status.update import today
from crossings.wording import monday_of
from forum.models import Post
from tests.crossings.factories import make_country, make_crossing, make_hours, make_notice, make_report
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def torugart():
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(name="Torugart", slug="torugart", zone_a="Asia/Shanghai", zone_b="Asia/Bishkek")
    make_hours(crossing, "b", "08:00", "17:00", pause="12:00-13:00", weekdays="12345", source="A sign at the gate")
    return crossing


def folder(media):
    return media / "open-data" / today().isoformat()


def rows(media, name):
    with (folder(media) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestWhatIsInIt:
    def test_crossings_with_clocks_hours_and_closures(self, media, torugart):
        make_notice(torugart, begins=3, ends=4, text="Road works")

        write_dump()

        [crossing] = rows(media, "crossings.csv")
        assert (crossing["slug"], crossing["zone_b"], crossing["territory"]) == ("torugart", "Asia/Bishkek", "")
        assert crossing["clock_note"] == ""
        [hours] = rows(media, "hours.csv")
        said = [hours[name] for name in ("slug", "country", "opens", "closes", "break_from", "zone", "source")]
        assert said == ["torugart", "KG", "08:00", "17:00", "12:00", "Asia/Bishkek", "A sign at the gate"]
        closures = rows(media, "closures.csv")
        assert {(row["kind"], row["countries"]) for row in closures} == {("notice", "CN KG"), ("weekly", "KG")}
        [feature] = json.loads((folder(media) / "crossings.geojson").read_text())["features"]
        assert feature["properties"]["opening_hours"] == [{
            "country": "KG", "for": "all", "way": "both", "zone": "Asia/Bishkek",
            "opening_hours": "Mo-Fr 08:00-12:00,13:00-17:00; Sa-Su off",
        }]  # fmt: skip

    @pytest.mark.parametrize(("is_disputed", "said"), [(True, "territory disputed"), (False, "")])
    def test_a_disputed_land_is_called_so_and_no_more(self, media, is_disputed, said):
        make_crossing(name="Guerguerat", slug="guerguerat", is_territory_disputed=is_disputed)

        write_dump()

        assert [row["territory"] for row in rows(media, "crossings.csv")] == [said]
        [feature] = json.loads((folder(media) / "crossings.geojson").read_text())["features"]
        assert feature["properties"]["territory_disputed"] is is_disputed
        assert "territory" not in feature["properties"]

    def test_reports_without_authors_and_with_days_as_others_may_know_them(self, media, torugart):
        author = make_user(username="not_named_here")
        make_report(torugart, days_ago=3, is_delayed=True, author=author)
        make_report(torugart, days_ago=40, only_month=True, author=author, crossed_on=date(2026, 5, 1))

        write_dump()

        told = {(row["begins_on"], row["precision"]) for row in rows(media, "reports.csv")}
        assert told == {(monday_of(today() - timedelta(days=3)).isoformat(), "week"), ("2026-05-01", "month")}
        assert not [path for path in folder(media).iterdir() if "not_named_here" in path.read_text()]

    @pytest.mark.parametrize("gone", ["hidden_at", "held_at"])
    def test_a_report_that_is_hidden_or_held_is_in_no_new_dump(self, media, torugart, gone):
        report = make_report(torugart, days_ago=3)
        write_dump()
        before = len(rows(media, "reports.csv"))
        Post.objects.filter(pk=report.post_id).update(**{gone: timezone.now()})
        shutil.rmtree(folder(media))

        write_dump()

        assert (before, rows(media, "reports.csv")) == (1, [])

    def test_no_cell_is_a_formula(self):
        assert [dump_rows.cell(value) for value in ("=1+1", "@x", "-2", -2.5, None, True, "plain")] == [
            "'=1+1", "'@x", "'-2", "-2.5", "", "yes", "plain",
        ]  # fmt: skip

    def test_the_sums_are_those_of_the_files(self, media, torugart):
        write_dump()

        lines = (folder(media) / "SHA256SUMS").read_text().splitlines()
        for line in lines:
            digest, name = line.split("  ")
            assert hashlib.sha256((folder(media) / name).read_bytes()).hexdigest() == digest
        assert {path.name for path in folder(media).iterdir()} == set(shelf.TYPES)

    def test_more_rows_need_no_more_statements(self, media, torugart):
        def statements():
            shutil.rmtree(media / "open-data", ignore_errors=True)
            with CaptureQueriesContext(connection) as found:
                write_dump()
            return len(found)

        make_report(torugart, days_ago=1)
        few = statements()
        for i in range(6):
            other = make_crossing(name=f"Other {i}")
            make_hours(other, "a")
            make_notice(other, begins=i + 1, ends=i + 2)
            make_report(other, days_ago=i)

        assert statements() == few


class TestWhenItIsWritten:
    def test_the_same_day_again_changes_nothing(self, media, torugart):
        write_dump()
        made = (folder(media) / "crossings.csv").stat().st_mtime_ns

        write_dump()

        assert (folder(media) / "crossings.csv").stat().st_mtime_ns == made

    def test_one_that_breaks_off_is_not_there_and_is_begun_again(self, client, media, torugart, monkeypatch):
        def full(*args):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr("crossings.dump.write_dump._write_sums", full)
            with pytest.raises(OSError, match="No space"):
                write_dump()
        half = (
            folder(media).exists(),
            (media / "open-data" / ".making").exists(),
            "crossings.csv" in client.get("/data/").text,
        )

        write_dump()

        assert half == (False, True, False)
        assert folder(media).exists()
        assert not (media / "open-data" / ".making").exists()

    def test_a_week_is_kept_and_what_is_not_ours_stays(self, media):
        for days in range(-1, 12):
            (media / "open-data" / (today() - timedelta(days=days)).isoformat()).mkdir(parents=True)
        (media / "open-data" / "by-hand").mkdir()
        (media / "open-data" / "2026-13-77").mkdir()

        shelf.forget_old(today())

        kept = {path.name for path in (media / "open-data").iterdir()}
        assert kept == {"by-hand", "2026-13-77"} | {(today() - timedelta(days=i)).isoformat() for i in range(7)}

    @pytest.mark.parametrize(("days", "status"), [(0, 200), (6, 200), (7, 404), (30, 404), (-1, 404)])
    def test_a_file_is_served_for_a_week_also_where_no_night_took_it_away(self, client, media, torugart, days, status):
        write_dump()
        day = (today() - timedelta(days=days)).isoformat()
        folder(media).rename(media / "open-data" / day)

        assert client.get(f"/data/{day}/hours.csv").status_code == status
        assert (f"/data/{day}/hours.csv" in client.get("/data/").text) == (status == 200)

    def test_backups_leave_it_out(self, media, torugart):
        write_dump()
        (media / "pictures").mkdir()
        (media / "pictures" / "a.jpg").write_bytes(b"x")

        assert [path.name for path in media_files.listed(media)] == ["a.jpg"]


class TestThePage:
    def test_files_with_sizes_and_sums_licence_and_credit(self, client, media, torugart):
        write_dump()

        page = client.get("/data/").text

        assert "CC BY 4.0" in page
        assert hashlib.sha256((folder(media) / "hours.csv").read_bytes()).hexdigest() in page
        assert f'href="/data/{today().isoformat()}/hours.csv"' in page

    def test_without_any_it_says_when_they_come(self, client):
        assert "The first files come in the night." in client.get("/data/").text

    def test_a_file_is_sent_as_it_is(self, client, media, torugart):
        write_dump()

        answer = client.get(f"/data/{today().isoformat()}/hours.csv")

        assert b"".join(answer.streaming_content) == (folder(media) / "hours.csv").read_bytes()
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize(
        "path",
        ["2026-11-30/secrets.csv", "../hours.csv", "2026-11-30/..%2fsettings.py", ".making/hours.csv",
         "2026-11-30/SHA256SUMS", "٢٠٢٦-11-30/hours.csv", "by-hand/hours.csv"],
    )  # fmt: skip
    def test_whatever_else_is_asked_for_is_not_found(self, client, media, path):
        for name in (".making", "by-hand"):
            (media / "open-data" / name).mkdir(parents=True)
            (media / "open-data" / name / "hours.csv").write_text("x")

        assert client.get(f"/data/{path}").status_code == 404

    def test_an_address_that_no_text_can_be_is_refused_with_words(self, client):
        assert client.get("/data/%00/hours.csv").status_code == 400
