from django.contrib import admin
from django.urls import include, path

from accounts.views import ResetPassword, SignUp

urlpatterns = [
    path("operator/", admin.site.urls),
    path("account/signup/", SignUp.as_view(), name="account_signup"),
    path("account/password/reset/", ResetPassword.as_view(), name="account_reset_password"),
    path("account/", include("allauth.account.urls")),
    path("", include("accounts.urls")),
    path("", include("forum.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
