import zoneinfo

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm, SignupForm
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.limits import rate_limits
from accounts.models import User
from accounts.permissions import can_show_links
from accounts.signup import account_of, honeypot
from accounts.text import names
from accounts.text.bare_links import has_bare_link
from accounts.text.plain_text import visible, with_line_ends


def refuse_unseen(address: str) -> None:
    """Validator of e-mail addresses: a line or paragraph separator passes Django's, and no letter can be sent to it."""
    if visible(address) != address:
        raise forms.ValidationError("This address holds a character that cannot be seen. Type it by hand.")


class SignUpForm(SignupForm):
    """Sign-up: an e-mail address, a username, a password and nothing else."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(refuse_unseen)
        self.fields["email"].help_text = "We send a link there. Nobody else sees the address."
        self.fields["username"].label = "Name"
        self.fields["username"].help_text = f"At most {names.MAX_LENGTH} letters and digits. Others see it."
        self.fields["password1"].help_text = "At least 10 characters. A few words make a good one."
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    @property
    def began(self) -> str:
        """The signed time at which the form was first shown (accounts/signup/honeypot.py)."""
        return honeypot.stamp_of(self.data if self.is_bound else None)

    def clean(self) -> dict:
        cleaned = super().clean()
        if problem := honeypot.problem_with(self.data):
            raise forms.ValidationError(problem)
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        rate_limits.take("sign_up", request)
        if self.account_already_exists:
            # A new account hashes its password: without this, the time would tell whose address is known.
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        """The member and their address, or neither: one commit, so that the time of the disk tells little."""
        with transaction.atomic():
            return super().save(request)


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

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        rate_limits.take("mail", request)
        rate_limits.count("mail_account", account_of.key_of(self.cleaned_data["email"]))
        return super().save(request, **kwargs)


class AddressForm(AddEmailForm):
    """Requests a change of the e-mail address, which takes effect once it is confirmed."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(refuse_unseen)

    def save(self, request: HttpRequest) -> object:
        rate_limits.take("mail", request)
        return super().save(request)


class _ProfileForm(forms.ModelForm):
    """A ModelForm of some fields of the signed-in User."""

    def save_shown(self) -> None:
        """Save only the form's fields (`update_fields`), because counters on the same row change concurrently."""
        self.instance.save(update_fields=self._meta.fields)


class SettingsForm(_ProfileForm):
    """A member's profile and display settings."""

    time_zone = forms.ChoiceField(
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones())],
        help_text="Times are shown as they are there.",
    )

    class Meta:
        model = User
        fields = [
            "location", "bio", "signature", "theme", "density", "time_zone", "posts_per_page", "has_shortcuts",
        ]  # fmt: skip
        labels = {
            "bio": "About you",
            "density": "How close things stand",
            "posts_per_page": "Posts on a page",
            "has_shortcuts": "Single keys for reading a topic: J, K, R, Q, B, / and ?",
        }
        help_texts = {
            "location": "Where you are, or where you are from.",
            "bio": "Shown on your profile.",
            "signature": "One line under your posts, plain text.",
            "has_shortcuts": "They never act while you type. Without them every key is the browser's own.",
        }
        widgets = {
            "bio": forms.Textarea(attrs={"rows": 4}),
            "theme": forms.RadioSelect,
            "density": forms.RadioSelect,
            "posts_per_page": forms.RadioSelect,
        }

    def clean_location(self) -> str:
        return self._clean_line("location")

    def clean_signature(self) -> str:
        return self._clean_line("signature")

    def clean_bio(self) -> str:
        lines = with_line_ends(self.cleaned_data["bio"]).split("\n")
        return self._allow("bio", "\n".join(visible(line).rstrip() for line in lines).strip())

    def _clean_line(self, field: str) -> str:
        return self._allow(field, " ".join(visible(self.cleaned_data[field]).split()))

    def _allow(self, field: str, text: str) -> str:
        """What others read: a suspended member may only remove it, and newcomers show no links."""
        if self.instance.is_suspended and text not in {"", getattr(self.instance, field)}:
            raise forms.ValidationError("While your account is suspended you can remove this, but not change it.")
        if has_bare_link(text) and not can_show_links(self.instance):
            raise forms.ValidationError("New members cannot show links here yet. Write it without the link.")
        return text


class ThemeForm(_ProfileForm):
    """Light, dark, or as the device says."""

    class Meta:
        model = User
        fields = ["theme"]
        widgets = {"theme": forms.RadioSelect}
