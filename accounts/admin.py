from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import security_log
from accounts.models import ExpertBadge, User
from accounts.readers import reader_of

# Redirects visitors to the site's own sign-in page, which has rate limits.
_sign_in = secure_admin_login(admin.site.login)


def _has_permission(request: HttpRequest) -> bool:
    """Administrators, while they are not suspended or banned."""
    return reader_of(request).is_staff


def _login(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Members who may not operate get 403 and never Django's own form, which has no rate limits."""
    if request.user.is_authenticated and not _has_permission(request):
        raise PermissionDenied
    return _sign_in(request, extra_context)


admin.site.has_permission = _has_permission  # type: ignore[method-assign]
admin.site.login = _login  # type: ignore[method-assign]


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
