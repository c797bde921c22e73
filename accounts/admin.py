from allauth.account.adapter import get_adapter
from allauth.account.decorators import secure_admin_login
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa import admin as mfa_admin  # noqa: F401 (registers what is unregistered below)
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as social_admin  # noqa: F401 (likewise)
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.logs import security_log
from accounts.models import User
from accounts.readers import reader_of
from accounts.signin.freshness import was_fresh

# Redirects visitors to the site's own sign-in page, which has rate limits.
_sign_in = secure_admin_login(admin.site.login)


def _has_permission(request: HttpRequest) -> bool:
    """Administrators in standing, with a second step where it is due, who proved within half an hour who they are."""
    return reader_of(request).is_staff and was_fresh(request)


def _login(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Members who may not operate get 403 and never Django's own form, which has no rate limits; who may is asked for
    password, code or passkey again."""
    if not request.user.is_authenticated:
        return _sign_in(request, extra_context)
    if not reader_of(request).is_staff:
        raise PermissionDenied
    if not was_fresh(request):
        raise ReauthenticationRequired
    next_url = request.GET.get("next", "")
    return redirect(next_url if get_adapter().is_safe_url(next_url) else "admin:index")


admin.site.has_permission = _has_permission  # type: ignore[method-assign]
admin.site.login = _login  # type: ignore[method-assign]


# Second steps are taken off by an act that stands in the log, or by a command; nobody looks at what is in them.
# Accounts of other sites are their members' own, and the sites are settings.
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken])


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
    ]
    readonly_fields = ["username", "email", "email_confirmed_at"]  # a name changes on the staff pages

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        security_log.note("member-changed", request, of=obj.pk, fields=form.changed_data)

    def has_add_permission(self, request):
        return False  # members sign up; the first administrator is made by createsuperuser
