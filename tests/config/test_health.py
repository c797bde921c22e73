"""What a container's health check is told: briefly, to whoever asks, and without a secret."""

import socket
import threading

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.health import endpoints
from config.health.question import Question

BOTH = ["/health/live", "/health/ready"]


def refuse(*args, **kwargs):
    raise psycopg.OperationalError("connection to 10.0.0.5 refused for user borderpost, password hunter2")


@pytest.fixture
def database_is_gone(monkeypatch):
    monkeypatch.setattr("django.db.backends.postgresql.base.DatabaseWrapper.get_new_connection", refuse)


@pytest.fixture
def database_hangs(monkeypatch):
    """A server that takes the connection and then says nothing."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        place = {"host": "127.0.0.1", "port": silent.getsockname()[1]}
        known = connection.get_connection_params()
        monkeypatch.setattr(
            "django.db.backends.postgresql.base.DatabaseWrapper.get_connection_params", lambda self: known | place
        )
        monkeypatch.setattr(endpoints, "question", Question(endpoints.applied_migrations, "health"))
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("address", BOTH)
def test_all_is_well(client, address):
    answer = client.get(address)

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
@pytest.mark.parametrize("address", BOTH)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_it_has_the_headers_of_every_page(client, settings, address, method):
    settings.SECURE_HSTS_SECONDS = 31_536_000

    answer = getattr(client, method)(address)

    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("address", BOTH)
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "web", "10.0.3.7:8000", "a_b", "::", ""])
def test_it_answers_under_any_name_and_without_https(client, settings, address, host):
    settings.ALLOWED_HOSTS = ["borderpost.example"]
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(address, headers={"host": host}).status_code == 200


@pytest.mark.django_db
def test_other_pages_keep_to_the_name_and_to_https(settings):
    settings.ALLOWED_HOSTS = ["borderpost.example"]
    settings.SECURE_SSL_REDIRECT = True
    browser = Client(raise_request_exception=False)

    assert browser.get("/about/", headers={"host": "web"}).status_code == 400
    assert browser.get("/about/", headers={"host": "borderpost.example"}).status_code == 301


@pytest.mark.django_db
@pytest.mark.parametrize("address", BOTH)
def test_nobody_keeps_the_answer_and_it_leaves_nothing_behind(client, address):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers={"cookie": "session=abc"})

    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert len(queries) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("address", BOTH)
def test_head_is_answered(client, address):
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("address", BOTH)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_get_and_head_is_answered(client, address, method):
    answer = client.generic(method, address)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/health", "/health/", "/health/live/", "/health/else"])
def test_no_other_address_is_answered_so(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_without_the_database_it_lives_and_is_not_ready(client, database_is_gone):
    answer = client.get("/health/ready")

    assert client.get("/health/live").status_code == 200
    assert (answer.status_code, answer.text) == (503, "missing: database\n")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_database_that_hangs_is_missing_after_a_second(client, database_hangs):
    """The server never answers: that there is an answer at all proves the limit."""
    answer = client.get("/health/ready")

    assert endpoints.PATIENCE == 1
    assert (answer.status_code, answer.text) == (503, "missing: database\n")


def test_however_many_ask_while_the_database_hangs_it_is_asked_once(client, monkeypatch):
    asked, recovered = [], threading.Event()

    def hang():
        asked.append("")
        recovered.wait(60)
        return endpoints.known_migrations()

    monkeypatch.setattr(endpoints, "applied_migrations", hang)
    monkeypatch.setattr(endpoints, "question", Question(endpoints.applied_migrations, "health"))
    askers = [threading.Thread(target=lambda: Client().get("/health/ready")) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    recovered.set()
    endpoints.question._open.result(60)

    assert len(asked) == 1
    assert client.get("/health/ready").status_code == 200
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lacks_a_migration_is_not_ready(client):
    first = min(name for app, name in endpoints.known_migrations() if app == "forum")
    change = "UPDATE django_migrations SET name = %s WHERE app = 'forum' AND name = %s"
    with connection.cursor() as cursor:
        cursor.execute(change, ["x", first])
    try:
        answer = client.get("/health/ready")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(change, [first, "x"])

    assert (answer.status_code, answer.text) == (503, "missing: migrations\n")
    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_never_migrated_lacks_migrations(client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")
    try:
        answer = client.get("/health/ready")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO django_migrations")

    assert (answer.status_code, answer.text) == (503, "missing: migrations\n")


@pytest.mark.django_db
def test_after_trouble_the_next_question_is_a_new_one(client, monkeypatch):
    with monkeypatch.context() as trouble:
        trouble.setattr("django.db.backends.postgresql.base.DatabaseWrapper.get_new_connection", refuse)
        before = client.get("/health/ready").status_code

    assert (before, client.get("/health/ready").status_code) == (503, 200)
