"""Crossings as data and as feeds: everything that everybody may know, and nothing else."""

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crossings.models import Crossing, Status
from crossings.status import update
from crossings.wording import monday_of
from forum.models import Post
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user

pytestmark = pytest.mark.django_db
DATA, ALL, FEED = "/crossings/torugart.json", "/crossings.geojson", "/crossings/torugart/feed/"


@pytest.fixture
def torugart():
    return make_crossing(slug="torugart", name="Torugart Pass", names=("吐尔尕特",), editors_status=Status.OPEN)


def told(client, url=DATA):
    answer = client.get(url)
    assert answer.status_code == 200
    return json.loads(answer.content)


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("url", [DATA, ALL])
def test_scripts_of_any_site_may_read_open_data_also_when_it_is_kept(client, torugart, url):
    assert [client.get(url)["Access-Control-Allow-Origin"] for _ in range(2)] == ["*", "*"]


class TestWhatIsTold:
    def test_a_crossing_with_status_reports_and_licence(self, client, torugart):
        report = make_report(torugart, days_ago=3, outcome="conditions", minutes_at_exit=70)
        make_notice(torugart, kind="danger", text="Rockfall")

        data = told(client)

        day = (update.today() - timedelta(days=3)).isoformat()
        assert data["url"] == "http://127.0.0.1:8000/crossings/torugart/"
        assert data["names"] == ["Torugart Pass", "吐尔尕特"]
        assert data["status"] == {
            "is": "limited", "by": "reports", "confirmed_on": day, "confirmed_by_reports": 1,
            "editors_knew_on": torugart.as_of.isoformat(), "is_old": False, "stale": None,
            "told": [{"side": "passes", "travellers": 1, "first_on": day, "last_on": day, "precision": "day"}],
        }  # fmt: skip
        assert data["reports"] == [
            {
                "url": f"http://127.0.0.1:8000/posts/{report.post_id}/", "begins_on": day, "precision": "day",
                "direction": "Country CN to Country KG", "mode": "bicycle", "outcome": "conditions", "reason": "",
                "is_hearsay": False, "minutes": {"exit": 70, "between": None, "entry": None},
            }
        ]  # fmt: skip
        assert [notice["text"] for notice in data["notices"]] == ["Rockfall"]
        assert data["licence"]["name"] == "CC BY 4.0"

    def test_all_crossings_as_points(self, client, torugart):
        make_crossing(name="Irkeshtam", slug="irkeshtam", longitude=73.9, latitude=39.7)

        answer = client.get(ALL)

        assert answer["Content-Type"] == "application/geo+json"
        data = json.loads(answer.content)
        assert data["type"] == "FeatureCollection"
        assert [feature["id"] for feature in data["features"]] == ["irkeshtam", "torugart"]
        assert data["features"][0]["geometry"] == {"type": "Point", "coordinates": [73.9, 39.7]}
        assert data["features"][0]["properties"]["status"]["is"] == "unknown"

    @pytest.mark.parametrize("url", [FEED, "/countries/kg/feed/"])
    def test_feeds_have_the_stories_of_reports(self, client, torugart, url):
        make_report(torugart, source="Straight through.")
        make_report(make_crossing(countries=("AF", "IR")), source="Elsewhere.")

        answer = client.get(url)

        assert answer["Content-Type"].startswith("application/atom+xml")
        assert "Straight through." in answer.text
        assert "Elsewhere." not in answer.text
        ElementTree.fromstring(answer.content)  # noqa: S314 (ours)

    def test_the_feed_of_a_crossing_begins_with_what_is_known_today(self, client, torugart):
        for days in (12, 13, 14):
            make_report(torugart, days_ago=days, trust=2)
        make_report(torugart, outcome="found-closed", trust=2)

        known = ElementTree.fromstring(client.get(FEED).content).findtext("{http://www.w3.org/2005/Atom}subtitle")  # noqa: S314

        assert known.startswith("Disputed. One traveller found it closed on ")
        assert "Three got through before that" in known

    def test_the_page_says_how_to_cite_it_and_where_the_data_is(self, client, torugart):
        day = update.today()

        page = client.get("/crossings/torugart/").text

        assert (
            f"Torugart Pass: Open as of {torugart.as_of:%B %Y}, no recent report. Borderpost, "
            f"http://127.0.0.1:8000/crossings/torugart/, read on {day.day} {day:%B %Y}. CC BY 4.0."
        ) in page
        assert 'href="/crossings/torugart.json"' in page
        place = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
        assert place["@type"] == "Place"
        assert place["geo"] == {"@type": "GeoCoordinates", "latitude": 40.5, "longitude": 75.4}
        assert place["alternateName"] == ["吐尔尕特"]

    def test_a_name_cannot_leave_the_script_element(self, client):
        crossing = make_crossing(name="</script><script>alert(1)</script>")

        assert "<script>alert(1)" not in client.get(crossing.get_absolute_url()).text

    def test_the_sitemap_lists_crossings_and_countries(self, client, torugart):
        assert "/sitemap-crossings.xml" in client.get("/sitemap.xml").text

        listed = client.get("/sitemap-crossings.xml").text

        for path in ("/crossings/", "/crossings/torugart/", "/countries/", "/countries/cn/", "/countries/kg/"):
            assert f"<loc>http://127.0.0.1:8000{path}</loc>" in listed


class TestWhatIsNot:
    def test_a_delayed_day_is_its_week_for_fourteen_days(self, client, torugart):
        make_report(torugart, days_ago=2, is_delayed=True)
        day = update.today() - timedelta(days=2)

        data = told(client)

        (report,) = data["reports"]
        assert (report["begins_on"], report["precision"]) == (monday_of(day).isoformat(), "week")
        if day != monday_of(day):
            assert day.isoformat() not in json.dumps(data)
            assert day.isoformat() not in client.get(ALL).text

    def test_the_order_of_reports_does_not_tell_a_delayed_day(self, client, torugart):
        since_monday = (update.today() - monday_of(update.today())).days
        first = make_report(torugart, days_ago=since_monday + 6, is_delayed=True)  # Tuesday of last week
        second = make_report(torugart, days_ago=since_monday + 7, is_delayed=True)  # Monday of last week

        addresses = [report["url"] for report in told(client)["reports"]]

        assert addresses == [f"http://127.0.0.1:8000/posts/{one.post_id}/" for one in (second, first)]
        for url in ("/crossings/torugart/", "/crossings/torugart/reports/"):
            page = client.get(url).text
            assert page.index(f"/posts/{second.post_id}/") < page.index(f"/posts/{first.post_id}/")

    def test_only_the_month_is_told_of_what_is_known_by_month(self, client, torugart):
        make_report(torugart, days_ago=40, only_month=True)

        assert told(client)["reports"][0]["precision"] == "month"

    @pytest.mark.parametrize("how", ["hidden_at", "held_at"])
    def test_hidden_and_held_stories_are_nowhere(self, client, torugart, how):
        report = make_report(torugart, source="A secret story.")
        who = {"hidden_by": make_user(is_staff=True)} if how == "hidden_at" else {}
        Post.objects.filter(pk=report.post_id).update(**{how: timezone.now()}, **who)
        update.judge(torugart.pk)

        data = told(client)

        assert (data["reports"], data["reports_count"], data["status"]["by"]) == ([], 0, "editors")
        for url in (FEED, "/countries/kg/feed/"):
            assert "A secret story." not in client.get(url).text

    def test_members_get_what_visitors_get(self, client, torugart):
        report = make_report(torugart, source="For members only.")
        report.post.topic.subforum.access = "members"
        report.post.topic.subforum.save()
        client.force_login(make_user())

        assert told(client)["reports"] == []
        assert "For members only." not in client.get(FEED).text

    def test_passports_are_told_of_five_and_more_alone_and_no_names(self, client, torugart):
        for _ in range(5):
            make_report(torugart, passport_group="eu")
        for _ in range(4):
            make_report(torugart, passport_group="asia")
        Post.objects.update(written_at=timezone.now() - timedelta(days=7))
        Crossing.objects.update(figures={})
        update.judge(torugart.pk)

        data = told(client)

        assert [group["members"] for group in data["passports"]] == [5]
        assert all("passport" not in json.dumps(report) for report in data["reports"])
        names = [report.post.author.username for report in torugart.reports.select_related("post__author")]
        assert not any(name in json.dumps(data) for name in names)


class TestWhatItCosts:
    @pytest.mark.parametrize("url", [DATA, ALL, FEED, "/countries/kg/feed/"])
    def test_it_is_kept_for_visitors_and_never_old(self, client, torugart, url):
        make_report(torugart, days_ago=5)
        before = client.get(url).content
        assert queries_of(client, url) == 1

        make_report(torugart, outcome="found-closed", source="Shut today.")

        assert client.get(url).content != before

    @pytest.mark.parametrize("url", [DATA, ALL, FEED, "/countries/kg/feed/"])
    def test_queries_do_not_depend_on_rows(self, client, torugart, url):
        client.force_login(make_user())
        make_report(torugart)
        few = queries_of(client, url)
        for _ in range(4):
            make_report(torugart), make_crossing()

        assert queries_of(client, url) == few <= 10
