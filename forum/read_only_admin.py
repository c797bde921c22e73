"""Read-only pages of Django's admin, because only actions update counters and versions, and write the log."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class LookOnly(admin.ModelAdmin):
    """A ModelAdmin without add, change and delete. Lists show the newest first, without a full count."""

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
    """Register a read-only ModelAdmin with list_display `columns`, search_fields `search` and list_filter `kinds`."""
    named = {field.name for field in model._meta.concrete_fields if field.is_relation}
    shown = {
        "list_display": columns,
        "list_select_related": sorted(named & set(columns)) or False,
        "search_fields": search,
        "list_filter": kinds,
    }
    admin.site.register(model, type(f"{model.__name__}Admin", (LookOnly,), shown))
