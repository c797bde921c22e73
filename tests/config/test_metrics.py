"""/metrics: for whoever has the token, of all processes together, and of no person."""

import signal
import threading
from datetime import timedelta

import psycopg
import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.parser import text_string_to_metric_families

from config.health.question import Question
from config.telemetry import site_figures
from config.worker.lock import LOCK
from notifications.models import Letter
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_topic
from tests.moderation.factories import make_flag
from tests.processes.servers import database_url, running

TOKEN = "correct-horse-battery-staple"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def figures(settings, monkeypatch):
    """Reads them as Prometheus does: the values by name and labels (method, route, status)."""
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(site_figures, "question", Question(site_figures.read, "metrics"))
    monkeypatch.setattr(site_figures, "PATIENCE", 60)
    return lambda: values(Client().get("/metrics", headers=BEARER).text)


def values(text):
    families = text_string_to_metric_families(text)
    return {
        (sample.name.removeprefix("borderpost_"), *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture
def database_is_gone(monkeypatch):
    def refuse(*args, **kwargs):
        raise psycopg.OperationalError("connection to 10.0.0.5 refused for user borderpost, password hunter2")

    monkeypatch.setattr("django.db.backends.postgresql.base.DatabaseWrapper.get_new_connection", refuse)


# --- Who may read them ---


@pytest.mark.django_db
def test_without_the_setting_there_is_no_such_address(client):
    answer = client.get("/metrics", headers=BEARER)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        "",
        TOKEN,
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer ü",
        "Bearer \udc80",
    ],
)
def test_without_the_token_nothing_is_told(figures, given):
    answer = Client().get("/metrics", HTTP_AUTHORIZATION=given)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "borderpost" not in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "member", "staff"])
def test_no_role_stands_for_the_token(figures, role):
    browser = Client()
    if role != "visitor":
        browser.force_login(make_user(is_staff=role == "staff", is_superuser=role == "staff"))

    assert browser.get("/metrics").status_code == 401
    assert browser.get(f"/metrics?token={TOKEN}").status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_they_are_read_alone(figures, method):
    assert getattr(Client(), method)("/metrics", headers=BEARER).status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "web", "a_b"])
def test_they_answer_under_any_name_and_without_https(figures, settings, host):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["borderpost.example"], True

    answer = Client().get("/metrics", headers=BEARER | {"host": host})

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


# --- Requests ---


@pytest.mark.django_db(transaction=True)
def test_requests_are_counted_by_route_method_and_class(figures):
    topic, browser = make_topic(), Client()
    before = figures()

    for _ in range(3):
        browser.get(topic.get_absolute_url())
    browser.get("/no/such/page/")
    browser.generic("FROBNICATE", "/about/")
    after = figures()

    def more(*key):
        return after[key] - before.get(key, 0)

    assert more("requests_total", "GET", "forum:topic", "2xx") == 3
    assert more("request_seconds_count", "forum:topic") == 3
    assert more("kept_pages_total") == 2
    assert more("requests_total", "GET", "none", "4xx") == 1
    assert [key for key in after if key[0] == "requests_total" and key[1] == "other"]


@pytest.mark.django_db(transaction=True)
def test_no_address_of_a_page_and_nobody_s_name_is_a_label(figures):
    browser = Client()
    member = make_user("kettle")
    for address in ("/secret/", "/search/?q=secret", "/account/password/reset/key/1-secret/", "/members/kettle/"):
        browser.get(address)
    browser.post("/account/login/", {"login": "kettle", "password": PASSWORD})

    answer = Client().get("/metrics", headers=BEARER).text

    assert "secret" not in answer
    assert member.username not in answer


@pytest.mark.django_db(transaction=True)
def test_more_addresses_make_no_more_series(figures):
    browser = Client()
    browser.get("/no/such/page/0/")
    before = len(figures())

    for number in range(1, 20):
        browser.get(f"/no/such/page/{number}/")
        browser.get(f"/static/{number}")

    assert len(figures()) <= before + 12  # one route more with its buckets


# --- The site ---


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_told(figures):
    member = make_user("kettle")
    long_ago, before = timezone.now() - timedelta(hours=1), figures()
    Letter.objects.create(user=member, kind="news", key="a", made_at=long_ago, due_at=long_ago)
    make_flag(by=member)
    DBTaskResult.objects.create(
        status="READY", args_kwargs={"args": [], "kwargs": {}}, priority=0, task_path="x.y", queue_name="default",
        backend_name="default", run_after=long_ago, exception_class_path="", traceback="",
    )  # fmt: skip

    after = figures()

    assert after["database_up",] == 1
    for name in ("letters_waiting", "flags_waiting", "tasks_waiting"):
        assert after[name,] > before[name,]  # a flag brings tasks of its own
    assert after["letters_oldest_seconds",] > 0
    assert after["tasks_oldest_seconds",] > 0


@pytest.mark.django_db(transaction=True)
def test_whether_a_worker_is_at_work(figures):
    before = figures()["worker_up",]

    with psycopg.connect(database_url(), autocommit=True) as worker:
        worker.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        during = figures()["worker_up",]

    assert (before, during) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_an_estimate_that_nobody_made_yet_is_left_out(figures, monkeypatch):
    monkeypatch.setitem(site_figures.FIGURES, "posts_estimate", ("Posts.", lambda: None))

    assert ("posts_estimate",) not in figures()


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_the_rest_is_told(figures, database_is_gone):
    Client().get("/health/live")

    found = figures()

    assert found["database_up",] == 0
    assert found["requests_total", "GET", "health", "2xx"] >= 1
    assert ("worker_up",) not in found
    assert [key for key in found if key[0] == "build_info"]


def test_a_database_that_hangs_holds_no_scrape_up_and_takes_one_thread(figures, monkeypatch):
    is_over = threading.Event()
    monkeypatch.setattr(site_figures, "question", Question(is_over.wait, "hanging"))
    monkeypatch.setattr(site_figures, "PATIENCE", 0.01)

    found = [figures()["database_up",] for _ in range(5)]
    threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("hanging")]
    is_over.set()

    assert found == [0] * 5
    assert threads == ["hanging_0"]


# --- Several processes ---


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_all_processes_of_a_site_are_told_together_and_one_that_was_killed_is_not_forgotten(tmp_path):
    environment = {"METRICS_TOKEN": TOKEN, "TMPDIR": str(tmp_path), "GUNICORN_CMD_ARGS": "--no-control-socket"}
    with running(1, **environment) as [server]:
        ask(server, 5)
        server.process.send_signal(signal.SIGTTIN)  # one process more
        ask(server, 40)
        first = counted(server)
        server.process.send_signal(signal.SIGHUP)  # other processes take their places
        ask(server, 40)
        second = counted(server)
        (folder,) = tmp_path.glob("borderpost-metrics-*")
        files = sorted(file.name for file in folder.iterdir())

    assert (first, second) == (45, 85)
    assert len(files) <= 2 * 3
    assert list(tmp_path.glob("borderpost-metrics-*")) == []


def ask(server, times):
    for _ in range(times):
        assert server.get("/health/live").status == 200


def counted(server):
    text = server.text("/metrics", Authorization=f"Bearer {TOKEN}")
    return values(text)["requests_total", "GET", "health", "2xx"]
