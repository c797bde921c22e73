"""What the editors type on the staff pages of crossings."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import URLValidator

from accounts.text.plain_text import visible
from crossings.editorial import wording
from crossings.editorial.fields import DayField, LineField, MonthField, SourceField
from crossings.gazetteer.spelling import refusal
from crossings.models import Confidence, Country, Crossing, CrossingFact, CrossingName, Notice
from forum.forms.post_forms import PostForm

MOST_NAMES = 60
MOST_TOWNS = 20
# What stands behind a name that counts only beside a country, a town or a border word.
MARK = "*"


class ReasonForm(forms.Form):
    """Why something is changed; `based_on` is the marker of what the editor began with."""

    reason = LineField(
        label="Why",
        max_length=200,
        help_text="One line for the history, which everybody can read.",
        error_messages={"required": "Say in a few words why. It stands in the history."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    based_on = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class PlaceForm(ReasonForm, forms.ModelForm):
    """What a crossing itself is. Names that are taken are found on saving, where two editors cannot both be first."""

    towns = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="The nearest towns, one a line."
    )
    as_of = MonthField(
        label="As of", help_text="The month to which the facts were looked after.",
        error_messages={"required": "Enter the month to which the facts were looked after."},
    )  # fmt: skip
    source = SourceField(error_messages={"required": "Say where this is known from."})

    class Meta:
        model = Crossing
        fields = [
            "name", "post_a", "post_b", "latitude", "longitude", "altitude_m", "kind", "towns", "in_conflict_zone",
            "is_territory_disputed", "editors_status", "as_of", "source", "confidence",
        ]  # fmt: skip
        field_classes = {"name": LineField, "post_a": LineField, "post_b": LineField}
        labels = {
            "editors_status": "Status by the editors",
            "in_conflict_zone": "It lies in a conflict zone: reports speak for a shorter time",
            "is_territory_disputed": "Territory disputed: states do not agree whose ground it is",
        }
        help_texts = {
            "latitude": "In degrees, south of the equator with a minus: 40.55.",
            "longitude": "In degrees, west of Greenwich with a minus: 75.39.",
            "editors_status": "For people of neither country. Shown while no report speaks.",
        }

    field_order = [*Meta.fields, "reason"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if isinstance(self.initial.get("towns"), list):
            self.initial["towns"] = "\n".join(self.initial["towns"])
        self.fields["confidence"].choices = Confidence.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["based_on"] = wording.marker(wording.of_place(self.instance))
            for post, country in (("post_a", self.instance.country_a), ("post_b", self.instance.country_b)):
                self.fields[post].label = f"Post of {country.name}"

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].rstrip(f"{MARK} ")
        if not any(character.isalnum() for character in name):
            raise forms.ValidationError("This is no name. Write it in any script.")
        return name

    def clean_towns(self) -> list[str]:
        towns = _lines(self.cleaned_data["towns"])
        if len(towns) > MOST_TOWNS:
            raise forms.ValidationError(f"These are {len(towns)} towns. Name the nearest, {MOST_TOWNS} at most.")
        if long := [town for town in towns if len(town) > 60]:
            raise forms.ValidationError(f"This is longer than 60 characters: {long[0]}")
        return towns

    def validate_unique(self) -> None:
        """Left to the database."""

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in PlaceForm.Meta.fields}


class NewCrossingForm(PlaceForm):
    """A crossing that has no page yet. Its two countries get the order of their codes, and their posts with them."""

    class Meta(PlaceForm.Meta):
        fields = ["slug", "country_a", "country_b", *PlaceForm.Meta.fields]
        labels = PlaceForm.Meta.labels | {
            "slug": "Address", "country_a": "One country", "country_b": "The other country",
            "post_a": "Post of the one country", "post_b": "Post of the other country",
        }  # fmt: skip
        help_texts = PlaceForm.Meta.help_texts | {"slug": "Small letters, digits and hyphens. It stays for ever."}

    field_order = ["name", "slug", "country_a", "post_a", "country_b", "post_b", *PlaceForm.Meta.fields[3:], "reason"]

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].lower()

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        one, other = cleaned.get("country_a"), cleaned.get("country_b")
        if isinstance(one, Country) and isinstance(other, Country):
            if one == other:
                self.add_error("country_b", "A crossing lies between two countries. Choose the other one.")
            elif one.pk > other.pk:
                cleaned["country_a"], cleaned["country_b"] = other, one
                cleaned["post_a"], cleaned["post_b"] = cleaned.get("post_b", ""), cleaned.get("post_a", "")
        return cleaned


class FactForm(forms.Form):
    """One fact of a crossing. Without a text there is none, and nothing else is asked."""

    use_required_attribute = False  # or a browser would ask for what is folded away

    text = LineField(label="What is known", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    as_of = MonthField(label="As of", error_messages={"required": "Enter the month to which it was looked after."})
    source = SourceField(error_messages={"required": "Say where it is known from."})
    confidence = forms.ChoiceField(
        choices=[("", "Choose one"), *Confidence.choices], error_messages={"required": "Say how sure you are."}
    )

    def __init__(self, *args: object, kind: str, **kwargs: object) -> None:
        super().__init__(*args, prefix=kind, **kwargs)  # type: ignore[arg-type, misc]
        self.kind = CrossingFact.Kind(kind)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not cleaned.get("text"):
            for name in ("as_of", "source", "confidence"):
                self.errors.pop(name, None)
        return cleaned

    @property
    def fact(self) -> CrossingFact | None:
        return CrossingFact(kind=self.kind, **self.cleaned_data) if self.cleaned_data["text"] else None


class FactsForm(ReasonForm):
    """All facts of a crossing, each with its own small form."""

    def __init__(self, data: object = None, *, facts: Iterable[CrossingFact] = ()) -> None:
        known = {fact.kind: fact for fact in facts}
        super().__init__(data, initial={"based_on": wording.marker(wording.of_facts(known.values()))})  # type: ignore[arg-type]
        self.forms = [
            FactForm(data, kind=kind, initial=forms.model_to_dict(known[kind]) if kind in known else None)
            for kind in CrossingFact.Kind
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(form.is_valid() for form in self.forms)])

    @property
    def facts(self) -> list[CrossingFact]:
        return [form.fact for form in self.forms if form.fact]


class NamesForm(ReasonForm):
    """All names of a crossing, one a line."""

    names = forms.CharField(
        label="Names",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="One a line, in every script. Put * behind a name that is also an ordinary word, a person's name or "
        "a town: it counts only beside a country, a town or a word of the border.",
        error_messages={"required": "A crossing has one name at least."},
    )

    field_order = ["names", "reason"]

    def __init__(self, data: object = None, *, crossing: Crossing, names: Iterable[CrossingName]) -> None:
        self.crossing, self.known = crossing, {name.text: name.needs_context for name in names}
        initial = {
            "names": "\n".join(f"{text} {MARK}" if mark else text for text, mark in self.known.items()),
            "based_on": wording.marker(wording.of_names(names)),
        }
        super().__init__(data, initial=initial)  # type: ignore[arg-type]

    def clean_names(self) -> dict[str, bool]:
        names = {line.rstrip(f"{MARK} "): line.endswith(MARK) for line in _lines(self.cleaned_data["names"])}
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(f"These are {len(names)} names. A crossing may have {MOST_NAMES}.")
        problems = [problem for text, mark in names.items() if (problem := self._problem_with(text, mark))]
        if self.crossing.name not in names:
            problems.append(f"{self.crossing.name} is the title of its page, and stays among its names.")
        if problems:
            raise forms.ValidationError(problems)
        return names

    def _problem_with(self, text: str, needs_context: bool) -> str:
        """What was there before may stay as it is."""
        if not any(character.isalnum() for character in text):
            return f"This is no name: {text or MARK}"
        if len(text) > 80:
            return f"This is longer than 80 characters: {text}"
        if needs_context or self.known.get(text) is False:
            return ""
        refused = refusal(text, self.crossing)
        return f"{refused} Put {MARK} behind it, or leave it out." if refused else ""


class NoticeForm(forms.ModelForm):
    """What an official source says of a crossing for some days."""

    text = LineField(
        max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text="What it says, in a sentence or two.",
        error_messages={"required": "Say what the notice says."},
    )  # fmt: skip
    source = forms.CharField(
        label="Address of the source",
        max_length=300,
        validators=[
            URLValidator(["http", "https"], message="This is no web address. Enter one that begins with https://.")
        ],
        error_messages={"required": "Enter the address where the notice can be read."},
        widget=forms.URLInput,
    )
    begins_on = DayField(label="First day", error_messages={"required": "Enter the first day."})
    ends_on = DayField(label="Last day", required=False, help_text="Leave it empty while nobody knows.")
    based_on = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Notice
        fields = ["kind", "text", "source", "begins_on", "ends_on"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["kind"].choices = Notice.Kind.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["based_on"] = wording.marker(wording.of_notice(self.instance))

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        first, last = cleaned.get("begins_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first day. Look at both.")
        return cleaned

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in NoticeForm.Meta.fields}


class ArticleForm(PostForm):
    """The article of a country; `based_on` is the number of the version that the editor began with."""

    use_required_attribute = False  # or a browser would ask for the reason before it shows a preview

    as_of = MonthField(
        label="As of", help_text="The month to which its facts were looked after. Readers see it.",
        error_messages={"required": "Enter the month to which its facts were looked after."},
    )  # fmt: skip
    reason = LineField(
        label="Why",
        max_length=200,
        help_text="One line for the history, which everybody can read.",
        error_messages={"required": "Say in a few words why. It stands in the history."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    field_order = ["source", "as_of", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["idempotency_key"]
        self.fields["source"].label = "The article"


def _lines(text: str) -> list[str]:
    lines = (" ".join(visible(line).split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))
