"""What follows when second steps change or are used, and when a member proves again who they are."""

from typing import Any

from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.logs import security_log
from accounts.models import User
from accounts.signin import devices
from accounts.signup import account_mail

_EVENTS = {
    authenticator_added: "second-step-added", authenticator_removed: "second-step-removed",
    authenticator_reset: "recovery-codes-renewed", authenticator_used: "second-step-used",
    authentication_failed: "second-step-failed",
}  # fmt: skip
RECOVERY_CODES = Authenticator.Type.RECOVERY_CODES


@receiver(list(_EVENTS))
def note_second_step(signal: Any, request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    security_log.note(_EVENTS[signal], request, of=user.pk, by=authenticator.type)


@receiver(authenticator_removed)
def end_other_sessions(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    if authenticator.type != RECOVERY_CODES:
        devices.end_others(request, user)


@receiver(authenticator_used)
def tell_of_recovery_code(user: User, authenticator: Authenticator, **more: Any) -> None:
    if authenticator.type == RECOVERY_CODES:
        account_mail.ask(account_mail.CODE_USED, user=user)


@receiver(authentication_step_completed)
def change_session_key(request: HttpRequest, reauthenticated: bool = False, **more: Any) -> None:
    """After re-authentication the session goes on under a new key, which nobody has seen before."""
    if reauthenticated:
        request.session.cycle_key()


@receiver(user_logged_in)
def note_device(request: HttpRequest, user: User, **more: Any) -> None:
    devices.note(request, user.pk)


@receiver([password_changed, password_set, password_reset, email_changed])
def forget_other_sessions(request: HttpRequest, user: User, **more: Any) -> None:
    """They are dead since (User.get_session_auth_hash); so that no list shows them. Not the one of this request, whose
    end would be an error when it is saved."""
    devices.forget_others(user, request.session.session_key)
