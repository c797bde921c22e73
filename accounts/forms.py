import re
import unicodedata
from zoneinfo import available_timezones

from allauth.account.forms import SignupForm
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User

LONGEST_PASSWORD = 4096
_LINK = re.compile(r"https?:|www\.|\w\.(com|net|org|info|ru|cn|io|shop|top|xyz)\b", re.IGNORECASE)


class SignUpForm(SignupForm):
    """Address, name and one password; allauth and accounts.adapter do the rest."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = "How others see you. Letters, digits, dots, hyphens, underscores."
        self.fields["email"].help_text = "For the link that confirms it. Nobody else sees it."
        self.fields["password1"].help_text = "Ten characters or more. A sentence is fine."
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(f"A password may have {LONGEST_PASSWORD} characters. Shorten it.")
        if password.casefold() in {"borderpost", "borderpost1", "borderpost123", "borderpost2025", "borderpost2026"}:
            raise ValidationError("This password is the name of the site. Choose another one.")
        return password


class SettingsForm(forms.ModelForm):
    """What members tell about themselves, and how they like the pages."""

    time_zone = forms.ChoiceField(choices=[(name, name) for name in sorted(available_timezones())])

    class Meta:
        model = User
        fields = ["location", "bio", "signature", "theme", "time_zone"]
        labels = {"bio": "About you"}
        help_texts = {
            "location": "A town or a country, if you like.",
            "signature": "One line under your posts, as plain text.",
        }
        widgets = {"bio": forms.Textarea(attrs={"rows": 4}), "theme": forms.RadioSelect}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["theme"].choices = User.Theme.choices  # type: ignore[attr-defined]

    def clean_location(self) -> str:
        return self._words("location")

    def clean_bio(self) -> str:
        return self._words("bio")

    def clean_signature(self) -> str:
        return self._words("signature")

    def _words(self, name: str) -> str:
        """Plain words on one line; links only from members who have earned trust."""
        words = " ".join(_without_controls(self.cleaned_data[name]).split())
        if _LINK.search(words) and self.instance.trust == User.Trust.NEW:
            raise ValidationError("New members cannot put links here yet. Take the link out.")
        return words


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(
        choices=User.Theme.choices, required=False, widget=forms.RadioSelect, label="Light or dark"
    )


def _without_controls(text: str) -> str:
    """Without characters that cannot be seen, or that turn the direction of what follows."""
    return "".join(letter for letter in text if letter in " \n\t\u200d" or unicodedata.category(letter)[0] != "C")
