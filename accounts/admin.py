from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils import timezone

from accounts import security_log
from accounts.models import ExpertBadge, User

# The admin redirects to the site's own sign-in page, which has rate limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["username", "email", "joined_at", "trust", "is_staff", "is_active"]
    list_filter = ["trust", "is_staff", "is_active"]
    search_fields = ["username", "email"]
    fields = [
        "username",
        "email",
        "email_confirmed_at",
        "trust",
        "suspended_until",
        "banned_at",
        "is_staff",
        "is_superuser",
        "is_active",
        "location",
        "bio",
        "signature",
    ]
    readonly_fields = ["username", "email", "email_confirmed_at"]  # a name changes on the staff pages

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        security_log.note("member-changed", request, of=obj.pk, fields=form.changed_data)

    def has_add_permission(self, request):
        return False  # members sign up; the first administrator is made by createsuperuser


@admin.register(ExpertBadge)
class ExpertBadgeAdmin(admin.ModelAdmin):
    list_display = ["title", "user", "given_by", "given_at", "withdrawn_at"]
    list_select_related = ["user", "given_by"]
    autocomplete_fields = ["user"]
    exclude = ["given_by", "given_at"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.given_by, obj.given_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)
        security_log.note("badge-saved", request, of=obj.user_id, badge=obj.pk, fields=form.changed_data)

    def has_delete_permission(self, request, obj=None):
        return False  # a badge is withdrawn, so that what was said under it keeps its date
