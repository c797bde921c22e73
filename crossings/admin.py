from django.contrib import admin

from crossings.models import Matter


@admin.register(Matter)
class MatterAdmin(admin.ModelAdmin):
    """What questions may be about. New words count for new topics; `rebuild_similarity` brings them to all."""

    list_display = ["name", "words", "holds_days"]
