import zoneinfo

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    AddEmailForm,
    LoginForm,
    ResetPasswordForm,
)
from django import forms
from django.db import transaction
from django.http import HttpRequest

from accounts.limits import rate_limits
from accounts.logs import security_log
from accounts.models import User
from accounts.signup import account_mail, account_of, block_lists
from accounts.text import names
from accounts.text.plain_text import visible


def refuse_unseen(address: str) -> None:
    """Validator of e-mail addresses: a line or paragraph separator passes Django's, and no letter can be sent to it."""
    if visible(address) != address:
        raise forms.ValidationError("This address holds a character that cannot be seen. Type it by hand.")


class SignInForm(LoginForm):
    """Sign-in by username or e-mail address, and password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email or name"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""  # the page itself links to the reset
        self.fields["remember"].label = "Stay signed in on this device"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ResetForm(ResetPasswordForm):
    """Requests an e-mail with a link to set a new password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(refuse_unseen)

    def clean_email(self) -> str:
        """In place of allauth's, which also takes an address that was entered for a change and never confirmed."""
        self.user = account_of.owner_of(self.cleaned_data["email"])
        return self.cleaned_data["email"]

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        rate_limits.take("mail", request)
        address = self.cleaned_data["email"]
        rate_limits.count("mail_account", account_of.key_of(address))
        account_mail.ask(account_mail.RESET if self.user else account_mail.UNKNOWN, user=self.user, address=address)
        return address


class AddressForm(AddEmailForm):
    """Requests a change of the e-mail address, which takes effect once it is confirmed."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(refuse_unseen)

    def clean_email(self) -> str:
        """Domains that may not sign up are no way to an account that is here already, either."""
        email = super().clean_email()
        if block := block_lists.find(email=email):
            block_lists.count(block)
            security_log.note("address-refused", get_adapter().request, kind=block.kind, block=block.pk)
            raise forms.ValidationError("We cannot write to this address. Use one of another provider.")
        return email

    def save(self, request: HttpRequest) -> object:
        rate_limits.take("mail", request)
        with transaction.atomic():  # the address and its letter
            return super().save(request)


class _ProfileForm(forms.ModelForm):
    """A ModelForm of some fields of the signed-in User."""

    def save_shown(self) -> None:
        """Save only the form's fields (`update_fields`), because counters on the same row change concurrently."""
        self.instance.save(update_fields=self._meta.fields)


class SettingsForm(_ProfileForm):
    """How pages look to a member."""

    time_zone = forms.ChoiceField(
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones())],
        help_text="Times are shown as they are there.",
    )

    class Meta:
        model = User
        fields = ["theme", "density", "time_zone", "posts_per_page", "has_signatures", "has_shortcuts"]
        labels = {
            "density": "How close things stand",
            "posts_per_page": "Posts on a page",
            "has_signatures": "Signatures of members under their posts",
            "has_shortcuts": "Single keys for reading a topic: J, K, R, Q, B, / and ?",
        }
        help_texts = {
            "has_shortcuts": "They never act while you type. Without them every key is the browser's own.",
        }
        widgets = {
            "theme": forms.RadioSelect,
            "density": forms.RadioSelect,
            "posts_per_page": forms.RadioSelect,
        }


class OwnNameForm(forms.Form):
    """Another name for the signed-in member; what is wrong with it is said by accounts.members.rename."""

    name = forms.CharField(max_length=200, help_text=f"At most {names.MAX_LENGTH} letters and digits.")


class ThemeForm(_ProfileForm):
    """Light, dark, or as the device says."""

    class Meta:
        model = User
        fields = ["theme"]
        widgets = {"theme": forms.RadioSelect}
