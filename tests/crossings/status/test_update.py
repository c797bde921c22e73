"""From stored reports to the stamp: on every change, and once a night."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ExpertBadge, User
from crossings import signals, tasks
from crossings.models import Crossing, Notice, Status, StatusChange, StatusSource
from crossings.status import update
from crossings.status.rules import Trust
from crossings.status.stamp import stamp_of
from forum.models import Post, Subforum
from pagecache.versions import Question, read_versions
from tests.crossings.factories import make_crossing, make_hours, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db


def shown(crossing, *, in_days=0):
    day = update.today() + timedelta(days=in_days)
    return stamp_of(Crossing.objects.with_status(day).get(pk=crossing.pk), day)


def test_without_reports_the_editors_speak_and_say_as_of_when():
    crossing = make_crossing(editors_status=Status.OPEN)
    update.judge(crossing.pk)

    stamp = shown(crossing)

    assert (stamp.status, stamp.source, stamp.as_of) == (Status.OPEN, StatusSource.EDITORS, crossing.as_of)


def test_a_report_speaks_and_then_falls_silent_by_itself():
    crossing = make_crossing(editors_status=Status.UNKNOWN)
    make_report(crossing, days_ago=10, trust=User.Trust.MEMBER)
    last = (Crossing.objects.get(pk=crossing.pk).speaks_until - update.today()).days

    assert (shown(crossing).status, shown(crossing).source) == (Status.OPEN, StatusSource.REPORTS)
    assert shown(crossing).confirmed_on == update.today() - timedelta(days=10)
    assert shown(crossing, in_days=last).status == Status.OPEN
    assert (shown(crossing, in_days=last + 1).status, shown(crossing, in_days=last + 1).source) == (
        Status.UNKNOWN,
        StatusSource.EDITORS,
    )


def test_a_newcomers_report_of_yesterday_does_not_speak_alone():
    crossing = make_crossing(editors_status=Status.UNKNOWN)
    make_report(crossing, days_ago=1, trust=User.Trust.NEW)

    assert shown(crossing).status == Status.UNKNOWN


@pytest.mark.parametrize(
    ("fields", "trust"),
    [
        ({"trust": User.Trust.NEW}, Trust.NEW),
        ({"trust": User.Trust.MEMBER}, Trust.MEMBER),
        ({"trust": User.Trust.TRUSTED}, Trust.TRUSTED),
        ({"trust": User.Trust.NEW, "is_staff": True}, Trust.TRUSTED),
        ({"trust": User.Trust.MEMBER, "is_staff": True}, Trust.TRUSTED),
    ],
)
def test_who_weighs_as_trusted(fields, trust):
    crossing = make_crossing()
    make_report(crossing, author=make_user(**fields))

    assert [observation.trust for observation in update.observations(crossing)] == [trust]


@pytest.mark.parametrize(
    ("countries", "trust"),
    [(["CN"], Trust.TRUSTED), (["KG", "IR"], Trust.TRUSTED), (["IR"], Trust.MEMBER), ([], Trust.MEMBER)],
)
def test_an_expert_for_either_country_weighs_as_trusted(countries, trust):
    crossing, author = Crossing(country_a_id="CN", country_b_id="KG"), User(trust=User.Trust.MEMBER)

    assert update._trust(crossing, author, countries) == trust


def test_a_crossing_is_judged_and_no_other():
    one, other = make_crossing(), make_crossing()
    Crossing.objects.update(reports_count=7)

    update.judge(one.pk)

    assert [Crossing.objects.get(pk=crossing.pk).reports_count for crossing in (one, other)] == [0, 7]


def test_an_expert_for_one_of_the_countries_counts_like_a_trusted_member():
    here, elsewhere = make_crossing(), make_crossing()
    expert = make_user(trust=User.Trust.MEMBER)
    ExpertBadge.objects.create(
        user=expert, title="China expert", countries=["CN"], given_by=expert, given_at=timezone.now()
    )
    make_report(here, author=expert)
    Crossing.objects.filter(pk=elsewhere.pk).update(
        country_b=here.country_b, country_a=make_crossing(countries=("AF", "IR")).country_a
    )
    make_report(elsewhere, author=expert)

    here.refresh_from_db()
    elsewhere.refresh_from_db()
    assert here.speaks_until > elsewhere.speaks_until


@pytest.mark.parametrize(
    "fields",
    [{"is_hearsay": True}, {"author": "trade"}, {"hidden": True}, {"held": True}, {"in_staff_forum": True}],
)
def test_what_does_not_count(fields):
    crossing = make_crossing(editors_status=Status.UNKNOWN)
    author = make_user(trust=User.Trust.MEMBER, trade_at=timezone.now() if fields.get("author") else None)
    report = make_report(crossing, author=author, is_hearsay=fields.get("is_hearsay", False))
    if "hidden" in fields:
        Post.objects.filter(pk=report.post_id).update(hidden_at=timezone.now())
    if "held" in fields:
        Post.objects.filter(pk=report.post_id).update(held_at=timezone.now())
    if "in_staff_forum" in fields:
        Subforum.objects.update(access=Subforum.Access.STAFF)

    update.judge(crossing.pk)

    assert shown(crossing).status == Status.UNKNOWN


def test_an_official_notice_closes_for_its_days_and_ends_by_itself():
    crossing = make_crossing(editors_status=Status.OPEN)
    make_report(crossing)
    make_notice(crossing, kind=Notice.Kind.HOLIDAY, begins=2, ends=4)

    statuses = [shown(crossing, in_days=day).status for day in range(6)]

    assert statuses == [Status.OPEN, Status.OPEN, Status.CLOSED, Status.CLOSED, Status.CLOSED, Status.OPEN]
    assert shown(crossing, in_days=3).is_by_notice


def test_a_notice_of_danger_or_one_that_was_withdrawn_closes_nothing():
    crossing = make_crossing(editors_status=Status.OPEN)
    make_notice(crossing, kind=Notice.Kind.DANGER)
    make_notice(crossing, withdrawn_at=timezone.now())

    assert shown(crossing).status == Status.OPEN


def test_a_closure_that_a_notice_had_announced_is_no_news():
    crossing = make_crossing(editors_status=Status.OPEN)
    make_report(crossing, days_ago=12)
    make_notice(crossing, kind=Notice.Kind.HOLIDAY, begins=-2, ends=-1)

    make_report(crossing, days_ago=1, outcome="found-closed", reason="shut", trust=User.Trust.TRUSTED)
    assert shown(crossing).status == Status.OPEN

    make_report(crossing, days_ago=0, outcome="found-closed", reason="shut", trust=User.Trust.TRUSTED)
    assert shown(crossing).status == Status.DISPUTED


def test_a_dispute_is_shown_at_once_and_ends_by_itself():
    crossing = make_crossing(editors_status=Status.UNKNOWN)
    make_report(crossing, days_ago=12)

    make_report(crossing, outcome="found-closed", reason="shut")

    assert shown(crossing).status == Status.DISPUTED
    assert shown(crossing, in_days=18).status == Status.DISPUTED
    assert shown(crossing, in_days=19).status == Status.UNKNOWN


def test_a_cell_of_which_both_sides_are_told_and_none_speaks_keeps_no_status():
    crossing = make_crossing(editors_status=Status.OPEN)
    for days_ago in (12, 15, 20, 33, 51, 80):
        make_report(crossing, days_ago=days_ago)
    make_report(crossing, days_ago=1, outcome="found-closed", reason="shut")

    crossing.refresh_from_db()
    (cell,) = crossing.cells

    assert (cell["status"], cell["until"]) == (crossing.reported_status, crossing.speaks_until) == ("", None)
    assert cell["disputed_until"] == crossing.disputed_until.isoformat()
    assert shown(crossing).status == Status.DISPUTED


def test_a_new_rule_is_the_reason_in_the_history_and_no_news():
    crossing = make_crossing(editors_status=Status.OPEN)
    make_report(crossing)
    Crossing.objects.filter(pk=crossing.pk).update(noted_status=Status.CLOSED)
    told = []
    signals.status_changed.connect(lambda change, **kwargs: told.append(change), weak=False, dispatch_uid="told")

    tasks.judge_by_new_rule.call()

    signals.status_changed.disconnect(dispatch_uid="told")
    change = StatusChange.objects.get()
    assert (change.before, change.after) == (Status.CLOSED, Status.OPEN)
    assert change.get_source_display() == "a new rule for statuses"
    assert told == []


def test_changes_are_kept_as_history():
    crossing = make_crossing(editors_status=Status.OPEN)
    update.judge(crossing.pk)
    assert StatusChange.objects.count() == 0  # what was first known is no change

    make_report(crossing, outcome="found-closed", reason="shut")
    update.judge(crossing.pk)

    change = StatusChange.objects.get()
    assert (change.before, change.after, change.source) == (Status.OPEN, Status.CLOSED, StatusSource.REPORTS)
    assert change.changed_on == update.today()


def test_the_night_notes_what_the_day_has_changed(monkeypatch):
    crossing = make_crossing(editors_status=Status.UNKNOWN)
    make_report(crossing)
    later = timezone.now() + timedelta(days=100)
    monkeypatch.setattr("crossings.status.update.timezone.now", lambda: later)

    update.judge_all()

    change = StatusChange.objects.first()
    assert (change.before, change.after, change.source) == (Status.OPEN, Status.UNKNOWN, StatusSource.EDITORS)


def test_at_night_crossings_of_which_nobody_told_anything_cost_nothing_each():
    def queries():
        update.judge_all()
        with CaptureQueriesContext(connection) as captured:
            update.judge_all()
        return len(captured)

    make_report(make_crossing())
    make_hours(make_crossing())
    few = queries()
    for _ in range(5):
        make_crossing()

    assert queries() == few


def test_on_the_first_night_crossings_of_a_new_file_cost_nothing_each():
    def queries():
        Crossing.objects.update(noted_status="")
        with CaptureQueriesContext(connection) as captured:
            update.judge_all()
        return len(captured)

    statuses = [Status.OPEN, Status.CLOSED, Status.UNKNOWN]
    for status in statuses * 2:
        make_crossing(editors_status=status)
    few = queries()
    for status in statuses * 3:
        make_crossing(editors_status=status)

    assert queries() == few
    assert sorted(Crossing.objects.values_list("noted_status", flat=True)) == sorted(statuses * 5)
    assert not StatusChange.objects.exists()


def test_what_time_alone_changes_at_a_crossing_without_a_word_is_noted_at_night(monkeypatch):
    crossing, _ = make_crossing(editors_status=Status.OPEN), make_crossing(editors_status=Status.UNKNOWN)
    update.judge_all()
    before = Crossing.objects.get(pk=crossing.pk).version
    later = timezone.now() + timedelta(days=200)
    monkeypatch.setattr("crossings.status.update.timezone.now", lambda: later)

    update.judge_all()

    change = StatusChange.objects.get()
    assert (change.before, change.after) == (Status.OPEN, Status.STALE)
    assert Crossing.objects.get(pk=crossing.pk).version > before


def test_a_crossing_whose_last_report_is_gone_is_judged_at_night():
    crossing = make_crossing(editors_status=Status.OPEN)
    report = make_report(crossing, outcome="found-closed", reason="shut")
    report.delete()

    update.judge_all()

    crossing.refresh_from_db()
    assert (crossing.reports_count, crossing.reported_status, crossing.evidence) == (0, "", [])


@pytest.mark.parametrize("fact", ["report", "hours"])
def test_a_crossing_of_which_anything_is_told_that_it_does_not_keep_is_judged_at_night(fact):
    crossing = make_crossing(editors_status=Status.OPEN)
    nothing = {name: getattr(crossing, name) for name in ("reports_count", "reported_status", "evidence", "kept_hours")}
    make_report(crossing) if fact == "report" else make_hours(crossing)
    Crossing.objects.filter(pk=crossing.pk).update(**nothing, figures={})

    update.judge_all()

    crossing.refresh_from_db()
    assert (crossing.reports_count, bool(crossing.kept_hours)) == ((1, False) if fact == "report" else (0, True))


def test_each_cell_keeps_how_many_told_it_and_how_many_turned_back_and_when_it_was_last():
    crossing = make_crossing()
    make_report(crossing, days_ago=9, outcome="turned-back")
    make_report(crossing, days_ago=3, is_hearsay=True)
    make_report(crossing, days_ago=5, mode="car", outcome="found-closed", reason="shut", is_hearsay=True)

    crossing.refresh_from_db()
    bicycle, car = crossing.cells

    days = [(update.today() - timedelta(days=days)).isoformat() for days in (3, 5)]
    assert [bicycle["mode"], bicycle["reports"], bicycle["turned_back"], bicycle["newest_on"]] == [
        "bicycle", 2, 1, days[0],
    ]  # fmt: skip
    assert [car["mode"], car["reports"], car["turned_back"], car["newest_on"]] == ["car", 1, 1, days[1]]
    assert (car["status"], car["confirmed_count"], car["until"], car["newest"]) == ("", 0, None, [])
    assert (bicycle["status"], bicycle["confirmed_count"]) == (Status.CLOSED, 1)
    assert crossing.reports_count == 3


def test_judging_again_changes_nothing():
    crossing = make_crossing()
    make_report(crossing)
    before = Crossing.objects.filter(pk=crossing.pk).values().get()

    update.judge(crossing.pk)

    assert Crossing.objects.filter(pk=crossing.pk).values().get() == before


def test_a_status_that_changes_ends_kept_pages_and_more_of_the_same_does_not(django_assert_num_queries):
    crossing = make_crossing(editors_status=Status.OPEN)
    update.judge(crossing.pk)
    make_topic(subforum=make_subforum())
    question = Question("forum")
    before = read_versions(question)
    update.judge(crossing.pk)
    same = read_versions(question)

    make_report(crossing, outcome="found-closed", reason="shut")

    assert same == before
    assert read_versions(question) != before


class TestTheNewestReport:
    """What may contradict an answer (crossings/freshness/rules.py) is kept with the crossing."""

    def test_it_is_the_newest_that_counts(self):
        crossing = make_crossing()
        newest = make_report(crossing, days_ago=5)
        make_report(crossing, days_ago=9)
        make_report(crossing, days_ago=1, is_hearsay=True)
        make_report(crossing, author=make_user(trade_at=timezone.now()))

        crossing.refresh_from_db()

        assert (crossing.newest_report, crossing.newest_on) == (newest, newest.crossed_on)

    def test_a_delayed_one_stands_at_its_monday(self):
        crossing = make_crossing()
        monday = update.today() - timedelta(days=update.today().weekday())
        make_report(crossing, is_delayed=True)

        crossing.refresh_from_db()

        assert crossing.newest_on == monday

    def test_one_that_is_hidden_makes_room_for_the_one_before(self):
        crossing = make_crossing()
        before, hidden = make_report(crossing, days_ago=5), make_report(crossing, days_ago=1)
        Post.objects.filter(pk=hidden.post_id).update(hidden_at=timezone.now())
        update.judge(crossing.pk)

        crossing.refresh_from_db()

        assert crossing.newest_report == before
