"""What members and administrators type about a badge that is asked for."""

import re

from django import forms

from accounts.models import BadgeSubject, User
from accounts.text.plain_text import visible, with_line_ends, without_unseen
from crossings.experts.actions import FEWEST_ANSWERS, MOST_ANSWERS, answers_that_count
from crossings.models import BadgeApplication, Country
from forum.models import Post

MOST_COUNTRIES = 5
# "/posts/12/", or the place of a post on its page: "#p12".
_POST = re.compile(r"(?:/posts/|#p)([0-9]{1,18})(?![0-9])")


class ApplicationForm(forms.Form):
    countries = forms.ModelMultipleChoiceField(
        Country.objects.only("code", "name").order_by("name"), required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}), help_text="One to five.",
    )  # fmt: skip
    subject = forms.ModelChoiceField(
        BadgeSubject.objects.all(), required=False, to_field_name="name", empty_label="No subject",
        label="Or a subject", help_text="Instead of countries.",
    )  # fmt: skip
    answers = forms.CharField(
        max_length=2_000, label="Your three best answers", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The address of each, on a line of its own: copy it from the date of the post. Up to five.",
    )  # fmt: skip
    words = forms.CharField(
        max_length=1_000, label="What you know, and from where", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Experts and moderators read it.",
    )  # fmt: skip

    def __init__(self, *args: object, applicant: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.applicant = applicant

    def clean_countries(self) -> list[str]:
        codes = [country.pk for country in self.cleaned_data["countries"]]
        if len(codes) > MOST_COUNTRIES:
            raise forms.ValidationError(f"These are {len(codes)} countries. Choose {MOST_COUNTRIES} at most.")
        return codes

    def clean_subject(self) -> str:
        subject = self.cleaned_data["subject"]
        return subject.name if subject else ""

    def clean_words(self) -> str:
        return _lines(self.cleaned_data["words"])

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if bool(cleaned["countries"]) == bool(cleaned["subject"]):
            self.add_error("countries", "Choose countries, or one subject.")
        else:
            cleaned["answers"] = self._answers(cleaned)
        return cleaned

    def _answers(self, cleaned: dict) -> list[Post]:
        ids = list(dict.fromkeys(int(number) for number in _POST.findall(cleaned["answers"])))
        if not FEWEST_ANSWERS <= len(ids) <= MOST_ANSWERS:
            self.add_error("answers", f"These are {len(ids)} answers. Name {FEWEST_ANSWERS} to {MOST_ANSWERS}.")
            return []
        counting = answers_that_count(self.applicant, cleaned["countries"], cleaned["subject"])
        found = counting.in_bulk(ids)
        if missing := [str(pk) for pk in ids if pk not in found]:
            self.add_error(
                "answers",
                f"Not an answer of yours that all can read, in a topic about this: post {', '.join(missing)}. "
                "Your own questions do not count, either.",
            )
        return list(found.values())


class DecisionForm(forms.Form):
    """The badge is given with its title and a reason for all, or refused with words for the applicant."""

    title = forms.CharField(max_length=40, required=False, help_text="As it stands beside posts: China expert.")
    reason = forms.CharField(
        max_length=300,
        label="Reason",
        help_text="If given, for all, on the profile. If not, for the applicant.",
    )

    def __init__(self, *args: object, application: BadgeApplication, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.initial["title"] = title_for(application)

    @property
    def is_given(self) -> bool:
        return "give" in self.data

    def clean_title(self) -> str:
        title = " ".join(visible(self.cleaned_data["title"]).split())
        if self.is_given and not title:
            raise forms.ValidationError("Write the title of the badge.")
        return title

    def clean_reason(self) -> str:
        reason = " ".join(visible(self.cleaned_data["reason"]).split())
        if not reason:
            raise forms.ValidationError("Write why.")
        return reason


def title_for(application: BadgeApplication) -> str:
    """A title for the badge that is asked for: "China expert"."""
    names = Country.objects.filter(pk__in=application.countries).order_by("name").values_list("name", flat=True)
    return f"{' & '.join(names) or application.subject} expert"[:40]


def _lines(text: str) -> str:
    lines = [without_unseen(line).rstrip() for line in with_line_ends(text).split("\n")]
    return "\n".join(lines).strip()
