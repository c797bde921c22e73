"""Forms of making an account, inviting, and signing in by a code."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import BaseSignupForm, ConfirmLoginCodeForm, RequestLoginCodeForm, SignupForm
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.forms import refuse_unseen
from accounts.limits import rate_limits
from accounts.logs import security_log
from accounts.models import User
from accounts.signup import (
    account_mail,
    account_of,
    block_lists,
    doors,
    entry_question,
    honeypot,
    invitations,
    sign_in_codes,
)
from accounts.text import names
from accounts.text.plain_text import visible
from accounts.write_first import kept_texts


class OwnSignUpForm(BaseSignupForm):
    """What every sign-up has, with a password or by another site: address, name, entry question, block lists,
    invitations."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(refuse_unseen)
        self.fields["email"].help_text = "We send a link there. Nobody else sees the address."
        self.fields["username"].label = "Name"
        self.fields["username"].help_text = f"At most {names.MAX_LENGTH} letters and digits. Others see it."
        self.entry_question = entry_question.asked()
        if self.entry_question:
            self.fields["answer"] = forms.CharField(
                label=self.entry_question.question,
                max_length=100,
                help_text="A question that programs find hard. Capitals and accents do not matter.",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    @property
    def began(self) -> str:
        """The signed time at which the form was first shown (accounts/signup/honeypot.py)."""
        return honeypot.stamp_of(self.data if self.is_bound else None)

    @property
    def invitation(self) -> str:
        """The key of the invitation by which the form was opened; "" for none."""
        return doors.key_in(get_adapter().request)

    def validate_unique_email(self, value: str) -> str:
        """An address that another member has entered for a change and not confirmed is free."""
        value = super().validate_unique_email(value)
        self.account_already_exists = account_of.account_of(value) is not None
        return value

    def clean(self) -> dict:
        cleaned = super().clean()
        if problem := honeypot.problem_with(self.data):
            raise forms.ValidationError(problem)
        if not self.errors:
            _refuse_blocked(email=cleaned["email"], username=cleaned["username"])
        return cleaned

    def clean_answer(self) -> str:
        """Every try is counted, and those with an accepted answer are given back. Raises TooMany."""
        answer, taker = self.cleaned_data["answer"], rate_limits.taker(get_adapter().request)
        rate_limits.count("sign_up_answer", taker)
        accepted = self.entry_question.answers if self.entry_question else []
        if not entry_question.is_answer(answer, accepted):
            raise forms.ValidationError(
                "This is not the answer that we look for. Read the question again, and try once more."
            )
        rate_limits.give_back("sign_up_answer", taker)
        return answer

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        rate_limits.take("sign_up", request)
        if self.account_already_exists:
            if password := self.cleaned_data.get("password1"):
                # A new account hashes its password: without this, the time would tell whose address is known.
                User().set_password(password)
            kept_texts.attach(request, None)
            with transaction.atomic():
                if not doors.go_through(request, None):
                    raise ImmediateHttpResponse(_not_invited(request))
        return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        """The member, their address and the letter that confirms it, or nothing: one commit, so that the time of the
        disk tells little, and no account waits for a letter that nobody sends."""
        with transaction.atomic():
            user = super().save(request)
            if not doors.go_through(request, user):
                raise ImmediateHttpResponse(_not_invited(request))
            kept_texts.attach(request, user)
            account_mail.ask(account_mail.CONFIRM, user=user)
        return user


class SignUpForm(OwnSignUpForm, SignupForm):
    """Sign-up: an e-mail address, a username, a password and nothing else."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = "At least 10 characters. A few words make a good one."


class InvitationForm(forms.Form):
    """For whom an invitation is, and whether a letter brings it."""

    note = forms.CharField(
        label="For whom", max_length=80, required=False, help_text="For you alone, and for administrators."
    )
    address = forms.EmailField(
        label="Email",
        required=False,
        validators=[refuse_unseen],
        help_text="We send the link there. Or leave it empty, and copy the link.",
    )
    most_uses = forms.IntegerField(
        label="For how many people", min_value=1, max_value=invitations.MOST_USES, initial=1, required=False
    )

    def __init__(self, *args: Any, may_have_many: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_have_many:
            del self.fields["most_uses"]

    def clean_note(self) -> str:
        return " ".join(visible(self.cleaned_data["note"]).split())

    def clean_most_uses(self) -> int:
        return self.cleaned_data["most_uses"] or 1

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("address"):
            cleaned["most_uses"] = 1  # a letter has one reader
        return cleaned


class CodeRequestForm(RequestLoginCodeForm):
    """Requests a letter with a code to sign in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Email"
        self.fields["email"].widget.attrs.pop("placeholder", None)
        self.fields["email"].validators.append(refuse_unseen)

    def clean_email(self) -> str:
        """Limited as letters for a new password are, and to whom those go; in place of allauth's. Raises TooMany."""
        rate_limits.take("mail", get_adapter().request)
        rate_limits.count("mail_account", account_of.key_of(self.cleaned_data["email"]))
        self._user = account_of.owner_of(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class CodeForm(ConfirmLoginCodeForm):
    """The code of the letter; tries are counted as those of passwords, beside allauth's three for each code."""

    def __init__(self, *args: Any, user: User | None, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, code=sign_in_codes.from_session(code), **kwargs)
        self.user = user
        self.fields["code"].label = "Code"
        self.fields["code"].max_length = 40
        self.fields["code"].widget.attrs.pop("placeholder", None)

    def clean_code(self) -> str:
        """It is used by this. Raises TooMany."""
        rate_limits.take("sign_in", get_adapter().request)
        code = super().clean_code()
        if self.user is None or not sign_in_codes.use(self.user, self.expected_code):
            raise get_adapter().validation_error("incorrect_code")
        return code


def _not_invited(request: HttpRequest) -> HttpResponse:
    """The invitation was used up or withdrawn while the form was filled in."""
    return render(request, "account/signup_closed.html", {"has_key": True}, status=403)


def _refuse_blocked(*, email: str, username: str) -> None:
    """Raises ValidationError if a block list refuses the account. It does not say which list. Raises TooMany."""
    request = get_adapter().request
    block = block_lists.find(email=email, username=username, address=rate_limits.client_address(request))
    if block is None:
        return
    rate_limits.take("sign_up", request)
    block_lists.count(block)
    security_log.note("sign-up-refused", request, kind=block.kind, block=block.pk)
    raise forms.ValidationError(
        "We cannot make this account as it stands. Try another e-mail address or another name, or try again another "
        "day. If you think that this is a mistake, ask those who run this site."
    )
