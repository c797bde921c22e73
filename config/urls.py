from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("operator/", admin.site.urls),
    # Before what needs it we ask for the password again; allauth's way by a code in a letter is not offered.
    path(
        "account/reauthenticate/code/",
        RedirectView.as_view(pattern_name="account_reauthenticate"),
        name="account_request_reauthentication_code",
    ),
    path("account/", include("allauth.account.urls")),
    path("", include("accounts.urls")),
    path("", include("forum.urls")),
    path("", include("crossings.urls")),
    path("", include("moderation.urls")),
    path("", include("notifications.urls")),
]
if settings.ANYMAIL["WEBHOOK_SECRET"]:
    urlpatterns.append(path("letters/webhooks/", include("anymail.urls")))

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler429 = "config.errors.too_many"  # asked by allauth for its own limits
