"""A member's profile, as they type it."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from accounts.models import User
from accounts.permissions import can_show_links
from accounts.text.bare_links import has_bare_link
from accounts.text.plain_text import visible, with_line_ends
from forum import markup
from forum.extensions import screeners
from forum.pages.profile_fields import FIELDS

MOST_LISTED = 30
_TYPED = [*FIELDS, *(f"{field}_for" for field in FIELDS)]
_COMMAS = re.compile("[,;\n\u3001\uff0c\u060c\u061b]+")
_NO_LINKS = "New members cannot show links here yet. Write it without the link."
_SUSPENDED = "While your account is suspended you can remove this, but not change it."
_WIDER = "While your account is suspended you can show less, but not more."


class ProfileForm(forms.ModelForm):
    """Texts of a profile, each with who sees it. Bio and signature are rendered here, once."""

    travels_by = forms.MultipleChoiceField(
        choices=User.Way.choices, required=False, widget=forms.CheckboxSelectMultiple, label="How you travel"
    )
    home_page = forms.URLField(
        max_length=200, required=False, assume_scheme="https", label="Home page",
        help_text="Shown once you are no new member any more.",
    )  # fmt: skip

    class Meta:
        model = User
        fields = _TYPED
        labels = {"bio": "About you", "countries_known": "Countries you know"} | {
            f"{field}_for": "Who sees it" for field in FIELDS
        }
        help_texts = {
            "bio": "Markdown, as in posts. Pictures become links.",
            "location": "Where you are, or where you are from.",
            "languages": "With commas between them.",
            "countries_known": "With commas between them.",
            "signature": "One line under your posts.",
        }
        widgets = {"bio": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in FIELDS:
            self.fields[f"{field}_for"].widget.attrs["aria-label"] = f"Who sees it: {self.fields[field].label}"

    def pairs(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Each field with who sees it."""
        return ((self[field], self[f"{field}_for"]) for field in FIELDS)

    def clean_bio(self) -> str:
        lines = with_line_ends(self.cleaned_data["bio"]).split("\n")
        return self._marked("bio", "\n".join(visible(line).rstrip() for line in lines).strip())

    def clean_signature(self) -> str:
        return self._marked("signature", self._line("signature"))

    def clean_location(self) -> str:
        return self._plain("location", self._line("location"))

    def clean_languages(self) -> str:
        return self._plain("languages", self._list("languages"))

    def clean_countries_known(self) -> str:
        return self._plain("countries_known", self._list("countries_known"))

    def clean_home_page(self) -> str:
        address = self.cleaned_data["home_page"]
        if address and not address.lower().startswith(("http://", "https://")):
            raise forms.ValidationError("An address begins with https:// or http://.")
        if address not in {"", self.initial["home_page"]} and not can_show_links(self.instance):
            raise forms.ValidationError("New members cannot show a home page yet.")
        return self._allow("home_page", address)

    def clean_travels_by(self) -> list[str]:
        chosen = self.cleaned_data["travels_by"]
        if self.instance.is_suspended and not set(chosen) <= set(self.instance.travels_by):
            raise forms.ValidationError(_SUSPENDED)
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = [str(cleaned[field]) for field in FIELDS if field != "travels_by" and cleaned.get(field)]
        if not self.errors and (refusal := screeners.refusal_of_profile(self.instance, "\n".join(words))):
            self.add_error(None, refusal)
        if self.instance.is_suspended:
            for field in FIELDS:
                self._keep_narrow(f"{field}_for", cleaned)
        return cleaned

    def save_shown(self) -> None:
        """Save only the form's fields, because counters on the same row change concurrently."""
        self.instance.save(update_fields=[*_TYPED, "bio_html", "signature_html"])

    def _keep_narrow(self, field: str, cleaned: dict[str, Any]) -> None:
        order = [User.ShownTo.NOBODY, User.ShownTo.MEMBERS, User.ShownTo.EVERYONE]
        before, now = self.initial[field], cleaned.get(field)
        if now and order.index(now) > order.index(before):
            self.add_error(field, _WIDER)

    def _line(self, field: str) -> str:
        return " ".join(visible(self.cleaned_data[field]).split())

    def _list(self, field: str) -> str:
        """Items without doubles, in the order they were typed."""
        items = (" ".join(visible(item).split()) for item in _COMMAS.split(self.cleaned_data[field]))
        found = {item.casefold(): item for item in items if item}
        if len(found) > MOST_LISTED:
            raise forms.ValidationError(f"These are {len(found)}. Name {MOST_LISTED} at most.")
        return ", ".join(found.values())

    def _plain(self, field: str, text: str) -> str:
        if text != self.initial[field] and has_bare_link(text) and not can_show_links(self.instance):
            raise forms.ValidationError(_NO_LINKS)
        return self._allow(field, text)

    def _marked(self, field: str, text: str) -> str:
        """Renders the text; what its HTML links to counts, however it was typed."""
        html = markup.to_html(text) if text else ""
        if text != self.initial[field] and "<a " in html and not can_show_links(self.instance):
            raise forms.ValidationError(_NO_LINKS)
        setattr(self.instance, f"{field}_html", html)
        return self._allow(field, text)

    def _allow(self, field: str, text: str) -> str:
        """A suspended member may only remove what others read."""
        if self.instance.is_suspended and text not in {"", self.initial[field]}:
            raise forms.ValidationError(_SUSPENDED)
        return text
