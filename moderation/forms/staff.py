"""Forms of moderators beside acts: notes, filters of the log."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from accounts.models import User
from accounts.text import names
from forum.models import Subforum
from forum.pages.profile_fields import FIELDS
from moderation.forms.fields import WordsField
from moderation.models import Verb
from moderation.models.entry import EntryQuerySet


class NoteForm(forms.Form):
    """A note for other moderators."""

    text = WordsField(
        label="Note for other moderators",
        max_length=1000,
        error_messages={"required": "Write something that can be seen."},
    )


class SecondStepResetForm(forms.Form):
    """Why a second step is taken off, for the log and for the member."""

    reason = WordsField(
        label="Why, and how you know that it is them",
        max_length=500,
        help_text="They read it, too.",
        error_messages={"required": "Write something that can be seen."},
    )


class ClearProfileForm(forms.Form):
    """Which text of a profile to clear, and why."""

    field = forms.ChoiceField(choices=[(field, field) for field in FIELDS])
    reason = WordsField(max_length=500, error_messages={"required": "Write why: the member reads it."})


class LogForm(forms.Form):
    """The filters of the log."""

    member = forms.CharField(label="About the member", max_length=60, required=False)
    act = forms.ChoiceField(label="Act", choices=[("", "Any act"), *Verb.choices], required=False)
    by = forms.CharField(label="By the moderator", max_length=60, required=False)
    subforum = forms.ModelChoiceField(
        Subforum.objects.none(), label="Subforum", empty_label="Any subforum", required=False
    )
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["subforum"]
        field.queryset = Subforum.objects.moderated_by(user).order_by("position", "pk")
        for filtered in self.fields.values():
            filtered.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        for name, day in (("since", since), ("until", until)):
            if day and not 1970 <= day.year < 9000:
                self.add_error(name, "Enter a day before the year 9000, and after 1969.")
        if since and until and until < since:
            self.add_error("until", "This day is before the first one.")
        return cleaned

    @property
    def is_filtered(self) -> bool:
        return self.is_bound and any(self.cleaned_data.values())

    @property
    def query(self) -> str:
        """The filters as a query string, for the link to older entries."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})

    def filtered(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that fit; none for names that nobody has. Days are whole ones, in the forum's time zone."""
        asked = self.cleaned_data
        for field, name in (("member", asked["member"]), ("by", asked["by"])):
            if name:
                entries = entries.filter(**{field: _pk_of(name)})
        if asked["act"]:
            entries = entries.filter(verb=asked["act"])
        if asked["subforum"]:
            entries = entries.filter(subforum=asked["subforum"])
        if asked["since"]:
            entries = entries.filter(at__gte=_midnight(asked["since"]))
        if asked["until"]:
            entries = entries.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
        return entries


def _pk_of(name: str) -> int:
    found = User.objects.filter(username_skeleton=names.skeleton(name)).values_list("pk", flat=True).first()
    return found or 0


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
