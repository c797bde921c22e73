"""The page of failed tasks, by buttons, with and without a script, and for everybody's eyes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import expect

from config.worker import tries
from forum.tasks import render_referrers
from tests.factories import make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
LOOKS = [(390, "light"), (1280, "dark")]


def fail(**fields):
    values = {
        "status": "FAILED", "finished_at": timezone.now(), "worker_ids": [tries.TRIED] * 10,
        "traceback": "Traceback …\npsycopg.errors.LockNotAvailable: canceling statement due to lock timeout",
    }  # fmt: skip
    task = render_referrers.enqueue(0)
    DBTaskResult.objects.filter(pk=task.id).update(**values | fields)


@pytest.mark.parametrize("with_script", [True, False])
def test_an_administrator_tries_one_again_and_drops_another(open_page, with_script):
    for _ in range(2):
        fail()
    page = open_page("/staff/tasks/", member=make_user(is_staff=True), java_script_enabled=with_script)
    expect(page.get_by_role("heading", name="2 failed")).to_be_visible()

    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_text("It is tried again.")).to_be_visible()
    page.get_by_role("button", name="Drop").click()
    expect(page.get_by_text("It is dropped.")).to_be_visible()

    expect(page.get_by_role("heading", name="None failed")).to_be_visible()
    assert list(DBTaskResult.objects.values_list("status", flat=True)) == ["READY"]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_can_be_used_by_all(open_page, violations, width, scheme):
    for _ in range(2):
        fail()
    fail(status="READY", worker_ids=[tries.TRIED], run_after=timezone.now() + timedelta(minutes=5))
    page = open_page(
        "/staff/tasks/", member=make_user(is_staff=True), viewport={"width": width, "height": 800}, color_scheme=scheme
    )

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
