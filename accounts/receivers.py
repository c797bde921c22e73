from allauth.account.models import EmailAddress
from allauth.account.signals import (
    email_changed,
    email_confirmed,
    password_changed,
    password_reset,
    password_set,
    user_signed_up,
)
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.logs import security_log
from accounts.models import User
from accounts.signup import account_of, former_addresses
from accounts.write_first import kept_texts


@receiver(email_confirmed)
def note_confirmation(request: HttpRequest, email_address, **kwargs: object) -> None:
    User.objects.filter(pk=email_address.user_id).update(email_confirmed_at=timezone.now())


@receiver(email_changed)
def keep_the_former_address(user: User, from_email_address=None, **kwargs: object) -> None:
    """For a week it can be taken back (accounts/signup/former_addresses.py); one that was never confirmed cannot."""
    if from_email_address is not None and from_email_address.verified:
        former_addresses.note(user, from_email_address.email)


@receiver([password_changed, password_set, password_reset])
def forget_addresses_that_wait(user: User, **kwargs: object) -> None:
    """Somebody who knew the former password may have entered them. Not the one with which a new account was made."""
    EmailAddress.objects.filter(user=user, verified=False).exclude(email__iexact=user.email).delete()


@receiver(email_changed)
def keep_this_session(request: HttpRequest, user: User, **kwargs: object) -> None:
    """A new e-mail address ends all sessions (User.get_session_auth_hash) but the one that confirmed it."""
    if request.user == user:
        update_session_auth_hash(request, user)


@receiver(user_logged_in)
def take_along_what_was_written(request: HttpRequest, user: User, **kwargs: object) -> None:
    """What this browser kept from before it was signed in belongs to the member now."""
    kept_texts.attach(request, user)


# --- The security log ---

_EVENTS = {
    user_signed_up: "signed-up", user_logged_in: "signed-in", user_logged_out: "signed-out",
    password_changed: "password-changed", password_set: "password-changed", password_reset: "password-reset",
    email_changed: "email-changed",
}  # fmt: skip


@receiver(list(_EVENTS))
def note_what_was_done(signal, request: HttpRequest | None = None, user: User | None = None, **kwargs: object) -> None:
    security_log.note(_EVENTS[signal], request, of=user.pk if user else None)


@receiver(user_login_failed)
def note_failure(credentials: dict, request: HttpRequest | None = None, **kwargs: object) -> None:
    """With the account that was meant, and otherwise a digest: people type passwords where a name belongs."""
    login = credentials.get("email") or credentials.get("username") or ""
    security_log.note("sign-in-failed", request, login=account_of.key_of(login))
