"""What travellers type about crossings, and what stands in the addresses of lists."""

from typing import Any, cast

from django import forms
from django.db.models import Q

from accounts.readers import Reader
from crossings.maps.extents import REGIONS
from crossings.models import Country, Crossing, Direction, Mode, Outcome, Status
from crossings.models.crossing import CrossingQuerySet
from crossings.models.report import ReportQuerySet
from forum.models import Subforum


class ReportFilterForm(forms.Form):
    """Which reports of a crossing are shown; `before` is the last report of the page before."""

    mode = forms.ChoiceField(choices=Mode.choices, required=False)
    direction = forms.ChoiceField(choices=Direction.choices, required=False)
    outcome = forms.ChoiceField(choices=[("turned-back", "Did not get through"), *Outcome.choices], required=False)
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    def filter(self, reports: ReportQuerySet) -> ReportQuerySet:
        asked = self.cleaned_data
        if asked["before"]:
            # By its id alone: the day of a report may be one that others must not see yet.
            reports = reports.older_than(asked["before"])
        for name in ("mode", "direction"):
            if asked[name]:
                reports = reports.filter(**{name: asked[name]})
        if asked["outcome"] == "turned-back":
            reports = reports.exclude(outcome__in=Outcome.passes())
        elif asked["outcome"]:
            reports = reports.filter(outcome=asked["outcome"])
        return reports


class LatestForm(forms.Form):
    """Which of the latest topics and posts are listed; members can ask for unread ones, and where they wrote."""

    UNREAD, MINE = "unread", "mine"

    forum = forms.ModelChoiceField(
        Subforum.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="All forums",
        widget=forms.Select(attrs={"class": "input"}),
    )
    country = forms.ModelChoiceField(
        Country.objects.defer("article", "article_html"),
        required=False,
        empty_label="All countries",
        widget=forms.Select(attrs={"class": "input"}),
    )
    only = forms.ChoiceField(
        choices=[("", "Everything"), (UNREAD, "What I have not read"), (MINE, "Topics in which I wrote")],
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, reader: Reader, data: Any) -> None:
        super().__init__(data)
        subforums = Subforum.objects.visible_to(reader).order_by("section__position", "position", "pk")
        cast(forms.ModelChoiceField, self.fields["forum"]).queryset = subforums
        if not reader.is_authenticated:
            del self.fields["only"]

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for, by name; of valid forms."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class WayForm(forms.Form):
    """Which way somebody wants to cross, and how: `?to=kg&by=bicycle`. Without a direction it is about both."""

    to = forms.ChoiceField(required=False)
    by = forms.ChoiceField(choices=Mode.choices)

    def __init__(self, crossing: Crossing, data: Any = None) -> None:
        super().__init__(data)
        to = cast(forms.ChoiceField, self.fields["to"])
        to.choices = [(country.code.lower(), country.name) for country in crossing.countries]


class CrossingFilterForm(forms.Form):
    """Which crossings are listed."""

    country = forms.ModelChoiceField(
        Country.objects.defer("article", "article_html"),
        required=False,
        empty_label="All countries",
        widget=forms.Select(attrs={"class": "input"}),
    )
    mode = forms.ChoiceField(
        choices=[("", "Any transport"), *Mode.choices], required=False, widget=forms.Select(attrs={"class": "input"})
    )
    kind = forms.ChoiceField(
        choices=[("", "Any kind"), *Crossing.Kind.choices],
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    status = forms.MultipleChoiceField(choices=Status.choices, required=False)
    region = forms.ChoiceField(
        choices=[(region.slug, region.name) for region in REGIONS], required=False, widget=forms.HiddenInput
    )
    # The newest change first, unless names are asked for.
    order = forms.ChoiceField(choices=[("name", "A–Z")], required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    @property
    def statuses(self) -> list[str]:
        """Those that are asked for; all, if none is."""
        return self.cleaned_data["status"] or list(Status)

    @property
    def filters(self) -> tuple[str, str, str]:
        """What `filter` depends on."""
        asked = self.cleaned_data
        return asked["country"].pk if asked["country"] else "", asked["mode"], asked["kind"]

    def filter(self, crossings: CrossingQuerySet) -> CrossingQuerySet:
        """By everything but the status and the region, of which all counts are shown."""
        asked = self.cleaned_data
        if asked["country"]:
            crossings = crossings.filter(Q(country_a=asked["country"]) | Q(country_b=asked["country"]))
        if asked["mode"]:
            crossings = crossings.filter(cells__contains=[{"mode": asked["mode"]}])
        return crossings.filter(kind=asked["kind"]) if asked["kind"] else crossings

    def query(self) -> dict:
        """What stands in the address for what is asked."""
        asked = self.cleaned_data
        query = {name: asked[name] for name in ("region", "mode", "kind", "status", "order") if asked[name]}
        return query | ({"country": asked["country"].pk} if asked["country"] else {})
