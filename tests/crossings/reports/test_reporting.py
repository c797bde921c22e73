"""Filing a report: five things and a story, in one transaction; what is wrong is said and nothing typed is lost."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from crossings.links import actions
from crossings.models import Crossing, CrossingReport, CrossingTopic, ReportFee
from crossings.reports.actions import NotAllowed, attach_report, edit_report, same_day_reports
from forum.actions import posts, subforums, visibility
from forum.models import Post, Subforum, Topic
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = pytest.mark.django_db


def typed(**more):
    today = timezone.now().date()
    return {
        "crossed_on": today.isoformat(), "direction": "a-b", "mode": "bicycle", "outcome": "crossed",
        "source": "The arch was open and the officers were kind.", "idempotency_key": str(uuid.uuid4()),
    } | more  # fmt: skip


def with_fees(*fees, **more):
    rows = {"fees-TOTAL_FORMS": str(len(fees)), "fees-INITIAL_FORMS": "0"}
    for number, fee in enumerate(fees):
        rows |= {f"fees-{number}-{name}": value for name, value in fee.items()}
    return typed(**rows, **more)


@pytest.fixture
def crossing():
    return make_crossing(name="Torugart Pass", slug="torugart")


@pytest.fixture
def member(client):
    member = make_user(trust=1)
    client.force_login(member)
    return member


URL = "/crossings/torugart/report/"


# --- Through the door ---


def test_five_answers_make_a_post_and_a_report(client, crossing, member):
    answer = client.post(URL, typed())

    report = CrossingReport.objects.get()
    crossing.refresh_from_db()
    assert answer.url == report.post.get_absolute_url()
    assert (report.crossing, report.post.author) == (crossing, member)
    assert report.post.source == "The arch was open and the officers were kind."
    assert crossing.report_topic == report.post.topic
    assert (crossing.reported_status, crossing.confirmed_count) == ("open", 1)
    assert CrossingTopic.objects.get().source == CrossingTopic.Source.REPORT


def test_without_a_story_the_facts_are_the_story(client, crossing, member):
    client.post(URL, typed(source="", crossed_on="2026-11-02", minutes_at_exit="95"))

    assert Post.objects.get().source == (
        f"Crossed freely: {crossing.country_a.name} to {crossing.country_b.name}, 2 Nov 2026, by bicycle. "
        "Exit 1 h 35 min."
    )


def test_the_second_report_goes_into_the_same_topic(client, crossing, member):
    client.post(URL, typed())
    client.post(URL, typed(direction="b-a"))

    assert Topic.objects.count() == 1
    assert [post.number for post in Post.objects.order_by("number")] == [1, 2]


def test_a_locked_or_hidden_report_topic_is_followed_by_a_new_one(client, crossing, member):
    client.post(URL, typed())
    Topic.objects.update(locked_at=timezone.now())

    client.post(URL, typed(direction="b-a"))

    crossing.refresh_from_db()
    assert Topic.objects.count() == 2
    assert crossing.report_topic == Topic.objects.order_by("pk").last()


def test_the_subforum_for_reports_is_made_when_it_is_missing(client, crossing, member, settings):
    settings.REPORTS_SUBFORUM = "told"

    client.post(URL, typed())

    made = Subforum.objects.get(slug="told")
    assert made.topics_count == 1
    assert not made.takes_questions


def test_turned_back_is_told_with_its_reason(client, crossing, member):
    client.post(URL, typed(outcome="refused-exit", reason="transport"))
    page = client.get(Post.objects.get().topic.get_absolute_url()).text

    assert "Refused at exit" in page
    assert "Not with my transport" in page


def test_everything_else_may_be_told_too(client, crossing, member):
    more = {
        "reason": "", "passport_group": "eu", "minutes_at_exit": "0", "minutes_between": "2880",
        "minutes_at_entry": "15",
        "days_waiting": "2", "papers": ["e-visa", "gbao"], "between": "taxi", "unofficial_payment": "asked",
        "checks": ["phone"], "road_a": "paved", "road_b": "snow", "staff": "easy", "is_delayed": "on",
    }  # fmt: skip
    client.post(
        URL, with_fees({"amount": "1200", "currency": "cny", "purpose": "the car", "has_receipt": "true"}, **more)
    )

    report = CrossingReport.objects.get()
    assert (report.papers, report.minutes_between, report.is_delayed) == (["e-visa", "gbao"], 2880, True)
    assert [str(fee) for fee in ReportFee.objects.all()] == ["1200.00 CNY"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"crossed_on": ""}, "Enter the day you were at the gate."),
        ({"crossed_on": "yesterday"}, "This is no date."),
        ({"crossed_on": (date.today() + timedelta(days=2)).isoformat()}, "This date is in the future."),  # noqa: DTZ011
        ({"crossed_on": "", "crossed_on_day": "other"}, "Enter the day you were at the gate."),
        ({"crossed_on": "2026-11-02", "crossed_on_day": "someday"}, "This is no date."),
        ({"crossed_on": "1989-12-31"}, "Reports begin in 1990."),
        ({"direction": ""}, "Choose the direction."),
        ({"direction": "up"}, "Select a valid choice."),
        ({"mode": ""}, "Choose how you travelled."),
        ({"mode": "camel"}, "Select a valid choice."),
        ({"outcome": ""}, "Choose what happened."),
        ({"outcome": "flown"}, "Select a valid choice."),
        ({"minutes_at_exit": "-1"}, "This cannot be below zero."),
        ({"minutes_between": "2881"}, "This is more than two days"),
        ({"minutes_at_entry": "an hour"}, "Write a whole number."),
        ({"days_waiting": "61"}, "More than 60 days"),
        ({"papers": ["passport-number"]}, "Select a valid choice."),
        ({"source": "x" * 20_001}, "characters; 20000 are allowed"),
    ],
)
def test_what_is_wrong_is_said_and_the_text_is_kept(client, crossing, member, wrong, words):
    answer = client.post(URL, typed(**({"source": "My long story."} | wrong)))

    assert answer.status_code == 400
    assert words in answer.text
    assert "My long story." in answer.text or "source" in wrong
    assert CrossingReport.objects.count() == Post.objects.count() == 0


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        ({"amount": "-5", "currency": "CNY", "purpose": "x"}, "A fee cannot be below zero."),
        ({"amount": "99999999999", "currency": "CNY", "purpose": "x"}, "This is too much to be a fee."),
        ({"amount": "1000001", "currency": "CNY", "purpose": "x"}, "This is too much to be a fee."),
        ({"amount": "much", "currency": "CNY", "purpose": "x"}, "Write a number, such as 1200."),
        ({"amount": "5", "currency": "Y1", "purpose": "x"}, "We know no currency called “Y1”."),
        ({"amount": "5", "currency": "franc", "purpose": "x"}, "“franc” may be several: "),
        ({"amount": "5", "currency": "CNY", "purpose": "x" * 61}, "Say it in 60 characters."),
        ({"amount": "5", "currency": "", "purpose": "x"}, "In which currency?"),
        ({"amount": "NaN", "currency": "CNY", "purpose": "x"}, "Write a number, such as 1200."),
    ],
)
def test_what_is_wrong_with_a_fee_is_said(client, crossing, member, fee, words):
    answer = client.post(URL, with_fees(fee))

    assert answer.status_code == 400
    assert words in answer.text
    assert CrossingReport.objects.count() == 0


def test_forged_rows_of_fees_do_no_harm(client, crossing, member):
    for forged in ({"fees-TOTAL_FORMS": "x"}, {"fees-TOTAL_FORMS": "99999", "fees-INITIAL_FORMS": "0"}):
        assert client.post(URL, typed(**forged)).status_code == 400


def test_the_same_day_and_direction_again_is_a_question(client, crossing, member):
    client.post(URL, typed())

    asked = client.post(URL, typed(source="The second story."))
    agreed = client.post(URL, typed(source="The second story.", again="on"))

    assert asked.status_code == 409
    assert "Is this another crossing?" in asked.text
    assert "The second story." in asked.text
    assert agreed.status_code == 302
    assert CrossingReport.objects.count() == 2


def test_what_one_told_of_the_same_way_on_the_same_day_and_nothing_else_is_pointed_at(crossing):
    told = make_report(crossing)
    author, other = told.post.author, make_crossing()
    make_report(crossing), make_report(other, author=author), make_report(crossing, author=author, days_ago=1)
    make_report(crossing, author=author, direction="b-a")
    visibility.hide(author, make_report(crossing, author=author).post)
    again = CrossingReport(crossed_on=told.crossed_on, direction=told.direction)

    assert same_day_reports(author, crossing, again) == [told]
    assert same_day_reports(author, crossing, told) == []


def test_the_same_form_twice_is_one_report(client, crossing, member):
    form = typed()

    first, second = client.post(URL, form), client.post(URL, form)

    assert first.url == second.url
    assert CrossingReport.objects.count() == 1


def test_the_same_form_with_another_story_shows_both(client, crossing, member):
    form = typed()
    client.post(URL, form)

    answer = client.post(URL, form | {"source": "Another story."})

    assert answer.status_code == 409
    assert "This form was sent before with another story." in answer.text
    assert "Another story." in answer.text
    assert CrossingReport.objects.count() == 1


def test_a_visitor_writes_first_and_the_story_is_kept(client, crossing):
    assert "Write first" in client.get(URL).text
    assert client.post(URL, typed(), follow=True).redirect_chain == [("/kept/", 302)]
    assert "The arch was open" in client.get("/kept/").text
    assert not CrossingReport.objects.exists()


def test_a_crossing_that_is_not_there_is_404(client, member):
    assert client.get("/crossings/nowhere/report/").status_code == 404


def test_the_crossing_is_chosen_by_any_of_its_names(client, member):
    make_crossing(name="Torugart Pass", names=("Торугарт", "吐尔尕特"), towns=["Naryn"])

    for query in ("торугарт", "吐尔尕特", "torug", "naryn", "tourugart"):
        assert "Torugart Pass" in client.get("/report/", {"q": query}).text
    assert "We know no crossing of that name" in client.get("/report/", {"q": "Atlantis"}).text


# --- Making a report of a post ---


def test_authors_make_a_report_of_their_post_in_any_topic(client, crossing, member):
    post = make_post(author=member)

    client.post(f"/posts/{post.pk}/report/?crossing=torugart", typed())

    report = CrossingReport.objects.get()
    assert (report.post, report.crossing) == (post, crossing)
    assert CrossingTopic.objects.get(topic=post.topic).crossing == crossing
    assert "Crossed freely" in client.get(post.topic.get_absolute_url()).text


def test_nobody_makes_a_report_of_another_ones_post(client, crossing, member):
    post = make_post()

    assert client.get(f"/posts/{post.pk}/report/").status_code == 403
    assert client.post(f"/posts/{post.pk}/report/?crossing=torugart", typed()).status_code == 403


def test_a_post_carries_one_report(client, crossing, member):
    report = make_report(crossing, author=member)

    answer = client.get(f"/posts/{report.post_id}/report/?crossing=torugart")

    assert answer.url == f"/reports/{report.pk}/edit/"


# --- Editing ---


def test_what_a_report_said_before_is_kept(client, crossing, member):
    report = make_report(crossing, author=member, minutes_at_exit=20)

    client.post(f"/reports/{report.pk}/edit/", typed(minutes_at_exit="200", based_on="0", outcome="conditions"))

    report.refresh_from_db()
    crossing.refresh_from_db()
    assert (report.minutes_at_exit, report.edits_count) == (200, 1)
    assert report.revisions.get().facts["At exit"] == "20 min"
    assert crossing.reported_status == "limited"
    assert "20 min" in client.get(f"/reports/{report.pk}/history/").text


def test_the_same_facts_again_change_nothing(client, crossing, member):
    report = make_report(crossing, author=member)

    client.post(f"/reports/{report.pk}/edit/", typed(based_on="0"))

    report.refresh_from_db()
    assert report.edits_count == 0
    assert report.revisions.count() == 0


def test_two_who_edit_at_once_get_both(client, crossing, member):
    report = make_report(crossing, author=member)
    client.post(f"/reports/{report.pk}/edit/", typed(minutes_at_exit="30", based_on="0"))

    answer = client.post(f"/reports/{report.pk}/edit/", typed(minutes_at_exit="45", based_on="0"))

    assert answer.status_code == 409
    assert "At exit: 30 min" in answer.text
    assert 'value="45"' in answer.text
    assert client.post(f"/reports/{report.pk}/edit/", typed(minutes_at_exit="45", based_on="1")).status_code == 302


def test_only_who_may_edit_the_story_edits_the_facts(client, crossing, member):
    report = make_report(crossing)

    assert client.get(f"/reports/{report.pk}/edit/").status_code == 403
    assert client.post(f"/reports/{report.pk}/edit/", typed(based_on="0")).status_code == 403
    assert client.get(f"/reports/{report.pk}/history/").status_code == 403


@pytest.mark.parametrize("based_on", ["", "-1", "x", "9" * 30])
def test_a_forged_version_is_refused(client, crossing, member, based_on):
    report = make_report(crossing, author=member)

    assert client.post(f"/reports/{report.pk}/edit/", typed(based_on=based_on)).status_code == 400


# --- Privacy ---


def test_a_delayed_day_is_a_week_until_two_weeks_have_passed(client, crossing):
    today = timezone.now().date()
    fresh = make_report(crossing, is_delayed=True, days_ago=3)
    make_report(make_crossing(), is_delayed=True, days_ago=14)
    shown = client.get(fresh.post.topic.get_absolute_url()).text
    page = client.get(crossing.get_absolute_url()).text

    monday = fresh.crossed_on - timedelta(days=fresh.crossed_on.weekday())
    crossing.refresh_from_db()
    assert "week of " in shown
    assert "week of " in page
    assert crossing.confirmed_on == monday
    if monday != fresh.crossed_on:
        exact = fresh.crossed_on.isoformat()
        assert exact not in shown.replace(today.isoformat(), "")
        assert exact not in page.replace(today.isoformat(), "")
    other = Topic.objects.order_by("pk").last()
    assert "week of " not in client.get(other.get_absolute_url()).text


def test_a_passport_is_never_shown_beside_a_name(client, crossing, member):
    report = make_report(crossing, author=member, passport_group="uk")

    assert "United Kingdom" not in client.get(report.post.topic.get_absolute_url()).text


# --- What follows ---


def test_a_report_whose_story_is_withdrawn_no_longer_counts(crossing, django_capture_on_commit_callbacks):
    make_report(crossing)
    last = make_report(crossing, outcome="found-closed", trust=2)
    crossing.refresh_from_db()
    assert crossing.noted_status == "disputed"

    with django_capture_on_commit_callbacks(execute=True):
        posts.withdraw_post(last.post.author, last.post)

    crossing.refresh_from_db()
    assert crossing.reported_status == "open"


def test_a_report_in_a_forum_that_closes_to_visitors_no_longer_counts(crossing, django_capture_on_commit_callbacks):
    report = make_report(crossing)

    with django_capture_on_commit_callbacks(execute=True):
        subforums.change_access(report.post.topic.subforum, Subforum.Access.MEMBERS)

    crossing.refresh_from_db()
    assert crossing.reported_status == ""


@pytest.fixture
def unlinked(crossing):
    """A report in a topic of which a moderator said since that it is not about the crossing: it still counts."""
    make_report(crossing, days_ago=300)
    report = make_report(crossing, source="The arch is shut for good.", outcome="found-closed")
    actions.set_links(make_user(is_staff=True), report.post.topic, [])
    return report


def test_a_hidden_report_no_longer_counts_nor_shows_though_its_topic_is_not_linked(
    client, unlinked, django_capture_on_commit_callbacks
):
    urls = ("/crossings/torugart/", "/crossings/torugart.json", "/crossings/torugart/feed/")
    before = [client.get(url).text for url in urls]

    with django_capture_on_commit_callbacks(execute=True):
        visibility.hide_post(make_user(is_staff=True), unlinked.post)

    assert "shut for good" in before[0]
    assert Crossing.objects.get().reports_count == 1
    assert not any(f"/posts/{unlinked.post_id}/" in client.get(url).text for url in urls)


def test_a_forum_that_closes_takes_reports_of_unlinked_topics_along(unlinked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        subforums.change_access(unlinked.post.topic.subforum, Subforum.Access.MEMBERS)

    assert Crossing.objects.get().reported_status == ""


def test_a_report_and_its_post_are_written_both_or_not_at_all(crossing, monkeypatch):
    monkeypatch.setattr("crossings.links.actions.link_topic", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        make_report(crossing)

    assert Post.objects.count() == CrossingReport.objects.count() == 0


def test_a_member_who_may_not_write_files_nothing(crossing):
    suspended = make_user(suspended_until=timezone.now() + timedelta(days=1))

    with pytest.raises(NotAllowed):
        make_report(crossing, author=suspended)


def test_counts_of_the_forum_include_reports(crossing):
    make_report(crossing)
    report = make_report(crossing)

    topic = Topic.objects.get()
    assert (topic.posts_count, topic.subforum.posts_count, report.post.number) == (2, 2, 2)
    assert Crossing.objects.get().reports_count == 2


def test_a_topic_that_holds_reports_is_linked_even_if_the_link_was_removed(crossing):
    topic = make_topic(title="The arch in June")
    post = make_post(topic=topic)
    CrossingTopic.objects.create(
        topic=topic, crossing=crossing, source="author", linked_at=timezone.now(), removed_at=timezone.now()
    )

    attach_report(
        post.author, post, crossing,
        CrossingReport(crossed_on=date(2026, 11, 1), direction="a-b", mode="car", outcome="crossed"),
    )  # fmt: skip

    assert CrossingTopic.objects.get().removed_at is None


def test_nobody_changes_the_facts_of_another_and_the_same_facts_are_no_change():
    report, stranger = make_report(make_crossing()), make_user(trust=2)
    same = {"outcome": report.outcome}

    assert edit_report(stranger, report, facts=same, fees=[], based_on=0).edits_count == 0
    with pytest.raises(NotAllowed):
        edit_report(stranger, report, facts={"outcome": "found-closed"}, fees=[], based_on=0)

    stands = CrossingReport.objects.get(pk=report.pk)
    assert (stands.outcome, stands.edits_count) == ("crossed", 0)
