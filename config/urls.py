from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import confirm_address, take_back
from accounts.views.signin import code_pages

urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    # Before what needs it we ask for the password again; allauth's way by a code in a letter is not offered.
    path(
        "account/reauthenticate/code/",
        RedirectView.as_view(pattern_name="account_reauthenticate"),
        name="account_request_reauthentication_code",
    ),
    path(
        "account/reauthenticate/code/confirm/",
        RedirectView.as_view(pattern_name="account_reauthenticate"),
        name="account_confirm_reauthentication_code",
    ),
    # Our own in place of allauth's: a GET changes nothing, and the link of a new account signs in.
    path("account/confirm-email/<str:key>/", confirm_address.confirm_address, name="account_confirm_email"),
    path("account/login/code/", code_pages.ask_for_code, name="account_request_login_code"),
    path("account/login/code/confirm/", code_pages.enter_code, name="account_confirm_login_code"),
    path("account/take-back/<str:key>/", take_back.take_back, name="account_take_back"),
    path("account/", include("allauth.account.urls")),
    path("account/second-step/", include("accounts.signin.urls")),  # ours before those of the same name
    path("account/second-step/", include("allauth.mfa.urls")),
    path("", include("accounts.urls")),
    path("", include("config.checklist.urls")),
    path("", include("forum.urls")),
    path("", include("crossings.urls")),
    path("", include("moderation.urls")),
    path("", include("notifications.urls")),
]
if settings.SOCIAL_SIGN_IN:
    urlpatterns.append(path("account/social/", include("accounts.social.urls")))
if settings.ANYMAIL["WEBHOOK_SECRET"]:
    urlpatterns.append(path("letters/webhooks/", include("anymail.urls")))

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler429 = "config.errors.too_many"  # asked by allauth for its own limits
