"""What crossing takes: of the last 24 months, with the months; and passports, of which no one's can be read off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.readers import VISITOR
from crossings.models import Crossing, CrossingReport, ReportFee
from crossings.models.report import FOR_THE_RECORD_AFTER
from crossings.reports import listing
from crossings.status import medians
from crossings.status.stamp import stamp_of
from crossings.status.update import judge, today
from forum.actions import posts
from forum.models import Post
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossing():
    return make_crossing(name="Torugart Pass", slug="torugart")


def judged(crossing) -> Crossing:
    judge(crossing.pk)
    return Crossing.objects.with_status(today()).with_countries().get(pk=crossing.pk)


# --- Medians ---


def test_a_median_says_of_how_many_reports_and_of_which_months(client, crossing, monkeypatch):
    for days_ago, minutes in ((400, 60), (200, 90), (1, 240)):
        make_report(crossing, days_ago=days_ago, minutes_at_exit=minutes)
    first, last = today() - timedelta(days=400), today() - timedelta(days=1)

    (figure,) = medians.times(judged(crossing))

    assert (figure.median, figure.of) == ("1 h 30 min", f"middle of 3 reports, {first:%b %Y} to {last:%b %Y}")
    assert figure.of in client.get(crossing.get_absolute_url()).text


def test_one_report_is_no_middle(crossing):
    report = make_report(crossing, minutes_at_exit=60)

    (figure,) = medians.times(judged(crossing))

    assert figure.of == f"one report, {report.crossed_on:%b %Y}"


def test_what_is_older_than_24_months_is_in_no_median(crossing):
    old = make_report(crossing, days_ago=731, minutes_at_exit=600)
    young = make_report(crossing, days_ago=730, minutes_at_exit=60)
    for report in (old, young):
        ReportFee.objects.create(report=report, amount=100, currency="USD", purpose="the car")

    found = judged(crossing)

    assert [(figure.median, figure.count) for figure in medians.times(found)] == [("1 h", 1)]
    assert [(figure.median, figure.count) for figure in medians.fees(found)] == [("100 USD", 1)]


def test_reports_of_another_crossing_are_in_no_figure_of_this_one(crossing):
    other = make_crossing()
    report = make_report(other, minutes_at_exit=600)
    ReportFee.objects.create(report=report, amount=100, currency="USD", purpose="the car")

    found = judged(crossing)

    assert (medians.times(found), medians.fees(found)) == ([], [])
    assert len(medians.times(judged(other))) == len(medians.fees(judged(other))) == 1


def test_who_only_heard_of_it_or_did_not_get_through_or_is_hidden_is_in_no_median(crossing):
    hidden = make_report(crossing, minutes_at_exit=600)
    hearsay = make_report(crossing, is_hearsay=True, minutes_at_exit=600)
    refused = make_report(crossing, outcome="turned-back", minutes_at_exit=600)
    for report in (hidden, hearsay, refused):
        ReportFee.objects.create(report=report, amount=100, currency="USD", purpose="the car")
    make_report(crossing, outcome="conditions", minutes_at_exit=60)
    Post.objects.filter(pk=hidden.post_id).update(hidden_at=timezone.now())

    found = judged(crossing)

    assert [(figure.median, figure.count) for figure in medians.times(found)] == [("1 h", 1)]
    assert medians.parts(found, "a-b", "bicycle") == [(60, 1), (None, 0), (None, 0)]
    assert medians.fees(found) == []


def test_the_parts_of_a_way_are_told_by_its_own_travellers_or_else_by_all(crossing):
    make_report(crossing, mode="bicycle", minutes_at_exit=20, minutes_between=0)
    make_report(crossing, mode="bicycle", minutes_at_exit=31)
    make_report(crossing, mode="car", minutes_at_exit=100, minutes_at_entry=50)
    make_report(crossing, mode="car", direction="b-a", minutes_at_exit=7)

    found = judged(crossing)

    assert medians.parts(found, "a-b", "bicycle") == [(26, 2), (0, 1), (50, 1)]
    assert medians.parts(found, "a-b", "foot") == [(31, 3), (0, 1), (50, 1)]
    assert medians.parts(found, "b-a", "bicycle") == [(7, 1), (None, 0), (None, 0)]


def test_times_are_sums_of_what_was_told_and_the_way_that_most_told_comes_first(crossing):
    make_report(crossing, mode="car")
    make_report(crossing, mode="car", minutes_at_exit=600)
    make_report(crossing, minutes_at_exit=10, minutes_between=20, minutes_at_entry=30)
    make_report(crossing, minutes_between=90)

    assert [(figure.what, figure.median, figure.count) for figure in medians.times(judged(crossing))] == [
        ("By bicycle, Country CN to Country KG", "1 h 15 min", 2), ("By car, Country CN to Country KG", "10 h", 1),
    ]  # fmt: skip


def test_fees_of_one_report_are_one_sum_by_currency_and_six_rows_are_enough(crossing):
    first, second = make_report(crossing, days_ago=40), make_report(crossing)
    for report, amount in ((first, 10), (first, 20), (second, 50)):
        ReportFee.objects.create(report=report, amount=amount, currency="USD", purpose="the car")
    for currency in ("AMD", "CNY", "EUR", "KGS", "KZT", "TJS"):
        ReportFee.objects.create(report=second, amount=7, currency=currency, purpose="the car")

    figures = medians.fees(judged(crossing))
    found = [(figure.median, figure.count) for figure in figures]

    assert figures[0].of == f"middle of 2 reports, {first.crossed_on:%b %Y} to {second.crossed_on:%b %Y}"
    assert found[0] == ("40 USD", 2)
    assert found[1:] == [(f"7 {currency}", 1) for currency in ("AMD", "CNY", "EUR", "KGS", "KZT")]


def test_no_figure_keeps_a_day(crossing):
    report = make_report(crossing, minutes_at_exit=60, days_ago=20)
    ReportFee.objects.create(report=report, amount=100, currency="USD", purpose="the car")

    kept = judged(crossing).figures

    assert {day[8:] for row in kept["times"] + kept["fees"] for day in row[-2:]} == {"01"}


# --- Reports for the record ---


def test_a_report_of_long_ago_changes_neither_status_nor_medians(crossing):
    make_report(crossing, outcome="found-closed")
    before = judged(crossing)
    days_ago = FOR_THE_RECORD_AFTER.days + 1

    for _ in range(9):
        make_report(crossing, days_ago=days_ago, trust=2, minutes_at_exit=5)
    after = judged(crossing)

    assert (after.reported_status, after.confirmed_count, after.contradicted) == ("closed", 1, False)
    assert (after.speaks_until, after.newest_report_id) == (before.speaks_until, before.newest_report_id)
    assert medians.times(after) == []
    assert after.reports_count == 10


# --- Passports ---


def travellers(crossing, count: int, *, group: str = "uk", **fields) -> list[CrossingReport]:
    return [make_report(crossing, passport_group=group, **fields) for _ in range(count)]


def a_week_later(crossing) -> list[tuple[str, int, int]]:
    """What is shown when a week has gone by: all that was written is a week older, and so is what was counted."""
    week = timedelta(days=7)
    for post in Post.objects.all():
        Post.objects.filter(pk=post.pk).update(written_at=post.written_at - week)
    figures = Crossing.objects.get(pk=crossing.pk).figures
    monday = today() - timedelta(days=today().weekday()) - week
    figures["passports"]["week"] = monday.isoformat()
    Crossing.objects.filter(pk=crossing.pk).update(figures=figures)
    return medians.passports(judged(crossing))


def test_passports_are_counted_from_five_members_on(crossing):
    travellers(crossing, 4)
    four = a_week_later(crossing)
    travellers(crossing, 1, outcome="refused-entry", reason="passport")

    assert four == []
    assert a_week_later(crossing) == [("United Kingdom", 5, 4)]


def test_groups_of_which_as_many_told_are_in_order_of_their_codes(crossing):
    for group in ("cis", "asia"):
        travellers(crossing, 5, group=group)

    assert [label for label, *_ in a_week_later(crossing)] == ["Another country in Asia", "CIS"]


def test_a_report_of_this_week_is_not_counted_before_the_next(client, crossing):
    travellers(crossing, 5)

    assert medians.passports(judged(crossing)) == []
    assert "United Kingdom" not in client.get(crossing.get_absolute_url()).text


def test_newcomers_businesses_and_hearsay_are_not_counted(crossing):
    travellers(crossing, 4)
    travellers(crossing, 5, trust=0)
    travellers(crossing, 5, is_hearsay=True)
    for report in travellers(crossing, 5):
        author = report.post.author
        author.trade_at = timezone.now()
        author.save()

    assert a_week_later(crossing) == []


def test_a_member_counts_once_with_the_newest_report(crossing):
    author = make_user(trust=1)
    travellers(crossing, 4)
    for days_ago, outcome in ((30, "crossed"), (2, "refused-entry"), (60, "crossed")):
        make_report(crossing, passport_group="uk", author=author, days_ago=days_ago, outcome=outcome)

    assert a_week_later(crossing) == [("United Kingdom", 5, 4)]


@pytest.mark.parametrize("outcome", ["crossed", "turned-back"])
def test_no_single_report_can_be_read_off(crossing, outcome):
    travellers(crossing, 5, outcome=outcome)
    shown = a_week_later(crossing)

    travellers(crossing, 1, outcome="refused-entry", reason="passport")

    assert medians.passports(judged(crossing)) == shown
    assert a_week_later(crossing) == shown


def test_nor_one_that_is_withdrawn(crossing):
    *_, last = travellers(crossing, 6)
    shown = a_week_later(crossing)

    posts.withdraw_post(last.post.author, last.post)

    assert a_week_later(crossing) == shown == [("United Kingdom", 6, 6)]


@pytest.mark.parametrize(
    ("shown", "told", "follows"),
    [((5, 5), (9, 8), False), ((5, 5), (10, 8), True), ((10, 8), (6, 6), False), ((10, 8), (5, 5), True)],
)
def test_a_figure_moves_by_five_members_either_way(shown, told, follows):
    assert medians._step(shown, told) == (told if follows else shown)


def test_what_is_shown_follows_when_five_more_have_told(crossing):
    travellers(crossing, 5)
    a_week_later(crossing)

    travellers(crossing, 5, outcome="refused-entry", reason="passport")

    assert a_week_later(crossing) == [("United Kingdom", 10, 5)]


# --- What confirms a status ---


def confirming(crossing) -> list[str]:
    found = judged(crossing)
    stamp = stamp_of(found, today())
    shown = listing.shown(listing.reports_of(found, make_user(), today()), stamp, today())
    return [one.report.outcome for one in shown if one.confirms]


def test_what_says_the_same_confirms_the_status(crossing):
    for _ in range(3):
        make_report(crossing, outcome="conditions")

    assert confirming(crossing) == ["conditions"] * 3


@pytest.mark.parametrize("reason", ["papers", "passport", "transport", "hours"])
def test_a_refusal_never_confirms_that_a_crossing_is_restricted(crossing, reason):
    make_report(crossing, outcome="conditions", trust=2)
    make_report(crossing, outcome="refused-entry", reason=reason)

    assert (judged(crossing).reported_status, judged(crossing).confirmed_count) == ("limited", 1)
    assert confirming(crossing) == ["conditions"]


@pytest.mark.parametrize("reason", ["papers", "passport", "hours"])
def test_where_all_were_refused_nothing_confirms_that_a_crossing_is_restricted(client, crossing, reason):
    for _ in range(2):
        make_report(crossing, outcome="refused-entry", reason=reason, trust=2)

    page = client.get(crossing.get_absolute_url()).text

    assert (judged(crossing).reported_status, judged(crossing).confirmed_count) == ("limited", 0)
    assert "Nobody got through" in page
    assert "Confirmed" not in page


def test_a_refusal_of_everybody_confirms_that_it_is_closed(crossing):
    for _ in range(2):
        make_report(crossing, outcome="refused-exit", reason="shut", trust=2)
    make_report(crossing, outcome="refused-entry", reason="papers", trust=0)

    assert judged(crossing).reported_status == "closed"
    assert confirming(crossing) == ["refused-exit"] * 2


def test_what_counts_nothing_confirms_nothing(crossing):
    make_report(crossing)
    make_report(crossing, is_hearsay=True)
    make_report(crossing, author=make_user(trust=1, trade_at=timezone.now()))
    make_report(crossing, days_ago=200)

    assert confirming(crossing) == ["crossed"]


@pytest.mark.parametrize(("reason", "side"), [("papers", "passes"), ("hours", "passes"), ("shut", "shut")])
def test_a_refusal_is_of_the_side_for_which_it_counts(crossing, reason, side):
    make_report(crossing, outcome="refused-entry", reason=reason)

    [shown] = listing.shown(listing.reports_of(crossing, VISITOR, today()), None, today())

    assert shown.side == side
