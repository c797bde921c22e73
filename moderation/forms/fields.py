"""Form fields that several forms of moderation share."""

from typing import Any

from django import forms

from accounts.text.plain_text import visible


class WordsField(forms.CharField):
    """Multi-line plain text without invisible characters; if required, it needs a visible one."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return "\n".join(visible(line).rstrip() for line in (super().to_python(value) or "").splitlines()).strip()
