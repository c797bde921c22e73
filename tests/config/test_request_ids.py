"""Each request has an id: in its header, in the lines of the logs, and on the page that says that something broke."""

import json
import logging
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from accounts.logs import request_ids, security_log
from config import errors
from config.telemetry.log_formats import JsonFormatter, LineFormatter
from config.urls import urlpatterns as site_urls
from tests.forum.factories import make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
OURS = re.compile("[0-9a-f]{16}")
logger = logging.getLogger("borderpost.test")


def work(request, how):
    security_log.note("limit")
    if how == "fails":
        raise ZeroDivisionError("a secret of ours")
    return HttpResponse(request_ids.current())


handler404, handler500 = errors.not_found, errors.server_error
urlpatterns = [path("job/<how>/", work), *site_urls]


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


def test_each_answer_has_an_id_of_its_own(browser):
    first, second = browser.get("/job/well/"), browser.get("/job/well/")

    assert OURS.fullmatch(first["X-Request-ID"])
    assert first["X-Request-ID"] == first.text
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_a_kept_page_has_the_id_of_this_request(client):
    topic = make_topic()

    ids = {client.get(topic.get_absolute_url())["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize("address", ["/no/such/page/", "/health/live", "/static/css/none.css"])
def test_answers_that_are_no_pages_of_ours_have_one(browser, address):
    assert OURS.fullmatch(browser.get(address)["X-Request-ID"])


def test_when_the_request_is_over_so_is_its_id(browser):
    browser.get("/job/fails/")

    assert request_ids.current() == ""


def test_the_page_of_a_failure_names_it(browser):
    answer = browser.get("/job/fails/")

    assert answer.status_code == 500
    assert f"<code>{answer['X-Request-ID']}</code>" in answer.text


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, "0123456789abcdef0123456789abcdef", True),
        (1, "a-trace.of_ours", True),
        (0, "0123456789abcdef0123456789abcdef", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "<script>alert(1)</script>", False),
        (1, "12345678\n12345678", False),
        (1, "１２３４５６７８９", False),
        (1, "", False),
    ],
)
def test_the_id_of_our_proxy_is_taken_and_no_other(browser, settings, proxies, given, is_taken):
    settings.TRUSTED_PROXIES = proxies

    answer = browser.get("/job/well/", HTTP_X_REQUEST_ID=given)

    assert (answer["X-Request-ID"] == given) is is_taken
    assert is_taken or OURS.fullmatch(answer["X-Request-ID"])


def test_from_elsewhere_than_our_proxies_none_is_taken(browser, settings):
    settings.TRUSTED_PROXIES = 1

    answer = browser.get("/job/well/", HTTP_X_REQUEST_ID="a-trace.of_ours", REMOTE_ADDR="198.51.100.4")

    assert OURS.fullmatch(answer["X-Request-ID"])


# --- The lines of the log ---


class Written(logging.Handler):
    """Keeps what a formatter makes of each record, as a handler would write it."""

    def __init__(self, formatter):
        super().__init__()
        self.setFormatter(formatter)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def written(request):
    handler = Written(request.param())
    loggers = [logging.getLogger(name) for name in ("django.request", "borderpost.security", "borderpost.test")]
    for one in loggers:
        one.addHandler(handler)
    yield handler.lines
    for one in loggers:
        one.removeHandler(handler)


def forge():
    try:
        raise ValueError("2026-01-01 ERROR a\r\n2026-01-01 ERROR b\u2028c\x1b[31m\x00\u202e")
    except ValueError:
        logger.exception("typed: %s", 'x\n2026-01-01 ERROR c\x85{"level": "ERROR"}')


@pytest.mark.parametrize("written", [LineFormatter, JsonFormatter], indirect=True)
def test_every_line_of_a_request_has_its_id(browser, written):
    answer = browser.get("/job/fails/")

    assert len(written) == 2
    assert [line for line in written if answer["X-Request-ID"] not in line] == []


@pytest.mark.parametrize("written", [JsonFormatter], indirect=True)
def test_json_is_one_line_with_the_trace(written):
    forge()

    (line,) = written
    assert len(line.splitlines()) == 1
    assert line.isascii()
    found = json.loads(line)
    assert (found["level"], found["logger"]) == ("ERROR", "borderpost.test")
    assert found["message"].startswith("typed: x\n2026")
    assert "ValueError" in found["trace"]
    assert "request" not in found


@pytest.mark.parametrize("written", [LineFormatter], indirect=True)
def test_no_text_from_outside_begins_a_line(written):
    forge()

    first, *rest = "".join(written).splitlines()
    assert first.endswith(r'typed: x\n2026-01-01 ERROR c\x85{"level": "ERROR"}')
    assert any(line.startswith("    ValueError: 2026") for line in rest)
    assert [line for line in rest if not line.startswith("    ")] == []
    assert not set("".join(written)) & set("\r\x00\x1b\x85\u2028\u202e")
