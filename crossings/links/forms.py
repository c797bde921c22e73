"""Naming crossings in a composer, in any spelling that people typed for them."""

from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import User
from crossings.gazetteer import lookup
from crossings.links import actions
from crossings.models import Crossing
from forum.models import Post, Subforum


class CrossingsField(forms.CharField):
    """Names of crossings, separated by commas: each must mean one crossing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=300, **kwargs)

    def clean(self, value: object) -> list[Crossing]:
        typed = super().clean(value)
        names = [name for part in typed.split(",") if (name := " ".join(part.split()))]
        if len(names) > actions.MOST_LINKS:
            raise forms.ValidationError(f"Name at most {actions.MOST_LINKS} crossings: those the topic is about.")
        found, problems = [], []
        for name in names:
            crossing = lookup.crossing_named(name)
            if crossing is None:
                problems.append(_problem(name))
            elif crossing not in found:
                found.append(crossing)
        if problems:
            raise forms.ValidationError(" ".join(problems))
        return found


def _problem(name: str) -> str:
    """Why a name means no crossing, with those it may mean."""
    like = [crossing.name for crossing in lookup.crossings_like(name, Crossing.objects.all())[:3]]
    if like:
        return f"“{name}” may be several crossings. Write one of: {'; '.join(like)}."
    return f"We know no crossing called “{name}”. Try another spelling, or leave it out: others can add it."


class LinksForm(forms.Form):
    """Which crossings a topic is about."""

    template = "borderpost/uni_form.html"
    crossings = CrossingsField(
        label="Crossings",
        help_text="Which crossings is it about? Any spelling, with commas between several.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def save(self, post: Post) -> None:
        """Link the topic that was just opened."""
        for crossing in self.cleaned_data["crossings"]:
            source = actions.source_of(post.author, post.topic)
            actions.link_topic(post.topic, crossing, source=source, by=post.author)


def in_composer(user: User, subforum: Subforum, data: QueryDict | None, asked: QueryDict) -> LinksForm:
    """The field in the composer of a new topic; the page of a crossing brings its name along."""
    crossing = Crossing.objects.filter(slug=asked.get("crossing", "")).first() if "crossing" in asked else None
    return LinksForm(data, initial={"crossings": crossing.name if crossing else ""})
