"""Forms of the staff pages, for administrators and moderators."""

import re

from django import forms
from django.db import models

from accounts.models import ExpertBadge, User
from accounts.text import names
from forum import markup
from forum.models import RulesBanner, Section, Subforum

MOST_RULES = 20
LONGEST_RULE = 500


class SectionForm(forms.ModelForm):
    class Meta:
        model = Section
        fields = ["name", "position"]


class SubforumForm(forms.ModelForm):
    moderators = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Names of members, one a line.",
    )

    class Meta:
        model = Subforum
        fields = ["section", "name", "short_name", "slug", "description", "icon", "position", "access"]
        help_texts = {
            "short_name": "Where there is little room, as in “Is it open?”. Left empty, the name stands there.",
            "slug": "For its address: small letters, digits and hyphens.",
            "icon": "The name of an icon: msg, map, swap, warn, doc, car, bike, bus, user.",
        }

    field_order = ["section", "name", "short_name", "slug", "description", "icon", "position", "access", "moderators"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.instance.pk:
            self.initial["moderators"] = "\n".join(
                self.instance.moderators.order_by("username_skeleton").values_list("username", flat=True)
            )

    def clean_moderators(self) -> list[User]:
        written = [line.strip() for line in self.cleaned_data["moderators"].splitlines() if line.strip()]
        wanted = {names.skeleton(name): name for name in written}
        found = list(User.objects.filter(username_skeleton__in=wanted, is_active=True))
        missing = set(wanted) - {user.username_skeleton for user in found}
        if missing:
            unknown = ", ".join(sorted(wanted[skeleton] for skeleton in missing))
            raise forms.ValidationError(f"No member has this name: {unknown}. Check the spelling.")
        return found


class RulesForm(forms.ModelForm):
    """The rules as text, one per line."""

    rules = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="One rule a line, in Markdown. They are numbered by themselves.",
    )

    reason = forms.CharField(
        label="What changed, in a few words",
        max_length=200,
        required=False,
        help_text="Members read it beside the old and the new rules.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # The version that the form was opened with; 0 if there were no rules yet.
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    class Meta:
        model = RulesBanner
        fields = ["introduction", "rules"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.initial.setdefault("based_on", self.instance.version if self.instance.pk else 0)
        if not isinstance(self.initial.get("rules"), str):
            self.initial["rules"] = "\n".join(self.instance.rules or [])

    def clean_rules(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["rules"].splitlines() if line.strip()]
        length = LONGEST_RULE
        if len(lines) > MOST_RULES:
            raise forms.ValidationError(f"These are {len(lines)} rules. Nobody reads more than {MOST_RULES}.")
        if any(len(line) > length for line in lines):
            raise forms.ValidationError(f"A rule may have {length} characters. Shorten the longest.")
        for line in lines:
            markup.to_html(line)
        return lines


class RenameForm(forms.Form):
    name = forms.CharField(max_length=200, help_text="Everything the member wrote shows it at once.")


class BadgeForm(forms.ModelForm):
    countries = forms.CharField(
        required=False, help_text="Two-letter codes with spaces or commas between them, such as KG KZ."
    )

    class Meta:
        model = ExpertBadge
        fields = ["title", "countries", "subject"]
        help_texts = {"title": "As it stands beside posts: China expert."}

    def clean_countries(self) -> list[str]:
        codes = re.split(r"[\s,]+", self.cleaned_data["countries"].upper().strip())
        codes = [code for code in codes if code]
        wrong = [code for code in codes if not re.fullmatch("[A-Z]{2}", code)]
        if wrong:
            raise forms.ValidationError(f"Not a two-letter country code: {', '.join(wrong)}.")
        return list(dict.fromkeys(codes))

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        title, user = cleaned.get("title"), self.instance.user
        if title and user.badges.standing().filter(title=title).exists():
            self.add_error("title", "This member has that badge already.")
        if not cleaned.get("countries") and not cleaned.get("subject") and not self.errors:
            self.add_error("countries", "Name the countries or the subject that the badge is for.")
        return cleaned


class EmptySectionForm(forms.Form):
    """Deleting a section; it must be empty."""

    def __init__(self, *args: object, section: models.Model, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.section = section

    def clean(self) -> dict:
        if Subforum.objects.filter(section_id=self.section.pk).exists():
            raise forms.ValidationError("Move its subforums to another section first.")
        return super().clean() or {}
