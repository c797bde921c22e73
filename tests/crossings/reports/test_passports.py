"""The reports of one member on their page: stamps in a passport, and all of them as a list."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.dateformat import format as written

from crossings.models import CrossingReport
from crossings.reports.passports import STAMPS_SHOWN
from crossings.status.update import today
from crossings.wording import monday_of
from forum.models import Post
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/members/rider/"


@pytest.fixture
def member():
    return make_user(username="rider", trust=2)


@pytest.fixture
def torugart():
    return make_crossing(name="Torugart")


def stamps(client):
    parts = client.get(PAGE).context["parts"].above
    return [(stamp.crossing, stamp.words, stamp.day) for part in parts for stamp in part["stamps"]]


def day(days_ago):
    return written(today() - timedelta(days=days_ago), "j M Y")


class TestStamps:
    def test_of_each_crossing_the_last_newest_first(self, client, member, torugart):
        make_report(torugart, author=member, days_ago=40)
        make_report(torugart, author=member, days_ago=20, outcome="conditions")
        make_report(make_crossing(name="Karkara"), author=member, days_ago=30, outcome="found-closed", reason="shut")

        assert stamps(client) == [("Torugart", "Conditions", day(20)), ("Karkara", "Found closed", day(30))]

    def test_a_stamp_leads_to_the_story(self, client, member, torugart):
        report = make_report(torugart, author=member)

        assert f'<a class="big-stamp status-open" href="/posts/{report.post_id}/">' in client.get(PAGE).text

    def test_hearsay_is_no_crossing(self, client, member, torugart):
        make_report(torugart, author=member, is_hearsay=True)

        assert stamps(client) == []

    def test_it_holds_only_so_many(self, client, member):
        for number in range(STAMPS_SHOWN + 1):
            make_report(make_crossing(name=f"Pass {number}"), author=member)

        assert len(stamps(client)) == STAMPS_SHOWN

    def test_without_reports_there_is_none(self, client, member):
        assert "Passport" not in client.get(PAGE).text


class TestWhatIsNotToldYet:
    def test_a_delayed_day_is_a_week(self, client, member, torugart):
        report = make_report(torugart, author=member, days_ago=3, is_delayed=True)
        week = f"week of {written(monday_of(report.crossed_on), 'j M Y')}"

        assert stamps(client) == [("Torugart", "Crossed", week)]
        for page in (client.get(PAGE).text, client.get(f"{PAGE}reports/").text):
            assert week in page
            assert report.crossed_on == monday_of(report.crossed_on) or day(3) not in page

    def test_a_day_of_which_only_the_month_is_shown(self, client, member, torugart):
        report = make_report(torugart, author=member, only_month=True, crossed_on=today().replace(day=1))

        assert stamps(client) == [("Torugart", "Crossed", written(report.crossed_on, "F Y"))]

    def test_the_order_does_not_tell_the_day_either(self, client, member, torugart):
        """Both are of one week: the delayed one stands as if it were of its Monday."""
        monday = monday_of(today()) - timedelta(days=7)
        make_report(torugart, author=member, crossed_on=monday + timedelta(days=6), is_delayed=True)
        make_report(make_crossing(name="Karkara"), author=member, crossed_on=monday + timedelta(days=1))

        reports = client.get(f"{PAGE}reports/").context["reports"]

        assert [name for name, *_ in stamps(client)] == ["Karkara", "Torugart"]
        assert [shown.report.crossing.name for shown in reports] == ["Karkara", "Torugart"]

    def test_a_hidden_or_held_story_is_nowhere(self, client, member, torugart):
        for field in ("hidden_at", "held_at"):
            report = make_report(torugart, author=member)
            Post.objects.filter(pk=report.post_id).update(**{field: timezone.now()})

        assert stamps(client) == []
        assert client.get(f"{PAGE}reports/").context["reports"] == []
        assert not any(tab.rows_count for tab in client.get(PAGE).context["tabs"] if tab.key == "reports")


class TestList:
    def test_it_comes_page_by_page_in_the_order_of_public_days(self, client, member, torugart, monkeypatch):
        monkeypatch.setattr("crossings.views.lists.member_reports.REPORTS_PER_PAGE", 2)
        for days_ago in (5, 1, 9, 1):
            make_report(torugart, author=member, days_ago=days_ago)

        seen, path = [], f"{PAGE}reports/"
        while path:
            context = client.get(path).context
            seen += [shown.report.pk for shown in context["reports"]]
            path = context["next_url"]

        expected = CrossingReport.objects.order_by("-crossed_on", "-post_id")
        assert seen == [report.pk for report in expected]

    def test_it_names_the_crossing_of_each(self, client, member, torugart):
        make_report(torugart, author=member)

        assert f'<a href="{torugart.get_absolute_url()}">Torugart</a>' in client.get(f"{PAGE}reports/").text

    def test_hearsay_stands_in_the_list_as_such(self, client, member, torugart):
        make_report(torugart, author=member, is_hearsay=True)

        assert "Heard, not seen" in client.get(f"{PAGE}reports/").text

    def test_the_reports_of_others_do_not(self, client, member, torugart):
        make_report(torugart)

        assert client.get(f"{PAGE}reports/").context["reports"] == []
