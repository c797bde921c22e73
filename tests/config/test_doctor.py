"""The operator is told in plain words what is right, what is wrong and what to do: each look, well and unwell."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from config.backup import half_restored
from config.health import doctor, endpoints
from config.health.doctor import content, database, deployment, mail_delivery, work
from config.health.doctor.results import Finding, Level, right, warning, wrong
from config.models import ChoreRun
from config.worker import chores, nightly
from config.worker.lock import LOCK
from forum.models import Post
from forum.tasks import render_referrers
from notifications.models import Letter
from tests.factories import make_user
from tests.forum.factories import make_post

GIGABYTE = deployment.GIGABYTE


@pytest.fixture
def public(settings):
    settings.ALLOWED_HOSTS = ["forum.example.org"]
    settings.IS_LOCAL = False
    settings.SITE_URL = "https://forum.example.org"
    settings.HTTPS = True
    settings.TRUSTED_PROXIES = 1
    settings.SMTP_HOST = "mail.example.org"
    settings.MAIL_FROM = "Borderpost <post@example.org>"
    settings.DEBUG = settings.DEMO = False
    return settings


@pytest.fixture
def local(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    settings.IS_LOCAL = True
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.HTTPS = False
    settings.TRUSTED_PROXIES = 0
    settings.SMTP_HOST = ""
    return settings


@pytest.fixture
def answer(monkeypatch):
    """What the database is made to answer, where a real one cannot be made ill."""

    def give(*rows):
        answers = iter(rows)
        monkeypatch.setattr(database, "ask", lambda *question: next(answers))

    return give


# --- Settings ---


@pytest.mark.parametrize(
    ("key", "level"),
    [("kO9" * 5 + "abcdefgh" * 5, "right"), ("short-but-random-x7", "wrong"), ("a" * 80, "wrong")],
)
def test_the_secret_key_is_long_and_mixed(settings, key, level):
    settings.SECRET_KEY = key

    assert deployment.secret_key().level == level
    assert key not in deployment.secret_key().words


@pytest.mark.parametrize(
    "look", [deployment.debug, deployment.demo, deployment.address, deployment.proxies, deployment.letters]
)
def test_a_public_site_may_be_right(public, look):
    assert look().level == Level.RIGHT


@pytest.mark.parametrize(
    "look",
    [
        deployment.debug,
        deployment.demo,
        deployment.address,
        deployment.proxies,
        deployment.letters,
        deployment.static_files,
    ],
)
def test_a_site_on_this_machine_may_be_right(local, look):
    assert look().level == Level.RIGHT


@pytest.mark.parametrize(
    ("look", "settings_of_it", "level"),
    [
        (deployment.debug, {"DEBUG": True}, "wrong"),
        (deployment.demo, {"DEMO": True}, "wrong"),
        (deployment.address, {"SITE_URL": "http://forum.example.org", "HTTPS": False}, "wrong"),
        (deployment.address, {"SITE_URL": "https://other.example.org"}, "wrong"),
        (deployment.address, {"SITE_URL": "forum.example.org"}, "wrong"),
        (deployment.address, {"ALLOWED_HOSTS": ["*"]}, "warning"),
        (deployment.proxies, {"TRUSTED_PROXIES": 0}, "wrong"),
        (deployment.letters, {"SMTP_HOST": ""}, "warning"),
        (deployment.letters, {"MAIL_FROM": "Borderpost <borderpost@localhost>"}, "warning"),
    ],
)
def test_what_a_public_site_must_not_do(public, look, settings_of_it, level):
    for name, value in settings_of_it.items():
        setattr(public, name, value)

    assert look().level == level
    assert look().advice


@pytest.mark.parametrize(("may", "level"), [(True, "right"), (False, "wrong")])
def test_erasures_must_be_noted(settings, monkeypatch, tmp_path, may, level):
    settings.ERASURES_LIST = tmp_path / "not yet" / "erasures.jsonl"
    monkeypatch.setattr(deployment.os, "access", lambda place, how: may and place == tmp_path)

    assert deployment.erasures().level == level


@pytest.mark.parametrize("url", ["http://[::1]:8000", "http://localhost:8000"])
def test_this_machine_has_several_names(local, url):
    local.SITE_URL = url

    assert deployment.address().level == Level.RIGHT
    assert not deployment.is_public()


def test_a_demo_that_others_can_reach_is_wrong_whatever_names_it_answers_to(local):
    local.DEMO, local.SITE_URL = True, "https://forum.example.org"

    assert deployment.demo().level == Level.WRONG


def test_debug_on_this_machine_is_a_warning(local):
    local.DEBUG = True

    assert deployment.debug().level == Level.WARNING


def test_a_public_site_has_its_static_files_collected(public, tmp_path):
    public.STATIC_ROOT = tmp_path
    before = deployment.static_files().level
    (tmp_path / "staticfiles.json").write_text("{}")

    assert (before, deployment.static_files().level) == ("wrong", "right")


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [(50 * GIGABYTE, 100 * GIGABYTE, "right"), (5 * GIGABYTE, 100 * GIGABYTE, "warning"), (GIGABYTE - 1, 5, "wrong")],
)
def test_the_disk_has_room(monkeypatch, settings, tmp_path, free, total, level):
    settings.HOME = tmp_path / "not" / "there" / "yet"
    monkeypatch.setattr(deployment.shutil, "disk_usage", lambda place: SimpleNamespace(free=free, total=total))

    assert deployment.disk_space().level == level
    assert str(tmp_path) in deployment.disk_space().words


# --- The database ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    "look",
    [database.answers, database.version, database.jit, database.extensions, database.migrations, database.clock],
)
def test_the_test_database_is_right(look):
    assert look().level == Level.RIGHT


def test_a_database_that_is_gone_is_named_and_asked_nothing_more(monkeypatch):
    def gone(*question):
        raise OperationalError("connection refused")

    monkeypatch.setattr(half_restored, "words", gone)
    monkeypatch.setattr(doctor, "SITE", [])

    (finding,) = doctor.examine()

    assert finding.level == Level.WRONG
    assert "connection refused" in finding.words


def test_a_database_that_is_half_restored_is_named_and_asked_nothing_more(monkeypatch):
    monkeypatch.setattr(half_restored, "words", lambda: "A restore of a.tar began and did not end.")
    monkeypatch.setattr(doctor, "SITE", [])

    (finding,) = doctor.examine()

    assert (finding.level, finding.words) == (Level.WRONG, "A restore of a.tar began and did not end.")
    assert finding.advice == half_restored.REMEDY


@pytest.mark.parametrize(("number", "level"), [("140012", "wrong"), ("150000", "right"), ("180006", "right")])
def test_an_old_postgresql_is_wrong(answer, number, level):
    answer([(number,)], [("14.12",)])

    assert database.version().level == level


@pytest.mark.django_db
def test_a_database_that_does_not_wait_for_the_disk_is_wrong():
    """The tests' own is such a one."""
    finding = database.durability()

    assert finding.level == Level.WRONG
    assert "fsync, full_page_writes, synchronous_commit is off" in finding.words


@pytest.mark.django_db
def test_a_role_that_does_not_wait_for_the_disk_is_wrong():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
        with_it = database.durability().words
        cursor.execute("SET LOCAL synchronous_commit = off")

    assert "synchronous_commit" not in with_it
    assert "synchronous_commit" in database.durability().words


def test_a_database_that_waits_for_the_disk_is_right(answer):
    answer([])

    assert database.durability().level == Level.RIGHT


@pytest.mark.django_db
def test_jit_is_a_warning():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = on")

    assert database.jit().level == Level.WARNING


@pytest.mark.django_db
def test_a_role_that_may_change_tables_is_wrong():
    """Tests run as the owner."""
    finding = database.role()

    assert finding.level == Level.WRONG
    assert "borderpost_owner" in finding.words
    assert "may make databases" in finding.words
    assert "may make tables" in finding.words
    assert "may change and drop tables" in finding.words
    assert "superuser" not in finding.words


@pytest.mark.django_db
class TestLog:
    def test_the_role_of_the_application_changes_nothing_in_it(self):
        assert database.log_for("borderpost").level == Level.RIGHT

    def test_a_role_that_owns_it_is_wrong(self):
        """Tests run as the owner."""
        assert "borderpost_owner may update, delete, truncate entries" in database.log().words

    @pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE", "UPDATE (verb)"])
    @pytest.mark.parametrize("role", ["borderpost", "PUBLIC"])
    def test_each_right_too_many_is_named_with_what_to_do(self, right, role):
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT {right} ON {database.LOG} TO {role}")

        finding = database.log_for("borderpost")

        assert finding.level == Level.WRONG
        assert f"The application's role borderpost may {right.split()[0].lower()} entries" in finding.words
        assert f"REVOKE UPDATE, DELETE, TRUNCATE ON {database.LOG}, {database.WORDS} FROM borderpost" in finding.advice
        assert "manage.py migrate" in finding.advice

    def test_a_right_over_its_words_is_wrong_too(self):
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT UPDATE ON {database.WORDS} TO borderpost")

        assert database.log_for("borderpost").level == Level.WRONG

    @pytest.mark.parametrize(
        "change",
        [f"ALTER TABLE {database.LOG} DISABLE TRIGGER USER", f"DROP TRIGGER log_is_append_only ON {database.LOG}"],
    )
    def test_a_trigger_that_is_off_or_gone_is_wrong(self, change):
        with connection.cursor() as cursor:
            cursor.execute(change)

        finding = database.log_for("borderpost")

        assert finding.level == Level.WRONG
        assert "ENABLE ALWAYS TRIGGER" in finding.advice


@pytest.mark.django_db
def test_a_missing_extension_is_named():
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION intarray CASCADE")

    finding = database.extensions()

    assert finding.level == Level.WRONG
    assert "intarray" in finding.words
    assert "unaccent" not in finding.words


@pytest.mark.django_db
def test_a_pending_migration_is_named(monkeypatch):
    known = endpoints.known_migrations() | {("forum", "9999_not_yet")}
    monkeypatch.setattr(endpoints, "known_migrations", lambda: known)

    finding = database.migrations()

    assert finding.level == Level.WRONG
    assert "1 (forum.9999_not_yet)" in finding.words
    assert "manage.py migrate" in finding.advice


@pytest.mark.parametrize(("seconds", "level"), [(-1, "right"), (-10, "warning"), (10, "warning"), (3600, "wrong")])
def test_two_clocks_that_differ_are_noticed(answer, seconds, level):
    answer([(datetime.now(UTC) + timedelta(seconds=seconds),)])

    assert database.clock().level == level


# --- The worker ---


@pytest.mark.django_db
def test_without_a_worker_something_is_wrong():
    assert work.worker().level == Level.WRONG


@pytest.mark.django_db
def test_with_a_worker_all_is_right():
    with connection.get_new_connection(connection.get_connection_params()) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        locked = work.worker().level
        guard.execute("SELECT pg_advisory_unlock_all()")  # the server may see only later that a connection was closed

    assert locked == Level.RIGHT


@pytest.mark.django_db
def test_another_lock_is_no_worker():
    with connection.get_new_connection(connection.get_connection_params()) as guard:
        guard.execute("SELECT pg_advisory_lock(%s), pg_advisory_lock(1, %s)", [LOCK + 1, LOCK])
        found = work.worker().level

    assert found == Level.WRONG


def enqueued(**fields):
    result = render_referrers.enqueue(0)
    moments = {name: timezone.now() - ago for name, ago in fields.items() if isinstance(ago, timedelta)}
    DBTaskResult.objects.filter(pk=result.id).update(**fields | moments)


ago = timedelta  # reckoned from when a task is made: the tests are collected long before they run


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"enqueued_at": ago(minutes=9)}, "right"),
        ({"enqueued_at": ago(minutes=11)}, "wrong"),
        ({"enqueued_at": ago(days=3), "run_after": ago(minutes=1)}, "right"),
        ({"enqueued_at": ago(days=3), "run_after": ago(minutes=11)}, "wrong"),
        ({"enqueued_at": ago(days=3), "run_after": ago(days=-1)}, "right"),
        ({"enqueued_at": ago(days=3), "status": "SUCCESSFUL"}, "right"),
    ],
)
def test_a_task_that_waits_for_long_is_wrong(fields, level):
    enqueued(**fields)

    assert work.waiting_tasks().level == level


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"status": "FAILED", "finished_at": ago(hours=1)}, "wrong"),
        ({"status": "FAILED", "finished_at": ago(days=90)}, "wrong"),
        ({"status": "SUCCESSFUL", "finished_at": ago(hours=1)}, "right"),
    ],
)
def test_a_task_that_failed_is_wrong_until_somebody_decides(fields, level):
    enqueued(**fields)

    assert work.failed_tasks().level == level


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"begun_at": ago(hours=1), "problem": "The mail server would not take it: 550 No"}, "wrong"),
        ({"begun_at": ago(days=2), "problem": "The mail server would not take it: 550 No"}, "right"),
        ({"begun_at": ago(hours=1), "problem": "The member may get no letters."}, "right"),
        ({"begun_at": ago(hours=1), "sent_at": ago(hours=1)}, "right"),
    ],
)
def test_letters_that_the_mail_server_refuses_are_wrong(fields, level):
    moments = {name: timezone.now() - ago for name, ago in fields.items() if isinstance(ago, timedelta)}
    Letter.objects.create(user=make_user(), kind="news", key="one", made_at=timezone.now(), **fields | moments)

    assert work.letters().level == level


def last_done(days, problem=""):
    for chore in nightly.CHORES:
        done_at = timezone.now() - timedelta(days=days)
        ChoreRun.objects.create(name=chores.name_of(chore), done_at=done_at, problem=problem)


@contextmanager
def worker_at_work():
    with connection.get_new_connection(connection.get_connection_params()) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


@pytest.mark.django_db
def test_chores_that_were_done_last_night_are_not_late():
    last_done(days=0)

    assert work.late_chores().level == Level.RIGHT


@pytest.mark.django_db
def test_where_no_chore_was_ever_due_none_is_late():
    assert work.late_chores().level == Level.RIGHT


@pytest.mark.django_db
def test_late_chores_are_named_with_their_last_run_and_problem():
    last_done(days=3, problem="ValueError('no room')")

    found = work.late_chores()

    assert found.level == Level.WRONG
    assert f"late: {len(nightly.CHORES)}. config.worker.nightly.clear_sessions (last done 3\xa0days ago)" in found.words
    assert "ValueError('no room')" in found.words


@pytest.mark.django_db
def test_a_worker_that_just_began_as_after_a_restore_is_given_time_for_them():
    last_done(days=3)
    with worker_at_work():
        found = work.late_chores()

    assert found.level == Level.WARNING
    assert "does them first" in found.advice


@pytest.mark.django_db
def test_a_chore_that_fails_is_no_matter_of_time():
    """Also where each failure broke the worker off, and it began again."""
    last_done(days=3)
    ChoreRun.objects.filter(name=chores.name_of(nightly.CHORES[2])).update(problem="QueryCanceled()")
    with worker_at_work():
        found = work.late_chores()

    assert found.level == Level.WRONG
    assert "QueryCanceled()" in found.words


@pytest.mark.django_db
def test_failed_tasks_are_counted_by_name():
    enqueued(status="FAILED", finished_at=ago(hours=1))
    enqueued(status="FAILED", finished_at=ago(hours=2))

    assert "forum.tasks.render_referrers (2)" in work.failed_tasks().words


# --- What is stored ---


@pytest.mark.django_db
def test_a_counter_that_drifted_is_wrong():
    member = make_user()
    before = content.counters().level
    User.objects.filter(pk=member.pk).update(posts_count=7)

    finding = content.counters()

    assert (before, finding.level) == (Level.RIGHT, Level.WRONG)
    assert f"User {member.pk}: posts_count is 7, counted 0" in finding.words


@pytest.mark.django_db
def test_counting_may_take_longer_than_a_page_may(monkeypatch):
    limits = []

    def count(*, mend):
        limits.append(database.ask("SHOW statement_timeout"))
        return []

    monkeypatch.setattr(content, "recount", count)
    usual = database.ask("SHOW statement_timeout")

    assert content.counters().level == Level.RIGHT
    assert limits == [[("0",)]] != [usual]
    assert database.ask("SHOW statement_timeout") == usual
    assert usual != [("0",)]


@pytest.mark.django_db
def test_posts_of_an_older_markup_are_a_warning():
    post = make_post()
    before = content.markup_version().level
    Post.objects.filter(pk=post.pk).update(markup_version=0)

    finding = content.markup_version()

    assert (before, finding.level) == (Level.RIGHT, Level.WARNING)
    assert finding.words.endswith("made them: 1.")


# --- The whole visit ---


def visit(monkeypatch, *findings):
    monkeypatch.setattr("config.management.commands.doctor.examine", lambda: iter(findings))


def test_when_all_is_right_it_ends_well(monkeypatch, capsys):
    visit(monkeypatch, right("The database answers."))

    call_command("doctor", "--strict")

    assert capsys.readouterr().out == "right    The database answers.\n0 wrong, 0 warnings, 1 right.\n"


def test_a_warning_is_told_with_what_to_do_and_ends_well(monkeypatch, capsys):
    visit(monkeypatch, warning("Letters are printed.", "Set SMTP_HOST."))

    call_command("doctor")

    assert capsys.readouterr().out.startswith("warning  Letters are printed.\n         -> Set SMTP_HOST.\n")


def test_strictly_a_warning_is_enough_to_end_with_1(monkeypatch):
    visit(monkeypatch, warning("Letters are printed.", "Set SMTP_HOST."))

    with pytest.raises(CommandError, match="0 wrong, 1 warnings"):
        call_command("doctor", "--strict")


def test_what_is_wrong_ends_with_1(monkeypatch):
    visit(monkeypatch, right("The database answers."), wrong("No worker is at work.", "Start manage.py worker."))

    with pytest.raises(CommandError, match="1 wrong, 0 warnings, 1 right") as error:
        call_command("doctor")

    assert error.value.returncode == 1


def test_a_look_that_fails_does_not_end_the_others(monkeypatch):
    def counters():
        raise ProgrammingError('relation "forum_topic" does not exist\nLINE 1: SELECT')

    monkeypatch.setattr(doctor, "SITE", [])
    monkeypatch.setattr(database, "answers", lambda: right("The database answers."))
    monkeypatch.setattr(database, "is_new", lambda: False)
    monkeypatch.setattr(doctor, "DATABASE", [counters, lambda: right("And so on.")])

    assert [finding.words for finding in doctor.examine()] == [
        "The database answers.",
        'The counters could not be looked at: relation "forum_topic" does not exist',
        "And so on.",
    ]


def test_a_database_without_tables_is_one_line(monkeypatch):
    monkeypatch.setattr(doctor, "SITE", [])
    monkeypatch.setattr(database, "answers", lambda: right("The database answers."))
    monkeypatch.setattr(database, "ask", lambda *question: [(True,)])

    assert [(finding.words, finding.advice) for finding in doctor.examine()][1:] == [
        ("The database has no tables yet.", "Run manage.py migrate.")
    ]


def is_a_look(function, module):
    ours = getattr(function, "__module__", "") == module.__name__
    return ours and getattr(function, "__annotations__", {}) == {"return": Finding}


def test_every_look_of_these_files_is_taken():
    modules = [deployment, database, mail_delivery, work, content]
    looks = {look for module in modules for look in vars(module).values() if is_a_look(look, module)}

    assert looks == {*doctor.SITE, *doctor.DATABASE, database.answers}


@pytest.mark.django_db
def test_staff_without_a_second_step_are_named(settings):
    settings.SECOND_STEP_FOR_STAFF = True
    assert content.second_steps().level is Level.RIGHT
    make_user("kettle", is_staff=True)
    make_user("kopek")

    found = content.second_steps()
    assert (found.level, "kettle" in found.words, "kopek" in found.words) == (Level.WARNING, True, False)
    settings.SECOND_STEP_FOR_STAFF = False
    assert content.second_steps().level is Level.RIGHT
