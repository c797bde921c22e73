from django.contrib import admin

from accounts.models import ExpertBadge, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """For the operator: accounts as they are. Counters are not for hands."""

    list_display = ["username", "email", "joined_at", "posts_count", "is_staff", "suspended_until"]
    search_fields = ["username", "email"]
    fields = [
        "username", "email", "email_confirmed_at", "is_active", "is_staff", "is_superuser", "trust",
        "suspended_until", "location", "bio", "signature", "posts_count", "reactions_given", "reactions_received",
    ]  # fmt: skip
    readonly_fields = ["posts_count", "reactions_given", "reactions_received"]


@admin.register(ExpertBadge)
class ExpertBadgeAdmin(admin.ModelAdmin):
    list_display = ["title", "user", "given_by", "given_at", "withdrawn_at"]
    raw_id_fields = ["user", "given_by"]
