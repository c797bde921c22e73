"""The small fields of the editors' forms: one line, a month, a day, a source."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.text.plain_text import visible
from crossings.editorial import importer

FIRST_DAY = date(1990, 1, 1)
_MONTH = re.compile("[0-9]{4}-[0-9]{2}")


class LineField(forms.CharField):
    """One line, without what cannot be seen."""

    def to_python(self, value: object) -> str:
        return " ".join(visible(super().to_python(value) or "").split())


class MonthInput(forms.TextInput):
    input_type = "month"

    def format_value(self, value: object) -> str | None:
        return f"{value:%Y-%m}" if isinstance(value, date) else super().format_value(value)


class MonthField(forms.CharField):
    """A month that is over or goes on, as its first day. Browsers without such a field take it as text."""

    widget = MonthInput(attrs={"placeholder": "2025-12"})

    def to_python(self, value: object) -> date | None:  # type: ignore[override]
        written = (super().to_python(value) or "").strip()
        if not written:
            return None
        try:
            month = importer.month(written if _MONTH.fullmatch(written) else "")
        except ValueError:
            raise forms.ValidationError("This is no month. Write it like 2025-12.") from None
        if month < FIRST_DAY:
            raise forms.ValidationError("This month is before 1990. Enter the month to which you looked after it.")
        if month > timezone.now().date():
            raise forms.ValidationError("This month is in the future. Enter the month to which you looked after it.")
        return month


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day between 1990 and two years from now."""

    widget = DayInput
    default_error_messages = {"invalid": "This is no day. Write it like 2026-10-01."}

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day and day < FIRST_DAY:
            raise forms.ValidationError("This day is before 1990. Look at the year.")
        if day and day > timezone.now().date() + timedelta(days=2 * 365):
            raise forms.ValidationError("This day is more than two years away. Look at the year.")
        return day


class SourceField(LineField):
    """Where something is known from: an address, a book, a person."""

    def __init__(self, **how: object) -> None:
        super().__init__(max_length=300, help_text="An address, a document, or who told it and where.", **how)  # type: ignore[arg-type]
