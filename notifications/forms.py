"""What the pages of news and watches are sent."""

from typing import Any

from django import forms

_ROW: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1, "required": False}


class BeforeForm(forms.Form):
    """Where a page of news begins."""

    before = forms.IntegerField(**_ROW)


class ReadForm(forms.Form):
    """Which news is read: one, or all up to one."""

    one = forms.IntegerField(**_ROW)
    until = forms.IntegerField(**_ROW)
