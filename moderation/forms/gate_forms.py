"""Forms of the sign-up gate: block lists, and the question."""

from typing import Any

from django import forms

from accounts.models import SignUpBlock
from accounts.text.plain_text import visible
from moderation.filters.gate import LONGEST_DAYS, MOST_LINES
from moderation.filters.pasted import lines_of

MOST_ANSWERS = 20
LONGEST_ANSWER = 100


class BlockForm(forms.Form):
    """Entries of one kind for the block lists, one a line."""

    kind = forms.ChoiceField(label="What is blocked", choices=SignUpBlock.Kind.choices)
    lines = forms.CharField(
        label="Entries, one a line",
        error_messages={"required": "There is no entry in it."},
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Domains: mail.example, with its subdomains. Addresses: 192.0.2.7, 192.0.2.0/24 or 2001:db8::/48. "
        f"Names: as others look, a star at either end for anything. {MOST_LINES:,} lines at most.",
    )
    days = forms.IntegerField(
        label="For how many days",
        min_value=1,
        max_value=LONGEST_DAYS,
        required=False,
        help_text="Addresses need an end. Domains and names may stay until you end them.",
    )
    reason = forms.CharField(label="Why, for other administrators", max_length=200, required=False)

    def clean_lines(self) -> list[str]:
        lines = lines_of(self.cleaned_data["lines"])
        if not lines:
            raise forms.ValidationError("There is no entry in it.")
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"These are {len(lines):,} lines; {MOST_LINES:,} go at once.")
        return lines

    def clean_reason(self) -> str:
        return " ".join(visible(self.cleaned_data["reason"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == SignUpBlock.Kind.ADDRESS and not cleaned.get("days") and "days" not in self.errors:
            self.add_error("days", "Addresses change hands. Say for how many days.")
        return cleaned


class QuestionForm(forms.Form):
    """The question at sign-up, and what counts as its answer."""

    question = forms.CharField(
        max_length=200, required=False, help_text="Left empty, none is asked. Ask what any traveller knows."
    )
    answers = forms.CharField(
        label="Accepted answers, one a line",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="In as many languages as you like. Capitals, accents and punctuation do not matter.",
    )

    def clean_question(self) -> str:
        return " ".join(visible(self.cleaned_data["question"]).split())

    def clean_answers(self) -> list[str]:
        lines = lines_of(self.cleaned_data["answers"])
        if len(lines) > MOST_ANSWERS:
            raise forms.ValidationError(f"These are {len(lines)} answers; {MOST_ANSWERS} are allowed.")
        if any(len(line) > LONGEST_ANSWER for line in lines):
            raise forms.ValidationError(f"An answer may have {LONGEST_ANSWER} characters. Shorten the longest.")
        return lines
