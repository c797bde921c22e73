import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "address",
    ["/a%00b/", "/?q=%00", "/?q=a+%E4", "/%ff/", "/members/%ed%a0%80/", "/?%c3%28=1"],
)
def test_an_address_that_is_no_text_is_refused(browser, address):
    assert browser.get(address).status_code == 400


@pytest.mark.parametrize(
    "address", ["/?q=%E5%90%90%E5%B0%94", "/?q=100%", "/?q=%zz", "/theme/?next=/a%2Fb", "/members/%D0%91/"]
)
def test_any_text_is_an_address(browser, address):
    assert browser.get(address).status_code in {200, 404}


def test_a_cookie_with_a_hidden_end_is_refused(browser):
    assert browser.get("/", headers={"cookie": 'session="a\\000bcdefghijkl"'}).status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "rot13", "hex", "nonsense"])
def test_a_form_is_written_in_utf8(browser, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"

    answer = browser.generic("POST", "/theme/", b"theme=dark", content_type=kind)

    assert answer.status_code == 400


def test_trace_is_refused(browser):
    assert browser.trace("/").status_code == 405


def test_a_body_too_large_is_refused_before_it_is_read(browser, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert browser.post("/theme/", {"theme": "x" * 2000}).status_code == 413


def test_too_many_fields_are_refused(browser):
    fields = "&".join(f"f{n}=" for n in range(300))

    answer = browser.post("/theme/", fields, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400


@pytest.mark.parametrize("rubbish", ["a\x00b", b"\xed\xa0\x80", b"\xff", "\u202e", "\x85", "x" * 5000])
@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", "/account/password/reset/", "/theme/"])
def test_rubbish_in_a_form_never_breaks_a_page(browser, path, rubbish):
    fields = ["login", "password", "email", "username", "password1", "theme", "next"]

    answer = browser.post(path, dict.fromkeys(fields, rubbish))

    assert answer.status_code < 500


@pytest.mark.parametrize("rubbish", ["a\x00b", b"\xed\xa0\x80", b"\xff", "\u202e", "\x85", "x" * 5000])
@pytest.mark.parametrize("path", ["/settings/", "/account/email/", "/account/password/change/"])
def test_rubbish_from_a_member_never_breaks_a_page(browser, path, rubbish):
    browser.force_login(make_user())
    fields = ["location", "bio", "time_zone", "email", "action_add", "oldpassword", "password1", "password2"]

    answer = browser.post(path, dict.fromkeys(fields, rubbish))

    assert answer.status_code < 500


def test_every_answer_gives_pages_no_powers(browser):
    for address in ["/", "/nowhere/", "/?q=%00"]:
        assert "camera=()" in browser.get(address)["Permissions-Policy"]


def test_a_page_with_a_form_is_kept_by_nobody(browser):
    assert "no-store" in browser.get("/account/login/")["Cache-Control"]


def test_an_answer_to_a_member_is_kept_by_nobody(browser):
    browser.force_login(make_user())

    assert browser.get("/about/")["Cache-Control"] == "no-store"


def test_an_error_is_kept_by_nobody(browser):
    assert browser.get("/nowhere/")["Cache-Control"] == "no-store"


def test_a_visitor_has_no_session_and_asks_no_question(browser):
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get("/nowhere/")

    assert len(queries) == 0
    assert not answer.cookies
