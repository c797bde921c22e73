from django.contrib import admin
from django.utils import timezone

from accounts.logs import security_log
from accounts.models import ExpertBadge
from forum.experts import actions
from forum.models import Rearrangement, RulesBanner, RulesRead, RulesVersion, Section, Subforum, TopicPointer
from forum.read_only_admin import register

admin.site.register(Section)


@admin.register(Subforum)
class SubforumAdmin(admin.ModelAdmin):
    """Access and counters are read-only: the staff pages change access and rules, and update counters and versions."""

    list_display = ["name", "section", "access", "topics_count", "posts_count"]
    readonly_fields = ["access", "group", "topics_count", "posts_count", "version"]
    filter_horizontal = ["moderators"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        moderators = sorted(form.instance.moderators.values_list("pk", flat=True))
        security_log.note("subforum-saved", request, subforum=form.instance.pk, moderators=moderators)


@admin.register(ExpertBadge)
class ExpertBadgeAdmin(admin.ModelAdmin):
    """Registered here, because what counts as answered follows from badges."""

    list_display = ["title", "user", "given_by", "given_at", "withdrawn_at"]
    list_select_related = ["user", "given_by"]
    autocomplete_fields = ["user"]
    exclude = ["given_by", "given_at"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.given_by, obj.given_at = request.user, timezone.now()
        actions.save_badge(obj, request.user)
        security_log.note("badge-saved", request, of=obj.user_id, badge=obj.pk, fields=form.changed_data)

    def get_readonly_fields(self, request, obj=None):
        return ["user"] if obj else []  # a badge does not go to another member

    def has_delete_permission(self, request, obj=None):
        return False  # a badge is withdrawn, so that what was said under it keeps its date


register(RulesBanner, "__str__", "version", "set_by", "set_at")
register(RulesVersion, "number", "banner", "set_by", "set_at", "reason")
register(RulesRead, "user", "subforum", "read_at", search=("user__username",))
register(Rearrangement, "kind", "source", "target", "made_by", "made_at", "undone_at", kinds=("kind",))
register(TopicPointer, "topic", "subforum", "left_at")
