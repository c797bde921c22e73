"""Forms of the pages of news and watches."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from crossings import wording
from crossings.models import Crossing, Direction
from notifications.letters.preferences import Choices
from notifications.models import Category, Frequency, Watch, WatchPreference
from notifications.models.subscription import CATEGORIES
from notifications.watches.level_menu import STOP
from notifications.watches.listing import PAGED

LONGEST_PLAN = timedelta(days=731)
_ROW: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1, "required": False}


class BeforeForm(forms.Form):
    """The cursor of a page of news."""

    before = forms.IntegerField(**_ROW)


class ReadForm(forms.Form):
    """Which notifications to mark as read: all up to one."""

    until = forms.IntegerField(**_ROW)


class LettersForm(forms.Form):
    """How often a member wants letters: a field for each category, named by its value."""

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        for category, facts in CATEGORIES.items():
            offered = Frequency if facts.can_wait else (Frequency.AT_ONCE, Frequency.NEVER)
            self.fields[category.value] = forms.ChoiceField(
                label=category.label,
                help_text=facts.help_text,
                choices=[(frequency.value, frequency.label) for frequency in offered],
                initial=choices[category].value,
                widget=forms.Select(attrs={"class": "input"}),
            )

    def changed_choices(self) -> Choices:
        """What differs from what counts now: a default that a member never touched stays one."""
        chosen = {Category(name): Frequency(value) for name, value in self.cleaned_data.items()}
        return {category: frequency for category, frequency in chosen.items() if frequency != self.choices[category]}


class WatchPageForm(forms.Form):
    """A page of one kind of watches: which kind, and the cursor."""

    of = forms.ChoiceField(choices=[(kind, kind) for kind in PAGED], required=False)
    before = forms.IntegerField(**_ROW)


class LevelForm(forms.Form):
    """How much a member wants to hear about something, or that they want to stop watching it."""

    level = forms.ChoiceField(
        choices=[*((level.value, level.label) for level in Watch.Level.to_choose()), (STOP, "Stop watching")],
        error_messages={
            "required": "Choose how much you want to hear.",
            "invalid_choice": "Choose Watching, Mentions only, Muted, or to stop watching.",
        },
    )


class PreferenceForm(forms.ModelForm):
    """Which topics a member watches by themselves."""

    class Meta:
        model = WatchPreference
        fields = ["on_asking", "on_replying"]


class WatchForm(forms.Form):
    """A watch of a crossing: its level, and the day and direction in which the member plans to cross, if any."""

    level = forms.ChoiceField(
        label="How much to hear",
        required=False,
        choices=[(level.value, level.label) for level in Watch.Level.to_choose()],
        widget=forms.RadioSelect,
    )
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

    def clean_level(self) -> str:
        """The level of the watch that exists, if none was sent."""
        return self.cleaned_data["level"] or self.initial.get("level") or Watch.Level.WATCHING

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
