"""The form of a preset reason."""

from typing import Any

from django import forms

from accounts.text.plain_text import visible
from forum.models import Subforum
from moderation import rules
from moderation.models import PresetReason


class ReasonForm(forms.Form):
    """A preset reason. `values` are the keyword arguments of moderation.reasons.actions."""

    label = forms.CharField(label="Name, for moderators", max_length=30, help_text="One or two words, for the button.")
    text = forms.CharField(
        label="What the author reads",
        max_length=500,
        help_text="Kind and short: what was wrong, and what is welcome instead.",
    )
    rule = forms.ChoiceField(label="The rule that it names", required=False)
    cause = forms.ChoiceField(
        label="Suggest it first for",
        required=False,
        choices=[("", "Nothing in particular"), *PresetReason.Cause.choices],
    )
    rules_seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    based_on = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, subforum: Subforum | None, reason: PresetReason | None = None) -> None:
        self.rules = rules.rules_for(subforum)
        super().__init__(data, initial=self._initial(reason))
        choices = [("", "No rule"), *((rule.value, rule.label) for rule in self.rules)]
        self.fields["rule"].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput):
                field.widget.attrs["class"] = "input"

    def clean_label(self) -> str:
        return self._said("label")

    def clean_text(self) -> str:
        return self._said("text")

    def clean_rule(self) -> str:
        value = self.cleaned_data["rule"]
        if value and rules.have_changed(self.data.get("rules_seen", ""), self.rules):
            raise forms.ValidationError(rules.CHANGED)
        return value

    @property
    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        rule = next((rule for rule in self.rules if rule.value == typed["rule"]), None)
        return {
            "label": typed["label"],
            "text": typed["text"],
            "cause": typed["cause"],
            "rule_text": rule.text if rule else "",
            "is_forum_rule": rule.is_forum_rule if rule else False,
        }

    @property
    def version_seen(self) -> int:
        return self.cleaned_data["based_on"] or 0

    def _said(self, name: str) -> str:
        said = " ".join(visible(self.cleaned_data[name]).split())
        if not any(character.isalnum() for character in said):
            raise forms.ValidationError("Write something that can be read.")
        return said

    def _initial(self, reason: PresetReason | None) -> dict[str, Any]:
        shown = {"rules_seen": rules.seen(self.rules)}
        if reason is None:
            return shown
        named = (reason.is_forum_rule, reason.rule_text)
        rule = next((rule.value for rule in self.rules if (rule.is_forum_rule, rule.text) == named), "")
        stands = {"label": reason.label, "text": reason.text, "cause": reason.cause, "based_on": reason.version}
        return shown | stands | {"rule": rule}
