from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path
from lxml.html import fromstring
from psycopg import errors as postgres

from accounts.limits.rate_limits import Shed, TooMany
from config import errors
from config.urls import urlpatterns as site_urls
from tests.factories import make_user
from tests.forum.factories import make_topic

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


# --- What was typed can be sent again, without a script ---
TYPED = {"title": "Kulma on a Sunday?", "source": "\nIs it\nopen <b>at all", "idempotency_key": "k-1", "page": "2"}


def cause(error):
    """A database error as Django raises it: with the driver's as its cause."""
    try:
        raise OperationalError("of ours") from error
    except OperationalError as raised:
        return raised


BUSY = {
    "locked": (cause(postgres.LockNotAvailable()), "Somebody else is changing this", "2"),
    "deadlocked": (cause(postgres.DeadlockDetected()), "Somebody else is changing this", "2"),
    "read-only": (cause(postgres.ReadOnlySqlTransaction()), "can only be read", "60"),
    "slow": (cause(postgres.QueryCanceled()), "took too long", "10"),
}
FAILURES |= {how: error for how, (error, _, _) in BUSY.items()} | {"shed": Shed(2)}


def fields_of(page):
    """Names and values of the form that sends it again."""
    form = form_in(page)
    if form is None:
        return None
    # Browsers leave out a line end at the start of a textarea.
    return {
        field.name: field.value.removeprefix("\n") if field.tag == "textarea" else field.value for field in form.inputs
    }


def form_in(page):
    return next((form for form in fromstring(page).forms if "unsent" in form.classes), None)


@pytest.mark.parametrize("how", ["broken", "down", "often", "forbidden", "shed", *BUSY])
def test_a_failed_post_can_be_sent_again_with_its_key(browser, how):
    page = browser.post(f"/fail/{how}/?page=2", TYPED).text
    form, fields = form_in(page), fields_of(page)

    assert form.get("action") == f"/fail/{how}/?page=2"
    assert fields.pop("csrfmiddlewaretoken")
    assert fields == TYPED


@pytest.mark.parametrize("how", BUSY)
def test_a_busy_database_has_words_of_its_own(browser, how):
    _, words, seconds = BUSY[how]
    answer = browser.get(f"/fail/{how}/")

    assert answer.status_code == 503
    assert words in answer.text
    assert answer["Retry-After"] == seconds
    assert "<form" not in answer.text


@pytest.mark.parametrize("how", ["broken", "down", "locked"])
def test_a_form_with_a_password_is_never_sent_again(browser, how):
    page = browser.post(f"/fail/{how}/", TYPED | {"password": "slow train to osh"}).text

    assert fields_of(page) is None
    assert "Kulma on a Sunday?" in page
    assert "slow train" not in page


@pytest.mark.parametrize("how", ["broken", "token"])
def test_what_another_site_typed_has_no_button(how):
    """The check of the token failed, or was never reached: pressing a button would vouch for it."""
    page = Client(raise_request_exception=False, enforce_csrf_checks=True).post(f"/fail/{how}/", TYPED).text

    assert fields_of(page) is None
    assert "open &lt;b&gt;at all" in page


def test_a_form_is_sent_again_with_a_token_that_is_taken():
    browser = Client(raise_request_exception=False, enforce_csrf_checks=True)
    token = token_on(browser, "/account/login/")

    page = browser.post("/fail/broken/", TYPED | {"csrfmiddlewaretoken": token}).text
    again = browser.post("/fail/token/", fields_of(page))

    assert again.text == "never without a token"


@pytest.mark.parametrize("has_token", [True, False])
def test_a_form_that_fails_in_a_middleware_before_the_check_can_be_sent_again_too(monkeypatch, has_token):
    browser = Client(raise_request_exception=False, enforce_csrf_checks=True)
    browser.force_login(make_user())
    token = {"csrfmiddlewaretoken": token_on(browser, "/settings/")} if has_token else {}

    def gone(*args, **kwargs):
        raise OperationalError("the connection is gone")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
    page = browser.post("/fail/token/", TYPED | token).text

    assert "open &lt;b&gt;at all" in page
    assert (fields_of(page) is not None) is has_token


def token_on(browser, path):
    return fromstring(browser.get(path).text).xpath("//input[@name='csrfmiddlewaretoken']")[0].value


@pytest.mark.parametrize("body", [b"source=Half+a+te", b"", b"source=Half+a+text%21&then=m"])
def test_a_body_that_is_not_as_long_as_it_says_stores_nothing(browser, body):
    browser.force_login(make_user())
    topic = make_topic()
    length = {"CONTENT_LENGTH": "29", "wsgi.input": BytesIO(body)}

    answer = browser.generic("POST", f"/topics/{topic.pk}/reply/", b"", "application/x-www-form-urlencoded", **length)

    assert answer.status_code == (400 if len(body) < 29 else 302)
    assert topic.posts.count() == (1 if len(body) < 29 else 2)


def test_an_error_of_the_outermost_middleware_has_all_headers(browser, monkeypatch):
    names = {"Content-Security-Policy", "Permissions-Policy", "X-Frame-Options", "X-Content-Type-Options"}
    names |= {"Referrer-Policy", "Cross-Origin-Opener-Policy"}
    usual = browser.get("/fail/broken/")

    def fail_at_once(*args):
        raise OperationalError("gone")

    monkeypatch.setattr("config.page_cache.key_of", fail_at_once)
    answer = browser.get("/")

    assert answer.status_code == 503
    assert {name: answer[name] for name in names} == {name: usual[name] for name in names}
    assert answer["Cache-Control"] == "no-store"
