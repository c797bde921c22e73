"""What is typed or shown by a device to prove who signs in. Every try is counted before it is looked at."""

import struct
from collections.abc import Callable
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import UnsupportedAlgorithm
from django import forms

from accounts.limits import rate_limits
from accounts.logs import security_log
from accounts.signin import challenges
from accounts.text.plain_text import visible

# What fido2 raises for answers that no device gives.
_ODD_ANSWER = (
    forms.ValidationError, AttributeError, LookupError, TypeError, ValueError, ArithmeticError, AssertionError,
    RecursionError, struct.error, UnsupportedAlgorithm,
)  # fmt: skip
LONGEST_NAME, LONGEST_CODE, LONGEST_CREDENTIAL = 40, 20, 20_000
DOES_NOT_FIT = "This passkey does not fit, or it took too long. Try again, or use another way."


def _code_field(form: forms.Form, label: str, help_text: str, **attributes: str) -> None:
    field = form.fields["code"]
    field.label, field.help_text = label, help_text
    field.widget.attrs = {"autocomplete": "one-time-code", "maxlength": str(LONGEST_CODE), **attributes}


class _CodeForm(BaseAuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, "Code", "Six digits of your app, or one of your recovery codes.", autofocus="autofocus")

    def clean_code(self) -> str:
        """Raises TooMany and Shed."""
        if len(self.cleaned_data["code"]) > LONGEST_CODE:
            raise get_adapter().validation_error("incorrect_code")
        count_try(self.user)
        code = super().clean_code()
        give_back_try(self.user)
        return code


class SecondStepForm(_CodeForm, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_CodeForm, ReauthenticateForm):
    """A code before something that matters."""


class AppForm(ActivateTOTPForm):
    """Sets up codes of an app: the first one proves that the app has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **_without_user(self, kwargs))
        _code_field(self, "Code", "Six digits that the app shows now.", inputmode="numeric")
        # The same key as long as it is not set up: a page that is loaded again, or a second tab, must not change it. To
        # allauth's form the key is new whenever nothing was sent.
        self.secret = ActivateTOTPForm({}, user=self.user).secret

    def clean_code(self) -> str:
        """Raises TooMany and Shed."""
        count_try(self.user)
        code = super().clean_code()
        give_back_try(self.user)
        return code


def _without_user(form: forms.Form, kwargs: dict[str, Any]) -> dict[str, Any]:
    form.user = kwargs.pop("user")  # type: ignore[attr-defined]
    return kwargs


def count_try(user: Any) -> None:
    """Count a try at a second step: for its account, for the address, and for all together. Raises TooMany and Shed."""
    rate_limits.take("second_step", context.request)
    rate_limits.count("second_step_account", str(user.pk))
    try:
        rate_limits.count_for_all("second_step_all")
    except rate_limits.Shed:
        rate_limits.give_back("second_step_account", str(user.pk))  # nothing was tried
        raise


def give_back_try(user: Any) -> None:
    """Only failures count against an account, and against all together."""
    rate_limits.give_back("second_step_account", str(user.pk))
    rate_limits.give_back("second_step_all", "all")


# --- Passkeys ---


def _clean_name(name: str) -> str:
    name = " ".join(visible(name).split())
    if len(name) > LONGEST_NAME:
        raise forms.ValidationError(f"At most {LONGEST_NAME} letters.")
    return name


def _read_credential(form: Any, look: Callable[[], Any]) -> Any:
    """What the library makes of a device's answer, which anybody may have written: whatever is wrong with it, and an
    answer to a question that is older than challenges.LIFE, is an error with words."""
    try:
        if not challenges.is_open(context.request):
            raise forms.ValidationError(DOES_NOT_FIT)
        found = look()
    except _ODD_ANSWER as error:
        user = getattr(form, "user", None)
        security_log.note("second-step-failed", context.request, of=user.pk if user else None, by="passkey")
        raise forms.ValidationError(DOES_NOT_FIT) from error
    challenges.close(context.request)
    return found


class _CredentialField(forms.JSONField):
    widget = forms.HiddenInput
    default_error_messages = {"required": "Your device did not answer.", "invalid": DOES_NOT_FIT}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > LONGEST_CREDENTIAL or "\\u0000" in value or "\0" in value):
            raise forms.ValidationError(DOES_NOT_FIT)
        try:
            credential = super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError(DOES_NOT_FIT) from error
        if credential is not None and not isinstance(credential, dict):
            raise forms.ValidationError(DOES_NOT_FIT)
        return credential


class NewPasskeyForm(AddWebAuthnForm):
    passwordless = None  # every passkey of ours also signs in alone
    credential = _CredentialField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.help_text = "Name", "So that you know it again, such as: My phone."
        name.widget.attrs = {"maxlength": str(LONGEST_NAME), "autocomplete": "off"}

    def clean_name(self) -> str:
        return _clean_name(super().clean_name())

    def clean(self) -> dict:
        if "credential" not in self.cleaned_data:
            return self.cleaned_data
        return _read_credential(self, self._look)

    def _look(self) -> dict:
        self.cleaned_data["passwordless"] = True
        return super().clean()


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs = {"maxlength": str(LONGEST_NAME), "autocomplete": "off"}

    def clean_name(self) -> str:
        if name := _clean_name(self.cleaned_data["name"]):
            return name
        raise forms.ValidationError("Give it a name that can be seen.")


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""

    credential = _CredentialField()

    def clean_credential(self) -> Authenticator:
        """Raises TooMany and Shed."""
        if self.user is None:
            rate_limits.take("sign_in", context.request)
            return _read_credential(self, super().clean_credential)
        count_try(self.user)
        authenticator = _read_credential(self, super().clean_credential)
        give_back_try(self.user)
        return authenticator


class PasskeySignInForm(PasskeyForm, LoginWebAuthnForm):
    """A passkey in place of name and password."""

    passwordless = True


class PasskeyAgainForm(PasskeyForm, ReauthenticateWebAuthnForm):
    """A passkey before something that matters."""

    reauthenticated = True
