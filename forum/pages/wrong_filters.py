"""Filters in addresses that mean nothing: a list is shown without them, and says so, instead of a page not found."""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.http import QueryDict


def form_without[Form: forms.Form](build: Callable[[Any], Form], data: QueryDict) -> tuple[Form, tuple[str, ...]]:
    """A form made by `build` of the filters that it knows, so a valid one, and the labels of those it left out.

    Of several values of one filter the wrong ones alone are left out.
    """
    form = build(data)
    if form.is_valid():
        return form, ()
    kept = data.copy()
    for name in form.errors:
        kept.setlist(name, _known(form.fields.get(name), data.getlist(name)))
    cleaned = build(kept if _stand_alone(form) else QueryDict())
    cleaned.is_valid()
    return cleaned, tuple(_label(form, name) for name in form.errors)


def _stand_alone(form: forms.Form) -> bool:
    """Whether each filter is wrong by itself, and not how they stand together."""
    return not form.non_field_errors()


def choice(data: QueryDict, name: str, known: Collection[str], otherwise: str = "") -> tuple[str, tuple[str, ...]]:
    """The value of one filter, if it is `known`, else `otherwise`; and the name of the filter if it was left out."""
    asked = data.get(name, "")
    if not asked or asked in known:
        return asked or otherwise, ()
    return otherwise, (name,)


def _known(field: forms.Field | None, values: list[str]) -> list[str]:
    if not isinstance(field, forms.MultipleChoiceField):
        return []
    return [value for value in values if field.valid_value(value)]


def _label(form: forms.Form, name: str) -> str:
    field = form.fields.get(name)
    return str((field and field.label) or name).lower()
