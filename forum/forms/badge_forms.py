"""What administrators type about experts' badges."""

import re

from django import forms

from accounts.models import BadgeSubject, ExpertBadge
from accounts.text.plain_text import visible
from forum.models import Subforum


class BadgeForm(forms.ModelForm):
    countries = forms.CharField(
        required=False, help_text="Two-letter codes with spaces or commas between them, such as KG KZ."
    )
    subject = forms.ModelChoiceField(
        BadgeSubject.objects.all(), required=False, to_field_name="name", empty_label="No subject",
        help_text="What it is for, if not countries.",
    )  # fmt: skip
    reason = forms.CharField(max_length=300, help_text="Shown on the profile: what the badge rests on.")

    class Meta:
        model = ExpertBadge
        fields = ["title", "countries", "subject", "reason"]
        help_texts = {"title": "As it stands beside posts: China expert."}

    def clean_title(self) -> str:
        return " ".join(visible(self.cleaned_data["title"]).split())

    def clean_reason(self) -> str:
        return " ".join(visible(self.cleaned_data["reason"]).split())

    def clean_subject(self) -> str:
        subject = self.cleaned_data["subject"]
        return subject.name if subject else ""

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


class WithdrawBadgeForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False, help_text="For the history of the badge, which all read.")

    def clean_reason(self) -> str:
        return " ".join(visible(self.cleaned_data["reason"]).split())


class BadgeSubjectForm(forms.ModelForm):
    """A subject of badges, and which subforums are about it."""

    subforums = forms.ModelMultipleChoiceField(
        Subforum.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Badges for this subject are shown beside posts there. If you choose none, everywhere.",
    )  # fmt: skip

    class Meta:
        model = BadgeSubject
        fields = ["name"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.instance.pk:
            self.initial["subforums"] = self.instance.subforums.all()

    def clean_name(self) -> str:
        return " ".join(visible(self.cleaned_data["name"]).split())

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        self.instance.subforums.set(self.cleaned_data["subforums"])
