"""Form fields that several forms of moderation share."""

from typing import Any

from django import forms

from accounts.forms import visible


class WordsField(forms.CharField):
    """Several lines that somebody reads: only what can be seen, and something of it if it is required."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return "\n".join(visible(line).rstrip() for line in (super().to_python(value) or "").splitlines()).strip()
