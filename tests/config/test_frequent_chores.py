"""Chores that the worker does when it begins, and every ten minutes."""

import pytest
from django.db import OperationalError

from config.worker import frequent
from config.worker.frequent import APART, FrequentChores
from forum.models import WeeklyThanks


class Clock:
    now = 5.0

    def __call__(self):
        return self.now


@pytest.fixture
def done(monkeypatch):
    made = []
    monkeypatch.setattr(frequent, "CHORES", [lambda: made.append("first"), lambda: made.append("second")])
    return made


def test_they_are_done_at_the_beginning_and_every_ten_minutes(done):
    clock = Clock()
    chores = FrequentChores(clock)

    chores.do_due()
    clock.now += APART - 1
    chores.do_due()
    assert done == ["first", "second"]

    clock.now += 1
    chores.do_due()
    assert done == ["first", "second"] * 2


def test_one_that_fails_keeps_no_other_from_being_done(done, monkeypatch, caplog):
    def fail():
        raise ValueError("No number.")

    monkeypatch.setattr(frequent, "CHORES", [fail, *frequent.CHORES])

    FrequentChores().do_due()

    assert done == ["first", "second"]
    assert "No number." in caplog.text


@pytest.mark.django_db
def test_a_lost_connection_ends_the_turn(monkeypatch):
    def lose():
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(frequent, "CHORES", [lose])
    monkeypatch.setattr(frequent, "is_cut_off", lambda error: isinstance(error, OperationalError))

    with pytest.raises(OperationalError):
        FrequentChores().do_due()


@pytest.mark.django_db
def test_the_chores_can_all_be_done():
    FrequentChores().do_due()

    assert WeeklyThanks.objects.count() == 1
