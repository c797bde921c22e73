"""Rows on the operator's pages that are only looked at: verbs keep counters and versions, and write the log."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class LookOnly(admin.ModelAdmin):
    """Neither added, changed nor deleted by hand. Lists begin with the newest, and count nothing that is not shown."""

    ordering = ["-pk"]
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def register(model: type[Model], *columns: str, search: tuple[str, ...] = (), kinds: tuple[str, ...] = ()) -> None:
    """Show the rows of a model to the operator: its columns, what one may search in, and by what one may filter."""
    named = {field.name for field in model._meta.concrete_fields if field.is_relation}
    shown = {
        "list_display": columns,
        "list_select_related": sorted(named & set(columns)) or False,
        "search_fields": search,
        "list_filter": kinds,
    }
    admin.site.register(model, type(f"{model.__name__}Admin", (LookOnly,), shown))
