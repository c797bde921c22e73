from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("operator/", admin.site.urls),
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
