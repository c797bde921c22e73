"""What is typed on the pages of hours: rows of posted hours, clocks, and the way and day of the calculator."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

from django import forms

from crossings.clock import zones
from crossings.clock.rules import Span
from crossings.editorial.fields import DayInput, LineField, MonthField, SourceField
from crossings.editorial.forms import ReasonForm
from crossings.editorial.wording import marker
from crossings.hours import spans, wording
from crossings.hours.actions import marker_of
from crossings.hours.panels import SPARE
from crossings.models import Confidence, Crossing, Hours, Mode
from crossings.models.hours import SAID

_SEASON = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# From a year ago to two years ahead: further away nobody knows hours.
DAYS_BACK = 366
DAYS_AHEAD = 731


class TimeField(LineField):
    """A time of the day in minutes after midnight, up to 24:00. An empty one is not known."""

    def to_python(self, value: object) -> int | None:  # type: ignore[override]
        try:
            return spans.minutes_typed(super().to_python(value))
        except spans.NotHours as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: object) -> object:
        return spans.clock(value) if isinstance(value, int) else value


class SeasonField(LineField):
    """A month, or a day of the year: "12", "12-08"."""

    def to_python(self, value: object) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        match = _SEASON.fullmatch(typed)
        month, day = (int(match[1]), int(match[2] or 1)) if match else (0, 0)
        if match is None or not 1 <= month <= 12 or not 1 <= day <= _MONTH_DAYS[month - 1]:
            raise forms.ValidationError("This is no day of the year. Write a month like 12, or a day like 12-08.")
        return f"{month:02}-{day:02}" if match[2] else f"{month:02}"


class ZoneField(LineField):
    """A time zone of the tz database, by its town."""

    def to_python(self, value: object) -> str:
        typed = super().to_python(value).replace(" ", "_")
        if not typed:
            return ""
        found = next((name for name in zones.names() if name.casefold() == typed.casefold()), "")
        if not found:
            raise forms.ValidationError(f"“{typed[:40]}” is no time zone. Write it like Asia/Bishkek.")
        return found


class HoursForm(ReasonForm):
    """One row of posted hours."""

    side = forms.ChoiceField(label="Which post", choices=Hours.Side.choices)
    opens = TimeField(label="Opens", required=False)
    closes = TimeField(label="Shuts", required=False)
    break_from = TimeField(label="Break from", required=False)
    break_to = TimeField(label="Break to", required=False)
    weekdays = forms.MultipleChoiceField(
        label="On which days",
        choices=[(str(number), name) for number, name in enumerate(wording.WEEKDAYS, 1)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the days of the week."},
    )
    zone = ZoneField(
        label="By which clock", required=False, max_length=40,
        help_text="The time zone of the clock on that wall. Leave it empty for the usual clock of the post.",
    )  # fmt: skip
    audience = forms.ChoiceField(label="For whom", choices=Hours.For.choices)
    heading = forms.ChoiceField(label="Which way", choices=Hours.Goes.choices)
    season_from = SeasonField(label="Season from", required=False, max_length=5)
    season_to = SeasonField(
        label="Season to",
        required=False,
        max_length=5,
        help_text="A month like 12, or a day like 12-08. Empty: all year.",
    )
    as_of = MonthField(
        label="As of", help_text="The month in which it was so.",
        error_messages={"required": "Enter the month in which it was so."},
    )  # fmt: skip
    source = SourceField(error_messages={"required": "Say where this is known from."})
    confidence = forms.ChoiceField(choices=[("", "Choose one"), *Confidence.choices])
    note = LineField(required=False, max_length=200, help_text="What does not fit above, in a sentence.")

    field_order = [
        "side", "opens", "closes", "break_from", "break_to", "weekdays", "zone", "audience", "heading", "season_from",
        "season_to", "as_of", "source", "confidence", "note", "reason",
    ]  # fmt: skip

    def __init__(self, data: Any = None, *, crossing: Crossing, hours: Hours | None = None) -> None:
        self.crossing = crossing
        super().__init__(data, initial=_initial(hours))
        side = cast(forms.ChoiceField, self.fields["side"])
        side.choices = list(crossing.country_names.items())
        self.fields["confidence"].error_messages["required"] = "Say how sure you are."

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        self._clean_times(cleaned)
        self._clean_break(cleaned)
        if bool(cleaned.get("season_from")) != bool(cleaned.get("season_to")) and not (
            {"season_from", "season_to"} & self.errors.keys()
        ):
            self.add_error("season_to", "A season begins and ends. Write both, or none.")
        if "side" in cleaned and not cleaned.get("zone") and "zone" not in self.errors:
            usual = getattr(self.crossing, f"zone_{cleaned['side']}")
            if not usual:
                self.add_error(
                    "zone", "The clock of this post is not known yet. Write its time zone, like Asia/Bishkek."
                )
            cleaned["zone"] = usual
        return cleaned

    def _clean_times(self, cleaned: dict) -> None:
        if {"opens", "closes"} & self.errors.keys():
            return
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens is None and closes is None:
            self.add_error("opens", "Say when it opens or when it shuts. Day and night is 00:00 to 24:00.")
        elif opens == 1440:
            self.add_error("opens", "A day begins at 00:00.")
        elif closes == 0:
            cleaned["closes"] = 1440 if opens != 1440 else closes
        if opens is not None and opens == cleaned.get("closes"):
            self.add_error("closes", "It opens and shuts at the same time. Day and night is 00:00 to 24:00.")

    def _clean_break(self, cleaned: dict) -> None:
        names = {"opens", "closes", "break_from", "break_to"}
        begin, end = cleaned.get("break_from"), cleaned.get("break_to")
        if names & self.errors.keys() or (begin is None and end is None):
            return
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if begin is None or end is None:
            self.add_error("break_to", "A break begins and ends. Write both, or none.")
        elif opens is None or closes is None:
            self.add_error("break_from", "A break lies between opening and shutting: write both.")
        elif begin == 1440 or not _lies_within(Span(begin, end), Span(opens, closes)):
            self.add_error("break_from", "This break does not lie within the hours above.")

    @property
    def values(self) -> dict[str, Any]:
        """By the names of the fields of a row."""
        weekdays = "".join(sorted(set(self.cleaned_data["weekdays"])))  # a crafted form may repeat them
        return {name: self.cleaned_data[name] for name in SAID} | {"weekdays": weekdays}


def _lies_within(pause: Span, hours: Span) -> bool:
    begins, ends = (pause.opens - hours.opens) % 1440, (pause.closes - hours.opens) % 1440
    return 0 < begins < ends < hours.length


def _initial(hours: Hours | None) -> dict[str, Any]:
    if hours is None:
        return {"weekdays": list("1234567"), "audience": "all", "heading": "both"}
    said = forms.model_to_dict(hours)
    return said | {"weekdays": list(hours.weekdays), "as_of": hours.as_of, "based_on": marker_of(hours)}


class ClocksForm(ReasonForm):
    """The clocks of the two posts."""

    zone_a = ZoneField(required=False, max_length=40)
    also_a = ZoneField(required=False, max_length=40)
    zone_b = ZoneField(required=False, max_length=40)
    also_b = ZoneField(required=False, max_length=40)
    clock_note = LineField(
        label="What else to know of these clocks", required=False, max_length=200,
        help_text="A sentence for travellers, such as who keeps which time at the terminal.",
    )  # fmt: skip

    field_order = ["zone_a", "also_a", "zone_b", "also_b", "clock_note", "reason"]

    def __init__(self, data: Any = None, *, crossing: Crossing) -> None:
        initial = {name: getattr(crossing, name) for name in self.field_order[:5]}
        super().__init__(data, initial=initial | {"based_on": marker(wording.of_clocks(crossing))})
        for side, name in crossing.country_names.items():
            self.fields[f"zone_{side}"].label = f"Clock of the post of {name}"
            self.fields[f"also_{side}"].label = f"Clock that people in {name} name as well"
        self.fields["zone_a"].help_text = "A time zone, like Asia/Bishkek."

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.field_order[:5]}


class WindowForm(forms.Form):
    """Which way, how, on which day, and with how much to spare: `?to=cn&by=bicycle&day=2026-12-03&spare=30`."""

    SPARES = [(0, "None"), (30, "30 minutes"), (60, "1 hour"), (120, "2 hours")]

    to = forms.ChoiceField(label="Which way?", error_messages={"invalid_choice": "Choose one of the two countries."})
    by = forms.ChoiceField(
        label="How?",
        choices=Mode.choices,
        error_messages={"invalid_choice": "Choose a way of travelling from the list."},
    )
    day = forms.DateField(
        label="Day", widget=DayInput, error_messages={"invalid": "This is no day. Write it like 2026-12-03."}
    )
    spare = forms.TypedChoiceField(
        label="Time to spare", choices=SPARES, coerce=int, empty_value=None,
        error_messages={"invalid_choice": "Choose a time from the list."},
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any], *, crossing: Crossing, today: date) -> None:
        usual = {"by": Mode.BICYCLE.value, "day": today.isoformat(), "spare": str(SPARE)}
        usual["to"] = crossing.country_b_id.lower()
        super().__init__(usual | {name: data[name] for name in usual if data.get(name)})
        self.today = today
        to = cast(forms.ChoiceField, self.fields["to"])
        to.choices = [(country.code.lower(), f"To {country.name}") for country in crossing.countries]

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if not -DAYS_BACK <= (day - self.today).days <= DAYS_AHEAD:
            last = self.today + timedelta(days=DAYS_AHEAD)
            raise forms.ValidationError(f"Choose a day of the last year, or up to {last.isoformat()}.")
        return cast(date, day)
