"""A server that has stopped keeps none of its own limits: who waits for it gives up, and goes on when it is back."""

import pytest
from django.db import OperationalError, connection, connections

from config.database.passing_errors import is_cut_off, passes
from config.worker import chores
from config.worker.turn import turn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def another():
    """A connection of its own."""
    found = connections.create_connection("default")
    yield found
    found.close()


def be_silent(database, seconds):
    """To the client a server that sleeps is as silent as one that has stopped."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def test_a_server_that_does_not_answer_is_given_up(another):
    with another.patience(0.5), pytest.raises(OperationalError, match="did not answer within") as caught:
        be_silent(another, 20)

    assert passes(caught.value)
    assert is_cut_off(caught.value)
    another.close_if_unusable_or_obsolete()
    be_silent(another, 0)


def test_what_was_begun_in_a_transaction_is_given_up_with_it(another):
    another.set_autocommit(False)
    with another.patience(0.5), pytest.raises(OperationalError, match="did not answer"):
        be_silent(another, 20)
    another.close()

    be_silent(another, 0)


def test_control_who_has_no_bound_waits(another):
    assert another.longest_silence is None

    be_silent(another, 1)


def test_the_worker_gives_up_and_a_chore_has_more_patience(monkeypatch):
    monkeypatch.setattr("config.worker.turn.LONGEST_SILENCE", 3)
    with turn(lambda: True, print):
        with chores._patience():
            be_silent(connection, 4)
        with pytest.raises(OperationalError, match="did not answer within 3 seconds"):
            be_silent(connection, 20)
        connection.close()
