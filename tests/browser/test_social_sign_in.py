"""An account of another site in a real browser, with and without a script: signing up, connecting, and their pages."""

import pytest
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import expect

from accounts.models import User
from tests.accounts.social.fake_site import switched_on
from tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 800}}


@pytest.fixture
def other_site(settings):
    site, settings.SIGN_UP_SECONDS = switched_on(settings), 0
    yield site
    site.close()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_new_member_comes_by_another_site(open_page, other_site, violations, with_script):
    page = open_page("/account/login/", java_script_enabled=with_script, **PHONE)
    assert not with_script or violations(page) == []
    page.get_by_role("button", name="Go on with Travel Club").click()

    expect(page.get_by_role("heading", name="Make an account")).to_be_visible()
    assert not with_script or violations(page) == []
    page.get_by_label("Name", exact=True).fill("far_rider")
    page.get_by_role("button", name="Make account").click()

    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    assert SocialAccount.objects.get().user == User.objects.get(username="far_rider")


def test_a_member_connects_it_signs_in_by_it_and_disconnects_it(open_page, other_site, violations):
    member = make_user("kettle")
    page = open_page("/settings/signing-in/", member, java_script_enabled=False)
    page.get_by_role("button", name="Connect Travel Club").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("That account opens yours now.")).to_be_visible()

    elsewhere = open_page("/account/login/?next=/settings/signing-in/", **PHONE)
    elsewhere.get_by_role("button", name="Go on with Travel Club").click()
    expect(elsewhere.get_by_role("button", name="Disconnect Travel Club")).to_be_visible()
    assert violations(elsewhere) == []

    page.get_by_role("button", name="Disconnect Travel Club").click()
    expect(page.get_by_role("button", name="Connect Travel Club")).to_be_visible()
    assert not SocialAccount.objects.exists()


def test_what_goes_wrong_has_pages_that_can_be_used_by_everybody(open_page, other_site, violations):
    other_site.ways["claims"] = {"aud": "others"}
    page = open_page("/account/social/with/club/", **PHONE)
    assert violations(page) == []
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="That did not work")).to_be_visible()
    assert violations(page) == []

    page.goto("/account/social/cancelled/")
    assert violations(page) == []
    member = make_user()
    member.set_unusable_password()
    member.save()
    page = open_page("/account/password/by-letter/", member)
    assert violations(page) == []
