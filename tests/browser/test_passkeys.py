"""Passkeys in a real browser with a virtual authenticator: added, used alone, as a second step and as proof.

Browsers make no passkeys for addresses that are numbers, so these pages are opened at localhost.
"""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from accounts.models import MemberSession
from tests.accounts.signin.steps import app_of, code_now
from tests.factories import PASSWORD, make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def site(live_server):
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def open_at(open_page, site):
    """Opens a page of the site by its name, on a device that keeps passkeys."""

    def open_(path, **options):
        page = open_page("/theme/", **options)
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        kind = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        page.authenticator = devices.send("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"]
        page.devices = devices
        page.goto(f"{site}{path}")
        return page

    return open_


def sign_in(page, site, name, password=PASSWORD):
    page.goto(f"{site}/account/login/?next=/settings/signing-in/")
    page.get_by_label("Email or name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page, name="My phone"):
    page.get_by_role("link", name="Add a passkey").click()
    if page.get_by_role("heading", name="It is you?").is_visible():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def sign_out(page, site):
    page.goto(f"{site}/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


def test_a_passkey_is_added_signs_in_alone_and_is_removed(open_at, site, violations):
    user = make_user("kettle")
    page = open_at("/account/login/")
    sign_in(page, site, "kettle")
    add_passkey(page)

    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator(".recovery-codes code").count() == 10
    assert violations(page) == []
    page.get_by_role("link", name="I have them").click()
    expect(page.locator("b").get_by_text("My phone", exact=True)).to_be_visible()
    assert violations(page) == []

    sign_out(page, site)
    page.goto(f"{site}/account/login/?next=/settings/signing-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("this one")).to_be_visible()

    page.get_by_role("link", name="Remove My phone").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Your password alone opens this account.")).to_be_visible()
    assert not Authenticator.objects.filter(user=user).exists()
    subjects = [letter.subject for letter in sent()]
    assert "A passkey was added at Borderpost" in subjects
    assert "A passkey was removed at Borderpost" in subjects


def test_a_passkey_is_the_second_step_after_the_password(open_at, site, violations):
    make_user("kettle")
    page = open_at("/account/login/", **PHONE)
    sign_in(page, site, "kettle")
    add_passkey(page)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page, site)

    sign_in(page, site, "kettle")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_text("this one")).to_be_visible()


def test_a_device_that_says_no_is_answered_in_words(open_at, site):
    make_user("kettle")
    page = open_at("/account/login/")
    page.devices.send("WebAuthn.setUserVerified", {"authenticatorId": page.authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("Your device did not go on.")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_a_removed_passkey_opens_nothing(open_at, site):
    user = make_user("kettle")
    page = open_at("/account/login/")
    sign_in(page, site, "kettle")
    add_passkey(page)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page, site)
    Authenticator.objects.filter(user=user).delete()

    page.goto(f"{site}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("This passkey does not fit")).to_be_visible()
    assert page.url.endswith("/account/login/")


def test_an_app_and_a_recovery_code_do_the_same_without_a_script(open_page, violations):
    user = make_user("kettle")
    page = open_page("/account/login/?next=/settings/signing-in/", java_script_enabled=False)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.get_by_label("Email or name").fill("kettle")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    key = "".join(page.locator(".key").inner_text().split())
    page.get_by_label("Code").fill(code_now(key))
    page.get_by_role("button", name="Turn on").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    with page.expect_download() as file:
        page.get_by_role("link", name="Save as a file").click()
    assert codes[9] in file.value.path().read_text()
    page.get_by_role("link", name="I have them").click()
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()

    page.goto("/account/login/?next=/settings/signing-in/")
    page.get_by_label("Email or name").fill("kettle")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_text("9 of ten left, for the day the device is lost")).to_be_visible()
    assert Authenticator.objects.filter(user=user).count() == 2


def test_devices_are_ended_without_a_script(open_page, browser):
    user = make_user("kettle")
    lost = open_page("/settings/signing-in/", member=user)
    page = open_page("/settings/signing-in/", member=user, java_script_enabled=False)
    assert MemberSession.objects.filter(user=user).count() == 2

    page.get_by_role("button", name=re.compile("^End the session")).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_text("That device is signed out.")).to_be_visible()
    lost.goto("/settings/signing-in/")
    expect(lost.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("path", ["totp/activate/", "totp/deactivate/", "recovery-codes/generate/", "webauthn/add/"])
def test_pages_of_second_steps_can_be_used_by_everybody(path, open_page, violations):
    user = make_user("kettle")
    if path != "totp/activate/":
        app_of(user)
    page = open_page(f"/account/second-step/{path}", member=user)
    assert violations(page) == []
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="It is you?")).to_have_count(0)

    assert violations(page) == []
