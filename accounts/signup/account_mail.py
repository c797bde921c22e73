"""E-mails about accounts: asking for one by a signal, and the links in it, which are made when it is sent.

A purpose is the prefix of its templates, as allauth gives it. Nothing here sends or stores an e-mail: apps to the right
queue it (notifications/letters/account_letters.py).
"""

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.signals import letter_asked
from accounts.signup import confirmation_links

CONFIRM = "account/email/email_confirmation"
RESET = "account/email/password_reset_key"
UNKNOWN = "account/email/unknown_account"
TAKEN_BACK = "account/email/address_taken_back"
LOGIN_CODE = "account/email/login_code"
INVITED = "account/email/invited"
EXISTS = "account/email/account_already_exists"
NEW_DEVICE = "account/email/new_device"
CODE_USED = "account/email/recovery_code_used"
SECOND_STEP_RESET = "account/email/second_step_reset"
APP_ADDED = "mfa/email/totp_activated"
CODES_RENEWED = "mfa/email/recovery_codes_generated"
ADDRESS_CHANGED = "account/email/email_changed"
# What somebody asked for; all other purposes are notices about something that was done.
ASKED_FOR = {CONFIRM, RESET, UNKNOWN, EXISTS, INVITED, LOGIN_CODE}
# Our views ask for these in the transaction of their cause; allauth would only after it.
ASKED_BY_VIEWS = {APP_ADDED, CODES_RENEWED}
# These go to an address that belongs to no account, or to one whose member is not named.
WITHOUT_MEMBER = {UNKNOWN, EXISTS, INVITED}


@transaction.atomic
def ask(purpose: str, *, user: User | None = None, address: str = "") -> None:
    """Ask for an e-mail, in the caller's transaction, to a member's own address unless another one is given.

    The same statements whether or not there is an account, so that the time of an answer reveals nothing.
    """
    is_own = user is not None and address.lower() == user.email.lower()
    letter_asked.send(sender=None, purpose=purpose, user=user, address="" if is_own else address.lower())


def to_confirm(user: User) -> EmailAddress | None:
    """The address that a member has still to confirm, the newest of several."""
    return EmailAddress.objects.filter(user=user, verified=False).order_by("pk").last()


def confirmation_url(address: EmailAddress) -> str:
    """A link that confirms an address; its signature holds the time, so it is valid from now on."""
    return settings.SITE_URL + reverse("account_confirm_email", args=[confirmation_links.key_of(address)])


def reset_url(user: User) -> str:
    """A link that sets a new password, once, within PASSWORD_RESET_TIMEOUT from now."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    kwargs = {"uidb36": user_pk_to_url_str(user), "key": key}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=kwargs)


def ask_for_reset_url() -> str:
    """The page on which a new password is asked for."""
    return settings.SITE_URL + reverse("account_reset_password")


def signing_in_url() -> str:
    """The page where a member sees their second steps, and where they are signed in."""
    return settings.SITE_URL + reverse("accounts:signing-in")


def sign_up_url() -> str:
    return settings.SITE_URL + reverse("account_signup")
