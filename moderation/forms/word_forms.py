"""Forms of the list of watched words."""

from typing import Any

from django import forms

from accounts.models import User
from accounts.text.plain_text import visible
from forum.models import Subforum
from forum.permissions import can_administer
from moderation.filters.banned_words import LONGEST, MOST_LINES
from moderation.filters.pasted import lines_of
from moderation.models import WatchedWord

PATTERN_HELP = (
    "Whole words, whatever their capitals, accents or look-alike letters. A star at the end finds longer words, too: "
    "casino*"
)


class _WatchForm(forms.Form):
    """What happens, where, and why."""

    act = forms.ChoiceField(label="What happens", choices=WatchedWord.Act.choices, initial=WatchedWord.Act.HOLD)
    subforum = forms.ModelChoiceField(Subforum.objects.none(), label="Where", required=False)
    note = forms.CharField(label="Why, for other moderators", max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["subforum"]
        field.queryset = Subforum.objects.moderated_by(user)
        field.empty_label = "In the whole forum" if can_administer(user) else None
        field.required = not can_administer(user)

    def clean_note(self) -> str:
        return " ".join(visible(self.cleaned_data["note"]).split())


class WordForm(_WatchForm):
    """A watched word."""

    pattern = forms.CharField(label="Word or phrase", max_length=LONGEST, help_text=PATTERN_HELP)

    field_order = ["pattern", "act", "subforum", "note"]

    def clean_pattern(self) -> str:
        return " ".join(visible(self.cleaned_data["pattern"]).split())


class WordListForm(_WatchForm):
    """A pasted list of words, one a line."""

    lines = forms.CharField(
        label="Words, one a line",
        error_messages={"required": "There is no word in it."},
        max_length=MOST_LINES * (LONGEST + 2),
        help_text=f"At most {MOST_LINES} at once. Lines that begin with # are left out.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    with_ordinary = forms.BooleanField(label="Add ordinary words, too", required=False)

    field_order = ["lines", "act", "subforum", "note", "with_ordinary"]

    def clean_lines(self) -> list[str]:
        lines = lines_of(self.cleaned_data["lines"])
        if not lines:
            raise forms.ValidationError("There is no word in it.")
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"These are {len(lines):,} lines; {MOST_LINES} go at once.")
        return lines


class ChangeWordForm(forms.Form):
    """A change of a watched word where it stands."""

    pattern = forms.CharField(label="Word or phrase", max_length=LONGEST, help_text=PATTERN_HELP)
    act = forms.ChoiceField(label="What happens", choices=WatchedWord.Act.choices)
    note = forms.CharField(label="Why, for other moderators", max_length=200, required=False)
    based_on = forms.CharField(max_length=40, widget=forms.HiddenInput)

    clean_pattern = WordForm.clean_pattern
    clean_note = _WatchForm.clean_note


class TesterForm(forms.Form):
    """A text to test the watched words with."""

    text = forms.CharField(
        label="A text to try", max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}), strip=False
    )
