"""What an older release left behind still works after modules moved: queued tasks, sessions that have begun."""

import json
from importlib import import_module

import pytest
from django.conf import settings
from django.core.management import call_command
from django.tasks import TaskResultStatus
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from config.renamed_modules import RENAMED
from config.worker import task_worker
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

# As release 0.1 enqueued them, each with an argument that no row has by now: it has nothing to do, and does it.
TASKS_OF_0_1 = [
    ("forum.tasks.render_referrers", [10**9]),
    ("forum.tasks.render_moved", [10**9]),
    ("forum.tasks.render_naming", [10**9]),
    ("forum.tasks.render_quoting_subforum", [10**9]),
    ("crossings.tasks.judge_crossings", [[]]),
    ("crossings.tasks.draw_maps", []),
    ("crossings.similar_tasks.leave_tables_of_subforum", [10**9]),
    ("moderation.tasks.end_pages_that_name_topic", [10**9]),
    ("notifications.watch_tasks.write_letters", []),
]
NAMES_OF_0_1 = [
    "crossings.similar_tasks.refresh_tables",
    "crossings.similar_tasks.leave_tables",
    "moderation.tasks.end_pages_that_name_subforum",
    "moderation.tasks.look_for_duplicate",
    "notifications.act_tasks.tell_of_act",
    "notifications.tasks.send_letter",
    "notifications.watch_tasks.tell_of_status",
    "notifications.watch_tasks.tell_of_notice",
    "notifications.watch_tasks.tell_of_report",
]


@pytest.fixture(autouse=True)
def no_signals(monkeypatch):
    """Only a main thread may set them."""
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)


@pytest.mark.parametrize(("path", "arguments"), TASKS_OF_0_1)
def test_a_task_that_an_older_release_enqueued_is_done(path, arguments):
    row = DBTaskResult.objects.create(
        task_path=path, args_kwargs={"args": arguments, "kwargs": {}}, priority=0, queue_name="default",
        backend_name="default",
    )  # fmt: skip

    call_command("worker", "--once")

    row.refresh_from_db()
    assert row.status == TaskResultStatus.SUCCESSFUL, row.traceback


def test_a_path_that_never_was_fails():
    row = DBTaskResult.objects.create(
        task_path="crossings.never_was.refresh_tables", args_kwargs={"args": [1], "kwargs": {}}, priority=0,
        queue_name="default", backend_name="default",
    )  # fmt: skip

    call_command("worker", "--once")

    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED


@pytest.mark.parametrize("path", NAMES_OF_0_1)
def test_every_other_task_of_an_older_release_has_its_name(path):
    assert callable(import_string(path).enqueue)


def test_what_was_renamed_is_gone_from_where_it_was():
    assert [old for old in RENAMED if (settings.BASE_DIR / f"{old.replace('.', '/')}.py").exists()] == []


def test_a_session_that_an_older_release_began_goes_on(client):
    member = make_user()
    engine = import_module("django.contrib.sessions.backends.db")
    session = engine.SessionStore()
    session["_auth_user_id"] = str(member.pk)
    session["_auth_user_backend"] = "forum.authentication.MemberBackend"
    session["_auth_user_hash"] = member.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    page = client.get("/settings/")

    assert page.status_code == 200
    assert json.dumps(member.username)[1:-1] in page.text
