from django.contrib import admin

from forum.models import Section, Subforum

admin.site.register(Section)


@admin.register(Subforum)
class SubforumAdmin(admin.ModelAdmin):
    """For looking: access and rules change on the staff pages, where counters and versions follow."""

    list_display = ["name", "section", "access", "topics_count", "posts_count"]
    readonly_fields = ["access", "topics_count", "posts_count", "version"]
    filter_horizontal = ["moderators"]
