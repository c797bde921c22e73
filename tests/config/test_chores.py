"""The nightly chores: due since their last run, wherever the clock stands and however long the worker was away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from psycopg import errors as postgres

from config.models import ChoreRun
from config.worker import chores, nightly
from config.worker.turn import TurnIsOver
from forum.tasks import render_referrers

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """A clock that tests set."""

    class Clock:
        now = NOON

    monkeypatch.setattr(timezone, "now", lambda: Clock.now)
    return Clock


@pytest.fixture
def done(monkeypatch, clock):
    """Two chores, and which were done; the worker has seen both at noon."""
    made = []

    def first():
        made.append("first")

    def second():
        made.append("second")

    monkeypatch.setattr(nightly, "CHORES", [first, second])
    do_all()
    return made


def do_all():
    while chores.do_next():
        pass


def test_the_chores_of_the_night_can_all_be_done(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for chore in nightly.CHORES:
        chore()


def test_each_chore_has_a_name_of_its_own():
    names = [chores.name_of(chore) for chore in nightly.CHORES]

    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 200


@pytest.mark.parametrize(
    ("done_at", "due_at"),
    [
        ("04 12:00", "05 03:00"),
        ("04 03:00", "05 03:00"),
        ("04 03:20", "05 03:00"),
        ("04 02:59", "05 03:00"),  # late, at the end of the night before: not twice within a minute
        ("04 14:59", "05 03:00"),
        ("04 15:01", "06 03:00"),
    ],
)
def test_a_chore_is_due_at_night_and_half_a_day_apart_at_least(done_at, due_at):
    read = lambda text: datetime.strptime(f"2026-05-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)  # noqa: E731

    assert ChoreRun(done_at=read(done_at)).due_at == read(due_at)


def test_a_new_chore_waits_for_the_night(done, clock):
    assert done == []

    clock.now = NOON + timedelta(hours=16)
    do_all()

    assert done == ["first", "second"]


def test_a_new_chore_that_comes_in_the_evening_is_due_in_the_same_night(monkeypatch, clock):
    made = []
    monkeypatch.setattr(nightly, "CHORES", [lambda: made.append("new")])
    clock.now = NOON + timedelta(hours=9)
    do_all()
    before = list(made)

    clock.now = NOON + timedelta(hours=15)
    do_all()

    assert (before, made) == ([], ["new"])


def test_a_night_without_a_worker_is_made_up_for_when_it_is_back(done, clock):
    clock.now = NOON + timedelta(days=3, hours=2)
    do_all()
    do_all()

    assert done == ["first", "second"]


def test_chores_that_are_done_are_not_due_again_until_the_next_night(done, clock):
    for hours in (16, 17, 30, 38):
        clock.now = NOON + timedelta(hours=hours)
        do_all()
    before = list(done)
    clock.now = NOON + timedelta(hours=39)
    do_all()

    assert before == ["first", "second"]
    assert done == ["first", "second"] * 2


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(hours=2), timedelta(days=40)])
def test_a_clock_that_is_set_back_repeats_none(done, clock, back):
    night = clock.now = NOON + timedelta(hours=15, minutes=5)
    do_all()
    clock.now = night - back
    do_all()
    clock.now += timedelta(hours=1)
    do_all()

    assert done == ["first", "second"]


def test_after_a_clock_that_was_years_ahead_they_go_on_in_the_next_night_but_one_at_the_latest(done, clock):
    clock.now = NOON.replace(year=2031)
    do_all()
    clock.now = NOON
    do_all()
    clock.now = NOON + timedelta(days=2)
    do_all()

    assert done == ["first", "second"] * 2


def test_one_that_fails_is_noted_and_keeps_no_other_from_being_done(monkeypatch, clock):
    made = []

    def broken():
        raise ValueError("no\nroom")

    monkeypatch.setattr(nightly, "CHORES", [broken, lambda: made.append("the next")])
    do_all()
    clock.now = NOON + timedelta(days=1)

    do_all()

    assert made == ["the next"]
    assert ChoreRun.objects.get(name__endswith="broken").problem == r"ValueError('no\nroom')"


def test_one_that_fails_is_tried_again_after_an_hour(monkeypatch, clock):
    tries = []

    def broken():
        tries.append(clock.now)
        raise ValueError

    monkeypatch.setattr(nightly, "CHORES", [broken])
    do_all()
    for minutes in (0, 30, 59, 61):
        clock.now = NOON + timedelta(days=1, minutes=minutes)
        do_all()

    assert len(tries) == 2


def caused(error):
    outer = OperationalError(str(error))
    outer.__cause__ = error
    return outer


@pytest.mark.parametrize(
    "error", [OperationalError("the connection is closed"), TurnIsOver("no"), caused(postgres.AdminShutdown("bye"))]
)
def test_an_error_without_connection_or_turn_is_for_the_worker_which_connects_again(monkeypatch, clock, error):
    made = []

    def cut_off():
        raise error

    monkeypatch.setattr(nightly, "CHORES", [cut_off, lambda: made.append("the next")])
    do_all()
    clock.now = NOON + timedelta(days=1)

    with pytest.raises(OperationalError):
        chores.do_next()
    do_all()

    assert made == ["the next"]


@pytest.mark.parametrize("kind", [postgres.LockNotAvailable, postgres.QueryCanceled, postgres.DeadlockDetected])
def test_one_that_is_too_slow_or_waits_for_a_lock_breaks_nothing_off(monkeypatch, clock, kind):
    """Or the worker would begin again each night, and doctor say that it began lately."""
    made = []

    def slow():
        raise caused(kind("too slow"))

    monkeypatch.setattr(nightly, "CHORES", [slow, lambda: made.append("the next")])
    do_all()
    clock.now = NOON + timedelta(days=1)

    do_all()

    assert made == ["the next"]
    assert "too slow" in ChoreRun.objects.get(name__endswith="slow").problem


def test_a_statement_of_a_chore_may_take_longer_than_one_of_a_page(monkeypatch, clock):
    limits = []

    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            limits.extend(cursor.fetchone())

    monkeypatch.setattr(nightly, "CHORES", [ask])
    do_all()
    clock.now = NOON + timedelta(days=1)

    ask()
    do_all()
    ask()

    assert limits == ["30s", "10min", "30s"]


def test_one_that_ends_the_worker_is_not_the_first_thing_that_the_next_worker_does(monkeypatch, clock):
    made = []

    def deadly():
        raise SystemExit

    monkeypatch.setattr(nightly, "CHORES", [deadly, lambda: made.append("the next")])
    do_all()
    clock.now = NOON + timedelta(days=1)

    with pytest.raises(SystemExit):
        chores.do_next()
    do_all()

    assert made == ["the next"]


def test_a_chore_that_is_no_more_is_forgotten(done, monkeypatch):
    monkeypatch.setattr(nightly, "CHORES", [lambda: None])

    do_all()

    assert [row.name.rpartition(".")[2] for row in ChoreRun.objects.all()] == ["<lambda>"]


def test_a_chore_that_is_no_more_is_forgotten_also_where_none_is_new(done, monkeypatch):
    monkeypatch.setattr(nightly, "CHORES", nightly.CHORES[:1])

    do_all()

    assert [row.name.rpartition(".")[2] for row in ChoreRun.objects.all()] == ["first"]


def test_what_failed_is_kept_and_what_went_well_is_forgotten_after_two_weeks(clock):
    failed, old, new = (render_referrers.enqueue(0).id for _ in range(3))
    DBTaskResult.objects.filter(pk=failed).update(status="FAILED", finished_at=NOON - timedelta(days=90))
    DBTaskResult.objects.filter(pk=old).update(status="SUCCESSFUL", finished_at=NOON - timedelta(days=15))
    DBTaskResult.objects.filter(pk=new).update(status="SUCCESSFUL", finished_at=NOON - timedelta(days=13))

    nightly.prune_tasks()

    assert {str(pk) for pk in DBTaskResult.objects.values_list("pk", flat=True)} == {failed, new}
