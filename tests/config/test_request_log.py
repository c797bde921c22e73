"""The request log: a line of JSON a request, and in it no query, no path, no body, and no whole address."""

import json
import logging

import pytest
from django.test import Client

from config.telemetry.log_formats import LogFile
from config.telemetry.routes import wide_block
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_topic

pytestmark = pytest.mark.django_db
FIELDS = ["at", "request", "method", "route", "status", "ms", "bytes", "address"]


@pytest.fixture
def log(settings, tmp_path):
    """The file that is written, and a browser whose requests it holds."""
    settings.REQUEST_LOG = str(tmp_path / "requests.log")
    handler = LogFile(settings.REQUEST_LOG, delay=True)
    logger = logging.getLogger("borderpost.requests")
    before, logger.handlers = logger.handlers, [handler]
    yield tmp_path / "requests.log"
    logger.handlers = before
    handler.close()


def lines(log):
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_without_the_setting_nothing_is_written(caplog):
    logging.getLogger("borderpost.requests").addHandler(caplog.handler)

    Client().get("/about/")

    logging.getLogger("borderpost.requests").removeHandler(caplog.handler)
    assert caplog.records == []


def test_a_request_is_a_line(log):
    topic = make_topic()

    answer = Client().get(topic.get_absolute_url(), REMOTE_ADDR="203.0.113.77")

    (line,) = lines(log)
    assert list(line) == FIELDS
    assert line["request"] == answer["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "forum:topic", 200)
    assert line["bytes"] == len(answer.content)
    assert line["address"] == "203.0.113.0/24"


def test_a_kept_page_names_its_route_as_well(log):
    topic, browser = make_topic(), Client()

    for _ in range(3):
        browser.get(topic.get_absolute_url())

    assert [line["route"] for line in lines(log)] == ["forum:topic"] * 3


def test_nothing_that_somebody_typed_stands_in_it(log):
    browser = Client(raise_request_exception=False)
    make_user("kettle")

    browser.get("/search/?q=an-illness", headers={"referer": "https://secret.example/", "user-agent": "secret"})
    browser.get('/secret"\n{"status": 200}/')
    browser.get("/account/password/reset/key/1-secret/")
    browser.post("/account/login/", {"login": "kettle", "password": PASSWORD})
    browser.generic("SECRET\n", "/about/")

    text = log.read_text()
    assert len(text.splitlines()) == 5
    for word in ("illness", "secret", "SECRET", "kettle", PASSWORD):
        assert word not in text
    assert lines(log)[-1]["method"] == "other"


@pytest.mark.parametrize(
    ("address", "route"),
    [("/health/live", "health"), ("/static/css/none.css", "static"), ("/no/such/page/", "none")],
)
def test_what_is_no_page_has_a_name_too(log, address, route):
    Client().get(address)

    assert lines(log)[0]["route"] == route


def test_a_head_sends_no_body(log):
    Client().head("/about/")

    assert lines(log)[0]["bytes"] == 0


def test_a_failure_is_a_line(log, monkeypatch):
    monkeypatch.setattr("config.page_cache.key_of", lambda request: 1 / 0)
    browser = Client(raise_request_exception=False)

    assert browser.get("/about/").status_code == 500

    assert lines(log)[0]["status"] == 500


def test_a_log_that_cannot_be_written_spoils_no_page(log, capsys):
    browser = Client()
    browser.get("/about/")
    log.rename(log.with_suffix(".1"))
    log.mkdir()

    assert browser.get("/about/").status_code == 200
    assert "Logging error" in capsys.readouterr().err


def test_a_log_that_was_moved_is_begun_again(log):
    browser = Client()
    browser.get("/about/")
    log.rename(log.with_suffix(".1"))

    browser.get("/about/")

    assert len(lines(log)) == 1


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::1", "::/48"),
        ("unknown", "-"),
        ("", "-"),
        ('"\n{}', "-"),
    ],
)
def test_every_kind_of_address_becomes_a_block(address, block):
    assert wide_block(address) == block
