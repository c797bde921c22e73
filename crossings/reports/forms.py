"""The report of a crossing: five things that are asked, and the rest, which is optional."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from crossings import wording
from crossings.hours import spans
from crossings.models import Crossing, CrossingReport, Direction, ReportFee
from crossings.models.report import FOR_THE_RECORD_AFTER, MOST_DAYS, MOST_MINUTES, Check, Outcome, Paper
from crossings.reports import currencies
from forum import markup
from forum.forms.post_forms import MarkdownField, MarkdownTextarea, PostForm

OLDEST = date(1990, 1, 1)
MOST_FEES = 4
MOST_PAID = Decimal(1_000_000)
_TOO_LONG = f"This is more than two days ({MOST_MINUTES} minutes). Count longer waits in days."


FACTS = [
    "crossed_on", "only_month", "is_delayed", "is_hearsay", "direction", "mode", "outcome", "reason",
    "passport_group", "minutes_at_exit", "minutes_between", "minutes_at_entry", "days_waiting", "papers",
    "between", "unofficial_payment", "checks", "road_a", "road_b", "staff", "gate_hours_a", "gate_hours_b",
]  # fmt: skip


# A day has begun somewhere on earth when it has begun at UTC+14.
FIRST_ZONE = timedelta(hours=14)
ANOTHER_DAY = "other"


class DayInput(forms.DateInput):
    """A date, or a radio button of `_day.html`, whose value is a date, too: "today" is that of the page's making."""

    input_type = "date"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = data.get(f"{name}_day", "")
        return super().value_from_datadict(data, files, name) if chosen in {"", ANOTHER_DAY} else chosen


class GateHoursField(forms.CharField):
    """The hours that stood on a gate, in whatever form people write them."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def to_python(self, value: object) -> str:
        try:
            return spans.stored(spans.typed(super().to_python(value) or ""))
        except spans.NotHours as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value.split()) if value and _STORED.fullmatch(value) else value


_STORED = re.compile(r"(?:\d\d:\d\d-\d\d:\d\d ?)+")


class ReportFactsForm(forms.ModelForm):
    """What a report says beside its story."""

    gate_hours_a = GateHoursField()
    gate_hours_b = GateHoursField()
    for_the_record = forms.BooleanField(label="Yes, for the record", required=False)
    papers = forms.MultipleChoiceField(
        label="Papers you showed", choices=Paper.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    checks = forms.MultipleChoiceField(
        label="What was looked at", choices=Check.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = CrossingReport
        fields = FACTS
        widgets = {
            "crossed_on": DayInput(format="%Y-%m-%d"),
            "direction": forms.RadioSelect,
            "mode": forms.RadioSelect,
            "outcome": forms.RadioSelect,
        }
        labels = {
            "crossed_on": "The day you were at the gate",
            "mode": "Transport",
            "outcome": "What happened?",
            "reason": "Why, if you were turned back",
            "passport_group": "Passport",
            "minutes_at_exit": "Minutes at exit",
            "minutes_between": "Minutes between the posts",
            "minutes_at_entry": "Minutes at entry",
            "days_waiting": "Days waiting (ferries)",
            "between": "Between the posts by",
            "staff": "Staff were",
        }
        help_texts = {
            "passport_group": "Never shown beside your name: only groups of five or more members, counted once a week.",
            "is_delayed": "If you would rather not tell where you are now. When you post it is shown all the same.",
            "is_hearsay": "Hearsay is shown as hearsay. It does not change the status.",
        }

    def __init__(self, *args: object, crossing: Crossing, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.crossing = crossing
        self.was_for_the_record = bool(self.instance.pk) and self.instance.is_for_the_record(timezone.now().date())
        # Two choices and no empty one: radio buttons begin with nothing chosen.
        ways = [(way, wording.direction_in_words(crossing, way)) for way in Direction]
        self.fields["direction"] = forms.ChoiceField(choices=ways, widget=forms.RadioSelect)
        for name in ("mode", "outcome"):
            field = self.fields[name]
            field.choices = [choice for choice in field.choices if choice[0]]  # type: ignore[attr-defined]
        for name, words in _REQUIRED.items():
            self.fields[name].error_messages["required"] = words
        self.fields["crossed_on"].error_messages["invalid"] = "This is no date. Write it like 2026-11-22."
        for name in ("minutes_at_exit", "minutes_between", "minutes_at_entry"):
            _limit(self.fields[name], MOST_MINUTES, _TOO_LONG)
        _limit(self.fields["days_waiting"], MOST_DAYS, "More than 60 days: tell it in the story.")
        for name in ("reason", "passport_group", "between", "unofficial_payment", "road_a", "road_b", "staff"):
            self.fields[name].choices = [("", "Not said"), *self.fields[name].choices[1:]]  # type: ignore[attr-defined]
        self.fields["road_a"].label = f"Road in {crossing.country_a.name}"
        self.fields["road_b"].label = f"Road in {crossing.country_b.name}"
        for side, country in (("a", crossing.country_a), ("b", crossing.country_b)):
            self.fields[f"gate_hours_{side}"].label = f"Gate of {country.name}"

    def clean_crossed_on(self) -> date:
        day = self.cleaned_data["crossed_on"]
        if day > (timezone.now() + FIRST_ZONE).date():
            raise forms.ValidationError("This date is in the future. Enter the day you were at the gate.")
        if day < OLDEST:
            raise forms.ValidationError("Reports begin in 1990. Look at the year again.")
        return day

    def clean(self) -> dict:
        typed = super().clean() or self.cleaned_data
        if typed.get("only_month") and typed.get("crossed_on"):
            typed["crossed_on"] = typed["crossed_on"].replace(day=1)
        if typed.get("outcome") in Outcome.passes():
            typed["reason"] = ""  # chosen before the outcome was changed
        if self.is_for_the_record and not (typed.get("for_the_record") or self.was_for_the_record):
            self.add_error("for_the_record", "This is more than three years ago. It will not change the status.")
        return typed

    @property
    def is_for_the_record(self) -> bool:
        """Whether the day that was typed is so long ago that its author is asked."""
        day = getattr(self, "cleaned_data", {}).get("crossed_on")
        return day is not None and timezone.now().date() - day > FOR_THE_RECORD_AFTER

    @property
    def days(self) -> list[dict]:
        """The radio buttons for the day, with the one that is chosen."""
        today = timezone.localdate()
        near = {"Today": today, "Yesterday": today - timedelta(days=1)}
        listed: list[dict] = [{"label": label, "day": day, "value": day.isoformat()} for label, day in near.items()]
        value = str(self["crossed_on"].value() or "")
        chosen = value if value in {day["value"] for day in listed} else ANOTHER_DAY if value else ""
        listed.append({"label": "Another day", "value": ANOTHER_DAY})
        return [day | {"is_chosen": day["value"] == chosen} for day in listed]

    @property
    def facts(self) -> dict:
        """What was typed, by the names of the report's fields."""
        return {name: self.cleaned_data[name] for name in FACTS}


_REQUIRED = {
    "crossed_on": "Enter the day you were at the gate.",
    "direction": "Choose the direction.",
    "mode": "Choose how you travelled.",
    "outcome": "Choose what happened.",
}


def _limit(field: forms.Field, most: int, too_much: str) -> None:
    """Numbers that are too large or too small are refused in our words."""
    field.validators = [MinValueValidator(0, "This cannot be below zero."), MaxValueValidator(most, too_much)]
    field.error_messages["invalid"] = "Write a whole number."


class ReportForm(ReportFactsForm, PostForm):
    """A new report: the facts, and the story if there is one."""

    source = MarkdownField(
        label="What should the next traveller know?",
        help_text="Write what you saw; mark what you only heard. No names of officers.",
        required=False,
        max_length=markup.MAX_SOURCE_LENGTH,
        widget=MarkdownTextarea(rows=6),
        error_messages=PostForm.base_fields["source"].error_messages,
    )
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_rules: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_rules:  # which the form of a model does not hand on to that of a post
            self.ask_rules()

    def story(self, report: CrossingReport, fees: list[ReportFee]) -> str:
        """What was written, or else the facts as a sentence."""
        typed = self.cleaned_data["source"]
        if typed.strip():
            return typed
        return wording.sentence_of(report, fees, timezone.localdate())

    def report(self) -> CrossingReport:
        """What was typed, unsaved."""
        is_told = bool(self.cleaned_data["source"].strip())
        return CrossingReport(crossing=self.crossing, story_from_facts=not is_told, **self.facts)


class CurrencyField(forms.ChoiceField):
    """A currency from the list; also what people call it, where it is sent as text."""

    crossing: Crossing
    # As it was stored before there was a list, and may stay.
    stored = ""

    def offer(self, crossing: Crossing, stored: str) -> None:
        self.crossing = crossing
        self.choices = currencies.choices(crossing)
        if stored and stored not in currencies.CURRENCIES:
            self.stored = stored
            self.choices = [*self.choices, (stored, f"{stored}, as it was typed")]

    def prepare_value(self, value: Any) -> Any:
        """What was sent as a word is chosen in the list when the form is shown again."""
        found = currencies.codes_of(value, self.crossing) if value else []
        return found[0] if len(found) == 1 else value

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed or typed == self.stored:
            return typed
        found = currencies.codes_of(typed, self.crossing)
        if len(found) > 1:
            names = ", ".join(currencies.CURRENCIES[code].label for code in found[:4])
            raise forms.ValidationError(f"“{typed}” may be several: {names}. Choose one from the list.")
        if not found:
            raise forms.ValidationError(f"We know no currency called “{typed}”. Choose one from the list.")
        return found[0]


class FeeForm(forms.ModelForm):
    """One thing that was paid."""

    currency = CurrencyField(error_messages={"required": "In which currency? Choose one from the list."})
    has_receipt = forms.NullBooleanField(
        label="Receipt",
        required=False,
        widget=forms.Select(choices=[("unknown", "Not said"), ("true", "Yes"), ("false", "No")]),
    )

    class Meta:
        model = ReportFee
        fields = ["amount", "currency", "purpose", "has_receipt"]
        widgets = {
            "amount": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        labels = {"amount": "Paid", "purpose": "For what"}
        error_messages = {
            "amount": {
                "required": "How much was it?", "invalid": "Write a number, such as 1200.",
                "max_digits": "This is too much to be a fee.", "max_whole_digits": "This is too much to be a fee.",
                "max_decimal_places": "Use two decimals at most.",
            },
            "purpose": {"required": "What was it for?", "max_length": "Say it in %(limit_value)d characters."},
        }  # fmt: skip

    def __init__(self, *args: Any, crossing: Crossing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].offer(crossing, self.initial.get("currency", ""))  # type: ignore[attr-defined]
        # A browser would cut what is pasted, and say nothing.
        self.fields["purpose"].widget.attrs.pop("maxlength", None)

    def clean_amount(self) -> Decimal:
        amount = self.cleaned_data["amount"]
        if amount < 0:
            raise forms.ValidationError("A fee cannot be below zero.")
        if amount > MOST_PAID:
            raise forms.ValidationError("This is too much to be a fee.")
        return amount


FeeFormSet = forms.formset_factory(FeeForm, extra=2, max_num=MOST_FEES, absolute_max=MOST_FEES, validate_max=True)


def fees_of(formset) -> list[ReportFee]:
    """What was paid, unsaved; rows that were left empty say nothing."""
    typed = [form.cleaned_data for form in formset.forms if form.has_changed() or form.initial]
    return [
        ReportFee(**{name: values[name] for name in FeeForm.Meta.fields})
        for values in typed
        if values.get("amount") is not None
    ]
