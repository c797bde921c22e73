"""The doctor's results as they are stored, shown, and told to administrators when they turn."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from config.health import runs
from config.health.doctor.results import right, warning, wrong
from config.models import DoctorRun
from config.worker.nightly import CHORES
from notifications.letters import emails
from notifications.models import Letter, Notification
from tests.factories import make_user
from tests.forum.factories import now

pytestmark = pytest.mark.django_db

WELL = [right("The database answers."), warning("jit is on.", "Switch it off.")]
ILL = [right("The database answers."), wrong("No worker is at work.", "Start manage.py worker.")]


@pytest.fixture
def administrator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def found(monkeypatch):
    """What the doctor finds: a list to be changed."""
    findings = list(WELL)
    monkeypatch.setattr(runs, "examine", lambda: iter(findings))
    return findings


def subjects():
    return list(Notification.objects.order_by("pk").values_list("subject", flat=True))


def test_administrators_read_what_was_found_with_what_is_wrong_first(client, administrator, found):
    found[:] = ILL
    runs.run()

    page = client.get("/staff/doctor/").text

    assert "1 wrong" in page
    assert page.index("No worker is at work.") < page.index("The database answers.")
    assert "Start manage.py worker." in page
    assert "The doctor found something wrong: No worker is at work." in client.get("/staff/").text


def test_a_letter_comes_once_when_it_turns_wrong_and_once_when_it_is_right_again(administrator, found):
    make_user()
    runs.run()
    quiet = subjects()
    found[:] = ILL
    for _ in range(3):
        runs.run()
    ill = subjects()
    found[:] = WELL
    for _ in range(2):
        runs.run()

    assert quiet == []
    assert ill == ["Something is wrong with the forum"]
    assert subjects() == ["Something is wrong with the forum", "The forum is well again"]
    assert set(Notification.objects.values_list("user", flat=True)) == {administrator.pk}


def test_a_first_run_that_finds_something_wrong_is_told_and_its_letter_names_it(administrator, found):
    found[:] = ILL
    runs.run()

    message = emails.compose(Letter.objects.select_related("user").get())

    assert "No worker is at work." in message.body
    assert "/staff/doctor/" in message.body


def test_warnings_alone_are_no_reason_for_a_letter(administrator, found):
    runs.run()

    assert DoctorRun.objects.get().warnings_count == 1
    assert subjects() == []


def test_only_the_latest_runs_are_kept(found, monkeypatch):
    monkeypatch.setattr(runs, "KEPT", 2)
    for _ in range(4):
        runs.run()

    assert DoctorRun.objects.count() == 2


def test_a_button_lets_it_look_in_the_background_once(client, administrator):
    for _ in range(2):
        client.post("/staff/doctor/")

    assert DBTaskResult.objects.count() == 1
    assert "It is looking." in client.get("/staff/doctor/").text


def test_an_old_result_is_said_to_be_old(client, administrator):
    long_ago = now() - timedelta(days=3)
    DoctorRun.objects.create(begun_at=long_ago, ended_at=long_ago)

    assert "no result came last night" in client.get("/staff/doctor/").text


def test_it_looks_each_night():
    assert runs.run in CHORES


def test_the_doctor_itself_is_asked(administrator):
    made = runs.run()

    assert made is not None
    assert len(made.findings) > 15
    assert {"deployment.letters", "mail_delivery.mail_server", "work.letters"} <= {row[3] for row in made.findings}
    assert {"mail_delivery.mail_server"} >= {row.check for row in made.wrong_letters}
    assert DoctorRun.objects.ended().get() == made
