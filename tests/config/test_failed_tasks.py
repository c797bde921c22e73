"""The page of tasks that failed: administrators try them again or drop them."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.models import ChoreRun
from config.worker import chores, nightly, task_worker, tries
from forum.tasks import render_referrers
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


def failed(why="ValueError: no such <b>post", **fields):
    task = DBTaskResult.objects.get(pk=render_referrers.enqueue(7).id)
    traceback = f"Traceback (most recent call last):\n  File …\n{why}\n"
    values = {
        "status": "FAILED",
        "finished_at": timezone.now(),
        "worker_ids": [tries.TRIED] * 10,
        "traceback": traceback,
    }
    DBTaskResult.objects.filter(pk=task.pk).update(**values | fields)
    return task


def test_it_says_which_failed_with_what_how_often_and_why(client, administrator):
    failed()

    page = client.get("/staff/tasks/").text

    assert "forum.tasks.render_referrers" in page
    assert "With <bdi>7</bdi>. Begun 10 times" in page
    assert "ValueError: no such &lt;b&gt;post" in page
    assert "A task failed and waits" in client.get("/staff/").text


def test_where_none_failed_it_says_so(client, administrator):
    render_referrers.enqueue(7)

    assert "Nothing waits for a decision." in client.get("/staff/tasks/").text
    assert "failed and wait" not in client.get("/staff/").text


def test_what_is_tried_again_by_itself_and_what_is_late_stand_there_too(client, administrator):
    failed(status="READY", worker_ids=[tries.TRIED], run_after=timezone.now() + timedelta(minutes=5))
    name = chores.name_of(nightly.prune_tasks)
    ChoreRun.objects.create(name=name, done_at=timezone.now() - timedelta(days=4), problem="ValueError('no room')")

    page = client.get("/staff/tasks/").text

    assert "Tried again by themselves" in page
    assert name in page
    assert "None failed" in page


@pytest.mark.django_db(transaction=True)
def test_one_that_is_tried_again_is_done_and_has_all_its_tries(client, administrator, monkeypatch):
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)
    task = failed()
    client.post(f"/staff/tasks/{task.pk}/again/")
    task.refresh_from_db()
    ready = task.status, task.worker_ids

    call_command("worker", "--once")

    task.refresh_from_db()
    assert ready == ("READY", [])
    assert task.status == "SUCCESSFUL"


def test_trying_again_twice_changes_nothing_more(client, administrator):
    task = failed()
    client.post(f"/staff/tasks/{task.pk}/again/")
    DBTaskResult.objects.filter(pk=task.pk).update(status="RUNNING", worker_ids=["borderpost"])

    answer = client.post(f"/staff/tasks/{task.pk}/again/", follow=True)

    task.refresh_from_db()
    assert (task.status, task.worker_ids) == ("RUNNING", ["borderpost"])
    assert "does not wait for that any more" in answer.text


def test_all_can_be_tried_again_at_once(client, administrator):
    for _ in range(3):
        failed()
    done = failed(status="SUCCESSFUL")

    page = client.get("/staff/tasks/").text
    answer = client.post("/staff/tasks/again/", follow=True)

    assert "Try all 3 again" in page
    assert "Tried again: 3." in answer.text
    assert DBTaskResult.objects.filter(status="READY").count() == 3
    done.refresh_from_db()
    assert done.status == "SUCCESSFUL"


def test_one_that_is_dropped_is_gone_and_twice_is_harmless(client, administrator):
    task, other = failed(), failed()

    for _ in range(2):
        answer = client.post(f"/staff/tasks/{task.pk}/drop/", follow=True)
        assert answer.status_code == 200

    assert list(DBTaskResult.objects.all()) == [other]


@pytest.mark.parametrize("status", ["READY", "RUNNING", "SUCCESSFUL"])
def test_only_failed_ones_can_be_dropped(client, administrator, status):
    task = failed(status=status)

    client.post(f"/staff/tasks/{task.pk}/drop/")

    assert DBTaskResult.objects.filter(pk=task.pk, status=status).exists()


@pytest.mark.parametrize(("act", "event"), [("again", "task-tried-again"), ("drop", "task-dropped")])
def test_both_are_noted_in_the_security_log(client, administrator, caplog, monkeypatch, act, event):
    noted = []
    monkeypatch.setattr("accounts.logs.security_log.logger.info", lambda form, line: noted.append(json.loads(line)))
    task = failed()

    client.post(f"/staff/tasks/{task.pk}/{act}/")
    client.post(f"/staff/tasks/{task.pk}/{act}/")

    [line] = [line for line in noted if line["event"] == event]
    assert (line["member"], line["task"]) == (administrator.pk, "forum.tasks.render_referrers")
    assert line["number"] == str(task.pk)


@pytest.mark.parametrize("act", ["again", "drop"])
def test_a_link_changes_nothing(client, administrator, act):
    task = failed()

    client.get(f"/staff/tasks/{task.pk}/{act}/")

    task.refresh_from_db()
    assert task.status == "FAILED"


@pytest.mark.parametrize("act", ["again", "drop"])
def test_others_may_not(client, act):
    task = failed()
    client.force_login(make_user())

    assert client.post(f"/staff/tasks/{task.pk}/{act}/").status_code == 403
    assert client.get("/staff/tasks/").status_code == 403
    task.refresh_from_db()
    assert task.status == "FAILED"


def test_a_task_that_never_was_is_no_error(client, administrator):
    assert client.post(f"/staff/tasks/{uuid.uuid4()}/drop/").status_code == 302


def test_the_page_stays_short_and_costs_the_same_with_thousands(client, administrator, django_assert_max_num_queries):
    failed()
    client.get("/staff/tasks/")
    DBTaskResult.objects.bulk_create(
        DBTaskResult(
            task_path="forum.tasks.render_referrers", args_kwargs={"args": [1], "kwargs": {}}, status="FAILED",
            backend_name="default", run_after=timezone.now(), finished_at=timezone.now(), traceback="ValueError",
        )
        for _ in range(2_000)
    )  # fmt: skip

    with django_assert_max_num_queries(12):
        page = client.get("/staff/tasks/").text

    assert "2001 failed" in page
    assert page.count("ValueError") == 100
