"""A day that its author delays: no page, page after page, lets anybody tell it from where the report stands."""

import pytest
from django.utils import timezone

from crossings.models import CrossingReport
from crossings.status.update import today
from crossings.wording import monday_of, public_day
from forum.models import Post
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, WEDNESDAY, _, _, _, SUNDAY = range(7)
URL = "/crossings/torugart/"


@pytest.fixture
def torugart():
    return make_crossing(slug="torugart")


def last_week(crossing, day, **fields):
    """A report of a day of last week, which every wish for delay still hides."""
    since_monday = (today() - monday_of(today())).days
    return make_report(crossing, days_ago=since_monday + 7 - day, **fields)


def stories(client, query: str = "") -> list[str]:
    page = client.get(f"{URL}reports/{query}").text
    return sorted(
        (word for word in ("alpha", "bravo", "charlie", "delta") if f"It was {word}." in page), key=page.index
    )


@pytest.fixture
def week(torugart):
    """Four reports of one week; the last day of it is delayed, and stands at the Monday."""
    return [
        last_week(torugart, MONDAY, source="It was alpha."),
        last_week(torugart, SUNDAY, source="It was bravo.", is_delayed=True),
        last_week(torugart, TUESDAY, source="It was charlie."),
        last_week(torugart, WEDNESDAY, source="It was delta."),
    ]


class TestPages:
    def test_pages_go_by_the_day_that_is_shown(self, client, week, monkeypatch):
        monkeypatch.setattr("crossings.views.crossing_page.REPORTS_PER_PAGE", 2)

        first, second = stories(client), stories(client, f"?before={week[2].pk}")

        assert (first, second) == (["delta", "charlie"], ["bravo", "alpha"])

    def test_what_comes_after_a_delayed_one_tells_only_its_week(self, client, week):
        assert stories(client, f"?before={week[1].pk}") == ["alpha"]

    def test_what_comes_after_each_other_one_does_not_tell_it_either(self, client, week):
        assert stories(client, f"?before={week[3].pk}") == ["charlie", "bravo", "alpha"]
        assert stories(client, f"?before={week[0].pk}") == []

    def test_a_filter_does_not_tell_it(self, client, week):
        assert stories(client, f"?mode=bicycle&before={week[1].pk}") == ["alpha"]

    def test_a_story_that_is_hidden_tells_no_day(self, client, week):
        Post.objects.filter(pk=week[3].post_id).update(hidden_at=timezone.now(), hidden_by=make_user(is_staff=True))

        assert stories(client, f"?before={week[3].pk}") == []

    def test_a_report_of_another_crossing_tells_no_day(self, client, week):
        elsewhere = last_week(make_crossing(), SUNDAY)

        assert stories(client, f"?before={elsewhere.pk}") == []


class TestTheNewest:
    """Which reports are among the newest tells as much as their order."""

    def test_of_a_crossing(self, client, week, monkeypatch):
        monkeypatch.setattr("crossings.views.crossing_page.REPORTS_SHOWN", 1)

        page = client.get(URL).text

        assert ("delta" in page, "bravo" in page) == (True, False)

    def test_of_its_data(self, client, week, monkeypatch):
        monkeypatch.setattr("crossings.open_data.REPORTS_TOLD", 1)

        (told,) = client.get("/crossings/torugart.json").json()["reports"]

        assert told["url"].endswith(f"/posts/{week[3].post_id}/")

    def test_of_those_that_count(self, client, week):
        page = client.get(f"{URL}why/").text

        places = [page.index(f"/posts/{report.post_id}/") for report in (week[3], week[2], week[1], week[0])]
        assert places == sorted(places)
        assert len(places) == 4


def test_the_database_sorts_by_the_days_that_pages_show(torugart):
    for days_ago in range(0, 20, 2):
        make_report(torugart, days_ago=days_ago)
        make_report(torugart, days_ago=days_ago, is_delayed=True)
    make_report(torugart, days_ago=5, is_delayed=True, only_month=True)

    found = list(CrossingReport.objects.newest_first(today()))

    assert [report.public_on for report in found] == [public_day(report, today()) for report in found]
    assert found == sorted(found, key=lambda report: (report.public_on, report.post_id), reverse=True)
