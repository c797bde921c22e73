"""The search form."""

from collections.abc import Hashable
from dataclasses import dataclass

from django import forms
from django.db import models

from forum.models import Subforum
from forum.search import filters
from forum.search.filters import Counted
from pagecache import fragment_cache

SINCES = [("", "Any time"), ("month", "Past month"), ("year", "Past year"), ("years", "Past 3 years")]


@dataclass(frozen=True)
class FilterOption:
    """A checkbox, or a radio button of several, with the number of topics behind it, if it is known."""

    name: str
    value: str
    label: str
    count: int | None
    is_chosen: bool
    is_single: bool
    is_cut: bool = False  # more topics than were counted

    @property
    def pk(self) -> str:
        return f"id_{self.name}" if self.is_single else f"id_{self.name}_{self.value or 'any'}"


class SearchForm(forms.Form):
    """The search form; all its fields are in the query string."""

    q = forms.CharField(max_length=200, required=False, error_messages={"max_length": "Use at most 200 characters."})
    forum = forms.ModelChoiceField(
        Subforum.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="Any forum",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": "There is no such forum. Choose another, or search them all."},
    )
    by = forms.CharField(max_length=60, required=False, widget=forms.TextInput(attrs={"class": "input"}))
    answered = forms.BooleanField(required=False)
    titles = forms.BooleanField(required=False)
    since = forms.ChoiceField(
        choices=SINCES,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the times."},
    )
    order = forms.ChoiceField(
        choices=[("", "Best match"), ("newest", "Newest")],
        required=False,
        error_messages={"invalid_choice": "Choose one of the orders."},
    )

    def __init__(self, *args: object, subforums: models.QuerySet[Subforum], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["forum"].queryset = subforums  # type: ignore[attr-defined]
        for made in filters.all_filters():
            self.fields[made.name] = forms.ChoiceField(
                choices=[("", ""), *made.options],
                required=False,
                error_messages={"invalid_choice": f"There is no such choice of “{made.legend}”. Choose another."},
            )

    @property
    def changed_filters(self) -> bool:
        names = ("forum", "by", "answered", "titles", "since", *(made.name for made in filters.all_filters()))
        return any(self.data.get(name) for name in names)

    @property
    def chosen(self) -> dict[str, str]:
        """The chosen options by the names of their filters (forum/search/filters.py)."""
        named = {made.name: self.cleaned_data.get(made.name, "") for made in filters.all_filters()}
        return {name: option for name, option in named.items() if option}

    def as_values(self, forums: tuple[tuple[str, str], ...], counted: Counted) -> dict[str, Hashable]:
        """All that its template shows, so that the fragment can be kept; `forums` are (slug, name) of each subforum."""
        return {
            "forums": fragment_cache.rendered("forum/_search_forums.html", forums=forums, chosen=self["forum"].value()),
            "by": self["by"].value() or "",
            "answered": bool(self["answered"].value()),
            "titles": bool(self["titles"].value()),
            "since": self["since"].value() or "",
            "sinces": tuple(SINCES),
            "order": self["order"].value() or "",
            "is_open": bool(self.changed_filters),
            "filters": tuple((legend, tuple(options)) for legend, options in self._options(counted).items()),
        }

    def _options(self, counted: Counted) -> dict[str, list[FilterOption]]:
        """The options to show by legend. Of several, those with topics, the chosen one, and one for any of them."""
        found: dict[str, list[FilterOption]] = {}
        for made in filters.all_filters():
            chosen = self.data.get(made.name, "")
            is_single, known = len(made.options) == 1, counted.topics.get(made.name, {})
            options = [
                FilterOption(
                    made.name,
                    value,
                    label,
                    known.get(value, 0) if counted.topics else None,
                    value == chosen,
                    is_single,
                    made.name in counted.cut,
                )
                for value, label in made.options
                if is_single or not counted.topics or known.get(value) or value == chosen
            ]
            if not is_single:
                options.insert(
                    0, FilterOption(made.name, "", f"Any {made.legend.lower()}", None, not chosen, is_single)
                )
            found.setdefault(made.legend, []).extend(options)
        return found
