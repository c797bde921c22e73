import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path

from accounts.limits.rate_limits import TooMany
from config import errors
from config.urls import urlpatterns as site_urls
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

FAILURES = {
    "forbidden": PermissionDenied("This topic is locked."),
    "missing": Http404(),
    "often": TooMany(retry_after=95),
    "broken": ZeroDivisionError("a secret of ours"),
    "down": OperationalError("connection refused at 10.0.0.5"),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
}


def fail(request, how):
    if how == "token":
        return HttpResponse("never without a token")
    raise FAILURES[how]


handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.forbidden,
    errors.not_found,
    errors.server_error,
)
urlpatterns = [path("fail/<how>/", fail), *site_urls]


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("how", "code"),
    [("forbidden", 403), ("missing", 404), ("often", 429), ("broken", 500), ("down", 503), ("nul", 400)],
)
def test_each_failure_has_its_page(browser, how, code):
    answer = browser.get(f"/fail/{how}/")

    assert answer.status_code == code
    assert "Borderpost" in answer.text
    assert "secret" not in answer.text
    assert "10.0.0.5" not in answer.text
    assert answer["Cache-Control"] == "no-store"


def test_a_refusal_says_why(browser):
    assert "This topic is locked." in browser.get("/fail/forbidden/").text


def test_too_often_says_when_again(browser):
    assert browser.get("/fail/often/")["Retry-After"] == "95"


def test_too_often_keeps_what_was_typed(browser):
    assert "two hours at the barrier" in browser.post("/fail/often/", {"source": "two hours at the barrier"}).text


def test_an_old_form_keeps_what_was_typed_but_no_password():
    browser = Client(enforce_csrf_checks=True)
    typed = {"source": "two hours <b>at the barrier", "password": "slow train to osh"}

    answer = browser.post("/fail/token/", typed)

    assert answer.status_code == 403
    assert "two hours &lt;b&gt;at the barrier" in answer.text
    assert "slow train" not in answer.text


def test_a_failure_looks_into_no_session(browser, monkeypatch):
    browser.force_login(make_user())

    def gone(*args, **kwargs):
        raise OperationalError("the connection is gone")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
    answer = browser.get("/settings/")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind"),
    [("a=1&" * 2_000, "application/x-www-form-urlencoded"), ("no parts", "multipart/form-data; boundary=b")],
)
def test_a_form_nobody_can_read_sent_nowhere_is_just_not_found(client, body, kind):
    assert client.post("/nowhere/", body, content_type=kind).status_code == 404
