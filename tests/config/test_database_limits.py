"""One stuck thing never stops the rest: limits of connections, writers and migrations."""

import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from psycopg import errors as postgres

from accounts.limits import write_permits
from accounts.limits.write_permits import WritePermits
from forum.models import Topic
from tests.factories import make_user
from tests.forum.factories import make_topic

ROOT = Path(__file__).resolve().parents[2]
SHOWN = """
from django.conf import settings
database = settings.DATABASES["default"]
print(database["OPTIONS"], f'LONGEST_SILENCE={database["LONGEST_SILENCE"]}')
"""


def options_of(work):
    script = f"import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n{SHOWN}"
    if work == "web":
        script = f"import config.wsgi\n{SHOWN}"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_pages_wait_briefly_and_keep_no_transaction_open():
    options = options_of("web")

    assert "lock_timeout=4s" in options
    assert "idle_in_transaction_session_timeout=30s" in options
    assert "connect_timeout" in options
    assert "tcp_user_timeout" in options
    assert "LONGEST_SILENCE=60" in options


def test_tasks_and_commands_have_more_patience():
    assert "lock_timeout=30s" in options_of("commands")
    assert "LONGEST_SILENCE=None" in options_of("commands")


def test_a_permit_is_tried_and_comes_back():
    permits = WritePermits(in_all=3, in_one_place=2)

    entered = [
        permits.try_to_enter(place) for place in ("/topics/1/", "/topics/1/", "/topics/1/", "/topics/2/", "/posts/1/")
    ]
    assert entered == [True, True, False, True, False]

    permits.leave("/topics/1/")
    assert permits.try_to_enter("/posts/1/")


@pytest.mark.django_db
def test_writers_beyond_the_permits_get_their_text_back_and_readers_go_on(monkeypatch):
    topic = make_topic()
    client = Client()
    client.force_login(make_user())
    full = WritePermits(in_all=1, in_one_place=1)
    assert full.try_to_enter(f"/topics/{topic.pk}/")
    monkeypatch.setattr("config.middleware.permits", full)

    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "Open all day."})

    assert answer.status_code == 503
    assert "Open all day." in answer.text
    assert "Send it again" in answer.text
    assert topic.posts.count() == 1
    assert client.get(topic.get_absolute_url()).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/topics/999999/reply/", "/nowhere/", "/account/logout/"])
def test_every_permit_comes_back_whatever_became_of_the_request(monkeypatch, path):
    few = WritePermits(in_all=1, in_one_place=1)
    monkeypatch.setattr("config.middleware.permits", few)

    Client(raise_request_exception=False).post(path)

    assert few.try_to_enter("/topics/1/")


def test_all_acts_on_one_topic_are_one_place(rf):
    assert write_permits.place_of(rf.post("/topics/5/reply/")) == write_permits.place_of(rf.post("/topics/5/lock/"))
    assert write_permits.place_of(rf.post("/topics/5/reply/")) != write_permits.place_of(rf.post("/topics/6/reply/"))


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_for_a_lock_is_told_so_and_keeps_the_text():
    topic = make_topic()
    client = Client(raise_request_exception=False)
    client.force_login(make_user())
    answers = []

    def post():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        answers.append(client.post(f"/topics/{topic.pk}/reply/", {"source": "Open all day."}))
        connection.close()

    with transaction.atomic():
        Topic.objects.select_for_update().get(pk=topic.pk)
        writer = threading.Thread(target=post)
        writer.start()
        writer.join(120)

    assert answers[0].status_code == 503
    assert "Somebody else is changing this" in answers[0].text
    assert "Open all day." in answers[0].text
    assert topic.posts.count() == 1


@pytest.fixture
def tables_in_use(monkeypatch):
    """How often the tables are found in use; the pauses between are left out."""
    pauses = []
    monkeypatch.setattr("config.management.commands.migrate.time.sleep", pauses.append)
    return pauses


def locked():
    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = postgres.LockNotAvailable()
    return error


@pytest.mark.django_db
def test_a_migration_that_meets_a_table_in_use_tries_again(monkeypatch, tables_in_use):
    outcomes = [locked(), locked(), None]

    def handle(self, *args, **options):
        if (outcome := outcomes.pop(0)) is not None:
            raise outcome

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", handle)
    told = StringIO()

    call_command("migrate", stdout=told)

    assert outcomes == []
    assert tables_in_use == [1, 2]
    assert "Trying again (3 of 10)" in told.getvalue()


@pytest.mark.django_db
def test_a_migration_gives_up_after_ten_tries_and_other_errors_at_once(monkeypatch, tables_in_use):
    def fail(error):
        def handle(self, *args, **options):
            raise error

        monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", handle)
        with pytest.raises(OperationalError):
            call_command("migrate", stdout=StringIO())

    fail(OperationalError("no such host"))
    assert tables_in_use == []
    fail(locked())
    assert len(tables_in_use) == 9


@pytest.mark.django_db
def test_a_migration_waits_two_seconds_for_a_lock_and_works_as_long_as_it_takes(monkeypatch):
    seen = []

    def handle(self, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
            seen.append(cursor.fetchone())

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", handle)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        before = cursor.fetchone()

    call_command("migrate", stdout=StringIO())

    assert seen == [("2s", "0")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert cursor.fetchone() == before
