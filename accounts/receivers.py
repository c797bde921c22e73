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

from accounts import security_log
from accounts.models import User
from accounts.signup import account_of


@receiver(email_confirmed)
def note_confirmation(request: HttpRequest, email_address, **kwargs: object) -> None:
    User.objects.filter(pk=email_address.user_id).update(email_confirmed_at=timezone.now())


@receiver(email_changed)
def keep_this_session(request: HttpRequest, user: User, **kwargs: object) -> None:
    """A new e-mail address ends all sessions (User.get_session_auth_hash) but the one that confirmed it."""
    if request.user == user:
        update_session_auth_hash(request, user)


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
