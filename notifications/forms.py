"""Forms of the pages of news and watches."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from crossings import wording
from crossings.models import Crossing, Direction

LONGEST_PLAN = timedelta(days=731)
_ROW: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1, "required": False}


class BeforeForm(forms.Form):
    """The cursor of a page of news."""

    before = forms.IntegerField(**_ROW)


class ReadForm(forms.Form):
    """Which notifications to mark as read: all up to one."""

    until = forms.IntegerField(**_ROW)


class WatchForm(forms.Form):
    """A watch: optionally the day and direction in which the member plans to cross."""

    travel_on = forms.DateField(
        label="The day you mean to cross",
        help_text="Three days later we ask once, by letter, whether you got through.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is no date. Write it like 2026-11-22."},
    )

    def __init__(self, *args: Any, crossing: Crossing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(way.value, wording.direction_in_words(crossing, way)) for way in Direction]
        self.fields["direction"] = forms.ChoiceField(
            label="Direction", required=False, choices=[("", "Not said"), *ways]
        )

    def clean_travel_on(self) -> date | None:
        """A day in the future, or the one that was stored before."""
        day = self.cleaned_data["travel_on"]
        if day is None or day == self.initial.get("travel_on"):
            return day
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError("This day is over. Report your crossing, or choose a day to come.")
        if day > today + LONGEST_PLAN:
            raise forms.ValidationError("This is more than two years away.")
        return day
