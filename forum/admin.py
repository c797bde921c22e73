from django.contrib import admin

from accounts import security_log
from forum.models import Rearrangement, RulesBanner, RulesRead, RulesVersion, Section, Subforum, TopicPointer
from forum.read_only_admin import register

admin.site.register(Section)


@admin.register(Subforum)
class SubforumAdmin(admin.ModelAdmin):
    """Access and counters are read-only: the staff pages change access and rules, and update counters and versions."""

    list_display = ["name", "section", "access", "topics_count", "posts_count"]
    readonly_fields = ["access", "topics_count", "posts_count", "version"]
    filter_horizontal = ["moderators"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        moderators = sorted(form.instance.moderators.values_list("pk", flat=True))
        security_log.note("subforum-saved", request, subforum=form.instance.pk, moderators=moderators)


register(RulesBanner, "__str__", "version", "set_by", "set_at")
register(RulesVersion, "number", "banner", "set_by", "set_at", "reason")
register(RulesRead, "user", "subforum", "read_at", search=("user__username",))
register(Rearrangement, "kind", "source", "target", "made_by", "made_at", "undone_at", kinds=("kind",))
register(TopicPointer, "topic", "subforum", "left_at")
