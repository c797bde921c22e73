from datetime import date, timedelta

from django import forms
from django.utils import timezone

from accounts.forms import visible

LATEST = timedelta(days=3 * 365)


class BookmarkForm(forms.Form):
    """The note of a bookmark and the day of its reminder, both optional."""

    note = forms.CharField(
        label="Note to yourself",
        required=False,
        max_length=300,
        help_text="Nobody else sees it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    remind_on = forms.DateField(
        label="Remind me on",
        required=False,
        help_text="It will stand in your news that morning.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "This is no day. Write it like 2027-05-01."},
    )

    def clean_note(self) -> str:
        lines = self.cleaned_data["note"].splitlines()
        return "\n".join(visible(line).rstrip() for line in lines).strip()

    def clean_remind_on(self) -> date | None:
        day, today = self.cleaned_data["remind_on"], timezone.localdate()
        if day and day <= today and day != self.initial.get("remind_on"):
            raise forms.ValidationError("This day has begun already. Choose a day from tomorrow on.")
        if day and day > today + LATEST:
            raise forms.ValidationError("This day is more than three years away. Look at the year.")
        return day
