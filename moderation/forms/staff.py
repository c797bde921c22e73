"""Forms of moderators beside acts: watched words, their tester, notes."""

from typing import Any

from django import forms

from accounts.models import User
from accounts.plain_text import visible
from forum.models import Subforum
from moderation.forms.fields import WordsField
from moderation.models import WatchedWord


class WordForm(forms.Form):
    """A watched word."""

    pattern = forms.CharField(
        label="Word or phrase",
        max_length=100,
        help_text="Whole words, whatever their capitals, accents or look-alike letters. A star at the end finds longer "
        "words, too: casino*",
    )
    act = forms.ChoiceField(label="What happens", choices=WatchedWord.Act.choices, initial=WatchedWord.Act.HOLD)
    subforum = forms.ModelChoiceField(Subforum.objects.none(), label="Where", required=False)
    note = forms.CharField(label="Why, for other moderators", max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["subforum"]
        field.queryset = Subforum.objects.all() if user.is_staff else user.moderated_subforums.all()
        field.empty_label = "In the whole forum" if user.is_staff else None
        field.required = not user.is_staff

    def clean_pattern(self) -> str:
        return " ".join(visible(self.cleaned_data["pattern"]).split())

    def clean_note(self) -> str:
        return " ".join(visible(self.cleaned_data["note"]).split())


class TesterForm(forms.Form):
    """A text to test the watched words with."""

    text = forms.CharField(
        label="A text to try", max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}), strip=False
    )


class NoteForm(forms.Form):
    """A note for other moderators."""

    text = WordsField(
        label="Note for other moderators",
        max_length=1000,
        error_messages={"required": "Write something that can be seen."},
    )
