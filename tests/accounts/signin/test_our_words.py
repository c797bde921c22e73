"""No page, message or letter about accounts is in the words of the library."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings

from accounts.signin.second_step_adapter import SecondStepAdapter
from accounts.signup.adapter import AccountAdapter
from accounts.social.social_adapter import SocialAdapter
from tests.accounts.signin.steps import app_of, prove, sign_in
from tests.factories import make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db
THEIRS = Path(allauth.__file__).parent / "templates"
OURS = Path(settings.BASE_DIR) / "templates"
# Of what is turned off: codes by letter, phones, signing up by a passkey, trusted browsers, allauth's list of sessions.
NOT_USED = re.compile(
    r"code|phone|signup_by_passkey|trust|usersessions|webauthn/signup|snippets|base_|/base\.html|login_canceled|elements"
    r"|allauth/|account/base|openid|idp/|unknown_account|recovery_codes/download"
)
SAID = [
    "Two-Factor", "two-factor", "Authenticator", "authenticator app", "Security key", "security key", "Successfully",
    "Sign In", "Sign Out", "Signed out of", "Master key", "Backup key", "Passwordless", "Incorrect code", "E-mail",
    "Please enter", "You are receiving this", "Confirm Access", "Reauthenticate", "Sessions", "WebAuthn",
]  # fmt: skip


def pages_of(folder):
    return {
        str(path.relative_to(THEIRS))
        for path in (THEIRS / folder).rglob("*")
        if path.is_file() and not NOT_USED.search(str(path.relative_to(THEIRS)))
    }


def test_every_template_that_can_be_shown_is_ours():
    used = pages_of("mfa") | pages_of("account/messages")
    used |= {name for name in pages_of("account") if name.count("/") == 1}
    used |= pages_of("socialaccount")
    not_ours = {name for name in used if not (OURS / name).exists()}

    # Served at one address each, from which our routes lead on (accounts/signin/urls.py, accounts/social/urls.py).
    lead_on = {"mfa/index.html", "mfa/webauthn/authenticator_list.html", "socialaccount/connections.html"}
    assert not_ours - lead_on == set()


def test_every_error_that_can_be_said_is_ours():
    account = set(DefaultAccountAdapter.error_messages) - set(AccountAdapter.__dict__["error_messages"])
    assert account == set()
    same = {
        code
        for code, words in DefaultAccountAdapter.error_messages.items()
        if str(words) == str(AccountAdapter.error_messages[code])
    }
    assert {code for code in same if "phone" not in code} == set()  # nobody signs in by a telephone number
    assert set(DefaultMFAAdapter.error_messages) == set(SecondStepAdapter.error_messages)
    assert set(DefaultSocialAccountAdapter.error_messages) == set(SocialAdapter.error_messages)


def test_no_page_speaks_as_the_library_does(client):
    user = make_user("kettle")
    pages = [client.get(path) for path in ("/account/login/", "/account/signup/", "/account/password/reset/")]
    app_of(user)
    sign_in(client, "kettle")
    pages.append(client.get("/account/second-step/authenticate/"))
    pages.append(client.post("/account/second-step/authenticate/", {"code": "1"}))
    client.force_login(user)
    pages += [
        client.get(path)
        for path in ("/account/reauthenticate/", "/account/second-step/reauthenticate/", "/settings/signing-in/")
    ]
    prove(client)
    for path in (
        "totp/deactivate/", "recovery-codes/generate/", "recovery-codes/", "webauthn/add/", "webauthn/", "",
    ):  # fmt: skip
        pages.append(client.get(f"/account/second-step/{path}", follow=True))
    pages.append(client.post("/account/second-step/totp/deactivate/", follow=True))
    pages.append(client.get("/account/second-step/totp/activate/"))
    pages += [client.get(path) for path in ("/account/email/", "/account/password/change/", "/account/logout/")]

    assert [page.status_code for page in pages] == [200] * len(pages)
    words = "\n".join(page.text for page in pages) + "\n".join(letter.body + letter.subject for letter in sent())
    assert [said for said in SAID if said in words] == []
