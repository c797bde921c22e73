"""The part of the home page that tells of borders: what changed, the newest reports, coming closures."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.members.rename import rename
from crossings.editorial import notices
from crossings.links import actions
from crossings.models import Crossing, StatusChange
from crossings.status.update import judge, today
from forum.actions import edits, posts, topics, visibility
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db


def section(client, heading):
    """The words of one part of the home page, or nothing if it is not there."""
    found = re.search(rf"<section [^>]*>(?:(?!</section>).)*{heading}.*?</section>", client.get("/").text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def tally(client):
    """How many crossings are counted by each word."""
    found = re.findall(r"<b>([\d,]+)</b> <span>([a-z ]+)</span>", client.get("/").text)
    return {words: int(number) for number, words in found}


def changed(client):
    return section(client, "what changed")


def reports(client):
    return section(client, "newest reports")


def closures(client):
    return section(client, "Will be closed")


def make_known(**fields):
    """A crossing of which the history knows what was shown last."""
    crossing = make_crossing(as_of=today(), **fields)
    judge(crossing.pk)
    return crossing


def queries_of(client, url="/"):
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


def test_a_site_without_crossings_shows_no_empty_boxes(client):
    make_topic()

    page = client.get("/").text

    assert "Which border?" not in page
    assert 'class="tally"' not in page
    assert section(client, "what changed") + section(client, "newest reports") + section(client, "Will be closed") == ""
    assert "<h1>Which borders are open, and how to cross them</h1>" in page


def test_a_site_with_crossings_but_no_news_asks_which_border_and_shows_no_empty_boxes(client):
    make_known()

    page = client.get("/").text

    assert '<label for="border">Which border?</label>' in page
    assert (changed(client), reports(client), closures(client)) == ("", "", "")


def test_crossings_are_counted_by_the_status_of_today(client):
    make_known(editors_status="open")
    make_known(editors_status="limited")
    make_known(editors_status="bilateral")
    make_known(editors_status="closed")
    make_notice(make_known(editors_status="open"))
    make_known(editors_status="unknown")
    Crossing.objects.filter(pk=make_known(editors_status="open").pk).update(as_of=date(2024, 6, 1))

    assert tally(client) == {"open": 1, "restricted": 1, "closed": 3, "disputed": 0, "not known": 2}


def test_each_count_leads_to_the_list_of_just_those(client):
    make_known(name="Torugart", editors_status="bilateral")
    make_known(name="Irkeshtam", editors_status="open")

    url = re.search(r'<a class="status-closed" href="([^"]+)">', client.get("/").text)[1].replace("&amp;", "&")
    page = client.get(url).text

    assert ">Torugart</a>" in page
    assert ">Irkeshtam</a>" not in page


def test_a_change_of_status_is_told_with_its_day_and_evidence(client):
    crossing = make_known(name="Torugart", editors_status="open")

    make_notice(crossing, ends=3, text="Snow slide on the road.")

    words = changed(client)
    assert "Closed Torugart" in words
    assert "official notice" in words
    assert "Snow slide on the road." in words
    assert "Was open. Country CN, Country KG" in words
    assert f'<time datetime="{today().isoformat()}">' in client.get("/").text


def test_a_dispute_is_a_change_like_others_and_says_the_newer_side_first(client):
    crossing = make_known(name="Torugart", editors_status="open")
    for days_ago in (9, 8, 7):
        make_report(crossing, days_ago=days_ago)
    for days_ago in (2, 1):
        make_report(crossing, days_ago=days_ago, outcome="found-closed", reason="shut")

    words = changed(client)

    assert "Disputed Torugart" in words
    assert "Two travellers found it closed on" in words
    assert "Three got through before that" in words
    assert tally(client)["disputed"] == 1


def test_of_a_crossing_only_the_last_change_is_told(client):
    crossing = make_known(editors_status="open")
    notice = make_notice(crossing)
    notice.withdrawn_at, notice.withdrawn_by = timezone.now(), notice.entered_by
    notice.save()
    judge(crossing.pk)

    assert StatusChange.objects.count() == 2
    assert changed(client).count(crossing.name) == 1
    assert "Was closed." in changed(client)


def test_what_a_new_rule_changed_is_no_news(client):
    make_notice(make_known(editors_status="open"))
    StatusChange.objects.update(source="rule")

    assert changed(client) == ""


def test_a_change_that_is_no_longer_shown_is_not_told(client):
    crossing = make_known(editors_status="open")
    make_notice(crossing, ends=0)
    StatusChange.objects.update(after="limited")

    assert changed(client) == ""


def test_only_the_five_last_changes_are_told_newest_first(client):
    for days_ago in range(7):
        crossing = make_known(name=f"Pass {days_ago}", editors_status="open")
        make_notice(crossing)
        StatusChange.objects.filter(crossing=crossing).update(changed_on=today() - timedelta(days=days_ago))

    assert re.findall(r"Pass \d", changed(client)) == ["Pass 0", "Pass 1", "Pass 2", "Pass 3", "Pass 4"]


def test_the_newest_reports_are_told_by_the_day_of_crossing(client):
    for days_ago in (9, 3, 1, 5, 7):
        make_report(make_known(name=f"Pass {days_ago}"), days_ago=days_ago)

    assert re.findall(r"Pass \d", reports(client)) == ["Pass 1", "Pass 3", "Pass 5", "Pass 7"]


def test_several_new_reports_of_one_crossing_are_all_told(client):
    busy, quiet = make_known(name="Torugart"), make_known(name="Irkeshtam")
    for days_ago in (1, 2, 3):
        make_report(busy, days_ago=days_ago)
    make_report(quiet, days_ago=9)

    assert re.findall(r"Torugart|Irkeshtam", reports(client)) == ["Torugart"] * 3 + ["Irkeshtam"]


def test_a_report_says_what_happened_when_and_which_way(client):
    author = make_user(username="pass_rider", trust=1)
    make_report(make_known(), days_ago=1, author=author, source="They waved me through.", minutes_at_exit=80)

    words = reports(client)

    assert "crossed freely" in words
    assert "They waved me through." in words
    assert "to Country KG, by bicycle" in words
    assert "1 h 20 min in all" in words
    assert "pass_rider" in words


def test_hearsay_is_no_report_from_a_gate(client):
    crossing = make_known()
    make_report(crossing, days_ago=2)
    make_report(crossing, days_ago=1, is_hearsay=True, source="A driver said so.")

    assert "A driver said so." not in reports(client)
    assert reports(client) != ""


def test_a_business_is_no_traveller(client):
    known = make_known()
    make_report(known, author=make_user(trust=1, trade_at=timezone.now()), source="Ring us for a driver.")

    make_report(known, source="Straight through.")

    assert "Straight through." in reports(client)
    assert "Ring us for a driver." not in reports(client)


def test_an_edited_story_shows_at_once_also_when_its_topic_is_no_longer_about_the_crossing(client):
    report = make_report(make_known(), source="Straight through.")
    actions.set_links(make_user(is_staff=True), report.post.topic, [])
    assert "Straight through." in reports(client)

    edits.edit_post(report.post.author, report.post, source="Two hours at the gate.", based_on=0)

    assert "Two hours at the gate." in reports(client)


def test_of_two_closures_the_one_that_began_last_is_named_everywhere(client):
    known = make_known()
    make_notice(known, begins=-9, ends=20, text="Snow.")
    make_notice(known, begins=-2, ends=5, text="Holiday.")
    last = today() + timedelta(days=5)

    pages = [client.get(url).text for url in (known.get_absolute_url(), f"{known.get_absolute_url()}feed/")]

    assert [f"Closed until {last.day} {last:%B}" in page for page in pages] == [True, True]


def test_a_delayed_report_tells_only_its_week(client):
    crossing = make_known()
    report = make_report(crossing, days_ago=1, is_delayed=True)

    monday = report.crossed_on - timedelta(days=report.crossed_on.weekday())
    words = reports(client)
    assert f"week of {monday.day} {monday:%b %Y}" in words
    assert report.crossed_on == monday or f"{report.crossed_on.day} {report.crossed_on:%b %Y}" not in words


def test_a_report_that_not_everybody_may_read_is_not_told(client):
    report = make_report(make_known(), source="Between members.")
    topics.move_topic(make_user(is_staff=True), report.post.topic, make_subforum(access="members"))
    client.force_login(make_user())

    assert "Between members." not in client.get("/").text


def test_a_hidden_report_is_gone_at_once_for_visitors_and_members(client):
    crossing = make_known()
    make_report(crossing, days_ago=3)
    report = make_report(crossing, source="Between us.")
    assert "Between us." in client.get("/").text

    visibility.hide_post(make_user(is_staff=True), report.post)

    assert "Between us." not in client.get("/").text
    client.force_login(make_user())
    assert "Between us." not in client.get("/").text


def test_closures_of_the_next_two_weeks_are_announced(client):
    make_notice(make_known(name="Torugart"), begins=14, ends=15, text="New computers.")
    make_notice(make_known(name="Irkeshtam"), begins=15)
    make_notice(make_known(name="Kulma"), begins=0)
    make_notice(make_known(name="Khunjerab"), begins=3, kind="danger")

    words = closures(client)

    assert "Torugart New computers." in words
    assert "Irkeshtam" not in words
    assert "Kulma" not in words  # its status says so
    assert "Khunjerab" not in words


def test_a_holiday_of_many_crossings_is_one_closure(client):
    for name in ("Arch", "Bridge", "Col", "Dam"):
        make_notice(make_known(name=name), begins=2, ends=2, text="Constitution Day.", kind="holiday")

    words = closures(client)

    assert "Arch , Bridge and 2 more" in words
    assert words.count("Constitution Day.") == 1


def test_a_closure_is_announced_at_once_and_gone_at_once_when_it_is_withdrawn(client):
    staff, crossing = make_user(is_staff=True), make_known()
    assert closures(client) == ""
    values = {"kind": "closure", "text": "Shut.", "source": "https://example.org", "ends_on": None}

    notice = notices.enter_notice(staff, crossing, values=values | {"begins_on": today() + timedelta(days=2)})
    announced = closures(client)
    notices.withdraw_notice(staff, notice)

    assert "Shut." in announced
    assert closures(client) == ""


def test_what_begins_today_is_no_coming_closure_after_midnight(client, monkeypatch):
    make_notice(make_known(name="Torugart"), begins=1, text="Shut tomorrow.")
    assert "Torugart" in closures(client)

    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    assert closures(client) == ""
    assert tally(client)["closed"] == 1


def test_a_new_report_and_its_change_of_status_are_shown_at_once(client):
    crossing = make_known(name="Torugart", editors_status="open")
    assert reports(client) == ""

    for _ in range(3):
        make_report(crossing, outcome="found-closed", reason="shut", source="Chained.", trust=2)

    assert "Torugart , found closed Chained." in reports(client)
    assert "Closed Torugart" in changed(client)
    assert tally(client)["closed"] == 1


def test_a_renamed_author_and_an_edited_story_are_shown_at_once(client):
    report = make_report(make_known(), source="First words.")
    assert "First words." in reports(client)

    edits.edit_post(report.post.author, report.post, source="Other words.", based_on=0)
    rename(report.post.author, "another name")

    assert "Other words." in reports(client)
    assert "another name" in reports(client)


@pytest.mark.parametrize("crossings", [1, 6])
def test_borders_cost_two_queries_whatever_is_told_and_one_when_only_the_forum_changed(client, crossings, settings):
    topic = make_topic()
    for number in range(crossings):
        crossing = make_known(editors_status="open")
        make_report(crossing, days_ago=number)
        make_notice(crossing, begins=2 + number)

    assert queries_of(client) <= 6  # with those who were thanked this week
    posts.reply(topic.author, topic, source="Only the forum changes.")
    assert queries_of(client) == 4
    client.force_login(make_user())
    client.get("/")
    kept = queries_of(client)
    Crossing.objects.update(version=99)
    assert queries_of(client) == kept + 1


def test_the_forum_stays_complete(client):
    topic = make_topic(title="Any yaks up there?")
    make_report(make_known())

    page = client.get("/").text

    assert topic.subforum.name in page
    assert topic.subforum.section.name in page
    assert "Any yaks up there?" in page[page.index("Without an answer") :]


def test_search_engines_are_told_of_the_site(client):
    make_known()

    page = client.get("/").text

    assert '"@type": "WebSite"' in page or '"@type":"WebSite"' in page
    assert "<title>Which borders are open now · Borderpost</title>" in page
