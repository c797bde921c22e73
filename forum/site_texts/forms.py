"""Forms of the site's own texts, one for each kind."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import SiteText
from accounts.site_info import DEFAULT_NAME
from accounts.text.plain_text import visible
from forum import markup
from forum.forms.post_forms import MarkdownField, MarkdownTextarea

LONGEST_NAME = 40
LONGEST_NOTICE = 300
Kind = SiteText.Kind


class SiteTextForm(forms.Form):
    """What all kinds have: the text, and the number of the version that the form was opened with."""

    source = forms.CharField()
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, current: SiteText | None, draft: str = "") -> None:
        shown = {"source": draft, "based_on": 0}
        if current:
            shown = {"source": current.source or draft, "based_on": current.number}
            shown |= {"tone": current.tone, "until": current.until} if current.source else {}
        super().__init__(data, initial=shown)


class NameForm(SiteTextForm):
    source = forms.CharField(
        label="Name",
        required=False,
        max_length=LONGEST_NAME,
        help_text=f"It stands in the head, in titles, feeds and letters. Left empty, it is {DEFAULT_NAME}.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_source(self) -> str:
        return " ".join(visible(self.cleaned_data["source"]).split())


class MarkdownForm(SiteTextForm):
    source = MarkdownField(
        label="Text",
        required=False,
        max_length=markup.MAX_SOURCE_LENGTH,
        help_text="Markdown works. Left empty, there is no such page and no link to it.",
        widget=MarkdownTextarea(rows=18),
    )

    def clean_source(self) -> str:
        source = self.cleaned_data["source"].strip()
        if source:
            markup.to_html(source)
        return source


class NoticeForm(MarkdownForm):
    source = MarkdownField(
        label="Notice",
        required=False,
        max_length=LONGEST_NOTICE,
        help_text=f"One or two sentences above every page, {LONGEST_NOTICE} characters at most. "
        "Left empty, there is no notice.",
        widget=MarkdownTextarea(rows=3),
    )
    tone = forms.ChoiceField(
        label="Kind", choices=SiteText.Tone.choices, required=False, widget=forms.RadioSelect, initial=""
    )
    until = forms.DateField(
        label="Last day",
        required=False,
        help_text="The day in UTC after which it is gone. Left empty, it stays until you take it away.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not cleaned.get("source"):
            return cleaned | {"tone": "", "until": None}
        if cleaned.get("until") and cleaned["until"] < timezone.now().date():
            self.add_error("until", "This day is over. Choose today or a later one.")
        return cleaned


FORMS: dict[str, type[SiteTextForm]] = {
    Kind.NAME: NameForm,
    Kind.IMPRINT: MarkdownForm,
    Kind.PRIVACY: MarkdownForm,
    Kind.TERMS: MarkdownForm,
    Kind.NOTICE: NoticeForm,
}
