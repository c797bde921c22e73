"""Changing what the editors say of a crossing: what it is, its facts, its names; and new crossings."""

from copy import copy

from django.core.exceptions import PermissionDenied

from crossings.editorial import actions
from crossings.editorial.forms import FactsForm, NamesForm, NewCrossingForm, PlaceForm
from crossings.models import Crossing
from crossings.permissions import can_edit_crossing, can_edit_place
from crossings.status import update
from crossings.views.base import answer_form, editors_only, find_crossing, typed_in


@editors_only
def new_crossing(request):
    if not can_edit_place(request.user):
        raise PermissionDenied
    form = NewCrossingForm(typed_in(request), initial={"as_of": update.today().replace(day=1)})

    def save() -> Crossing:
        return actions.add_crossing(request.user, form.instance, reason=form.cleaned_data["reason"])

    return answer_form(request, form, save, {"title": "New crossing"}, done="Crossing saved.")


@editors_only
def edit_crossing(request, slug: str):
    crossing = find_crossing(request.user, slug, can_edit_place)
    form = PlaceForm(typed_in(request), instance=copy(crossing))

    def save() -> Crossing:
        return actions.edit_place(request.user, crossing, values=form.values, **_why(form))

    context = {"crossing": crossing, "title": f"Edit {crossing.name}", "tab": "place"}
    return answer_form(request, form, save, context, done="Crossing saved.")


@editors_only
def edit_facts(request, slug: str):
    crossing = find_crossing(request.user, slug, can_edit_crossing)
    form = FactsForm(typed_in(request), facts=crossing.facts.all())

    def save() -> Crossing:
        return actions.edit_facts(request.user, crossing, facts=form.facts, **_why(form))

    context = {"crossing": crossing, "title": f"Facts of {crossing.name}", "tab": "facts"}
    return answer_form(request, form, save, context, template="crossings/staff/facts.html", done="Facts saved.")


@editors_only
def edit_names(request, slug: str):
    crossing = find_crossing(request.user, slug, can_edit_crossing)
    form = NamesForm(typed_in(request), crossing=crossing, names=crossing.names.all())

    def save() -> Crossing:
        return actions.edit_names(request.user, crossing, names=form.cleaned_data["names"], **_why(form))

    context = {"crossing": crossing, "title": f"Names of {crossing.name}", "tab": "names"}
    return answer_form(request, form, save, context, done="Names saved.")


def _why(form) -> dict:
    return {name: form.cleaned_data[name] for name in ("reason", "based_on")}
