"""A day that its author delays: no page, page after page, lets anybody tell it from where the report stands."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from django.utils.dateformat import format as written

from crossings.models import CrossingReport
from crossings.status.update import today
from crossings.wording import monday_of, public_day
from forum.actions import edits
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
        monkeypatch.setattr("crossings.page_contents.REPORTS_SHOWN", 1)

        page = client.get(URL).text

        assert ("delta" in page, "bravo" in page) == (True, False)

    def test_of_its_data(self, client, week, monkeypatch):
        monkeypatch.setattr("crossings.dump.open_data.REPORTS_TOLD", 1)

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


class TestADayThatIsHiddenLater:
    """A report was filed with its day; then its author wishes that nobody sees it."""

    @pytest.fixture
    def filed(self, client, torugart):
        """By its form, without a story, on the Wednesday of last week."""
        make_report(torugart, source="I came later.")
        member = make_user(trust=1)
        client.force_login(member)
        day = monday_of(today()) - timedelta(days=7 - WEDNESDAY)
        facts = {"crossed_on": day.isoformat(), "direction": "a-b", "mode": "bus", "outcome": "crossed", "source": ""}
        client.post(f"{URL}report/", facts)
        return CrossingReport.objects.select_related("post__topic__subforum", "post__author").latest("pk")

    def pages(self, report) -> list[str]:
        topic = report.post.topic
        return [
            topic.get_absolute_url(), f"/topics/{topic.pk}/feed/",
            f"/forums/{topic.subforum.slug}/feed/", topic.subforum.get_absolute_url(), URL,
            f"{URL}reports/", f"{URL}why/", f"{URL}feed/", f"{URL}topics/", "/crossings/torugart.json",
            "/countries/kg/", "/countries/kg/feed/", "/crossings.geojson", "/crossings/", "/", "/feed/",
            report.post.author.get_absolute_url(), "/search/?q=Crossed+freely",
        ]  # fmt: skip

    def telling(self, report) -> list[str]:
        """The pages of visitors, kept ones too, on which the day stands in any of the ways in which we write days."""
        day = report.crossed_on
        of_another_year = rf"(?! (?!{day.year})\d{{4}})"
        ways = rf"{day.isoformat()}|\b{day.day} ({written(day, 'M')}|{written(day, 'F')}){of_another_year}"
        texts = {url: Client().get(url, follow=True).text for url in self.pages(report)}
        return [url for url, text in texts.items() if re.search(ways, text)]

    def hide(self, client, report, **wish):
        facts = {"crossed_on": report.crossed_on.isoformat(), "direction": "a-b", "mode": "bus", "outcome": "crossed"}
        return client.post(f"/reports/{report.pk}/edit/", facts | {"based_on": "0"} | wish, follow=True)

    @pytest.mark.parametrize("wish", [{"is_delayed": "on"}, {"only_month": "on"}])
    def test_it_stands_nowhere_any_more(self, client, filed, wish):
        before = self.telling(filed)

        self.hide(client, filed, **wish)

        assert {URL, f"{URL}reports/", f"{URL}feed/", filed.post.topic.get_absolute_url()} <= set(before)
        assert self.telling(filed) == []

    def test_the_sentence_that_we_wrote_says_the_week(self, client, filed):
        self.hide(client, filed, is_delayed="on")

        filed.post.refresh_from_db()
        assert f"week of {written(monday_of(filed.crossed_on), 'j M Y')}" in filed.post.source
        assert (filed.post.edits_count, filed.post.revisions.count()) == (0, 0)

    def test_its_author_is_told_that_the_time_of_posting_stays(self, client, filed):
        answer = self.hide(client, filed, is_delayed="on").text
        filed.refresh_from_db()
        again = self.hide(client, filed, is_delayed="on", minutes_at_exit="5", based_on="1").text

        assert "The time at which you posted it stays." in answer
        assert "The time at which you posted it stays." not in again

    def test_our_sentence_loses_the_day_also_where_its_author_added_to_it(self, client, filed):
        filed.post.refresh_from_db()
        edits.edit_post(filed.post.author, filed.post, source=f"{filed.post.source} Nice people.", based_on=0)
        assert self.telling(filed) != []

        answer = self.hide(client, filed, is_delayed="on").text

        filed.post.refresh_from_db()
        assert self.telling(filed) == []
        assert filed.post.source.endswith(" Nice people.")
        assert "your own text still names the day" not in answer

    def test_an_author_whose_own_words_name_the_day_hears_it(self, client, filed):
        day = written(filed.crossed_on, "j F")
        edits.edit_post(filed.post.author, filed.post, source=f"On {day} it was easy.", based_on=0)

        assert "your own text still names the day" in self.hide(client, filed, is_delayed="on").text

    def test_what_its_author_wrote_stays_as_it_is(self, client, filed):
        edits.edit_post(filed.post.author, filed.post, source="On Wednesday it was easy.", based_on=0)

        self.hide(client, filed, is_delayed="on")

        filed.post.refresh_from_db()
        assert filed.post.source == "On Wednesday it was easy."

    def test_other_facts_are_followed_by_the_sentence_too(self, client, filed):
        self.hide(client, filed, outcome="conditions")

        filed.post.refresh_from_db()
        assert filed.post.source.startswith("Crossed with conditions: ")

    def test_sentences_of_before_are_known_by_how_they_begin(self, filed):
        own = make_report(filed.crossing, source="Crossed freely, and the tea was good.")
        CrossingReport.objects.update(story_from_facts=False)

        import_module("crossings.migrations.0016_stories_made_of_facts").mark_stories(apps, None)

        assert list(CrossingReport.objects.filter(story_from_facts=True)) == [filed]
        assert own.pk != filed.pk
