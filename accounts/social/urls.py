"""Pages of social sign-in, included only where SOCIAL_SIGN_IN names a site; the names are allauth's."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views.signin import social_sign_in

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="accounts:signing-in"), name="socialaccount_connections"),
    path("sign-up/", social_sign_in.sign_up, name="socialaccount_signup"),
    path("cancelled/", social_sign_in.cancelled, name="socialaccount_login_cancelled"),
    path("failed/", social_sign_in.failed, name="socialaccount_login_error"),
    path("disconnect/<int:account_id>/", social_sign_in.disconnect, name="social-disconnect"),
    path("with/<slug:provider_id>/", social_sign_in.begin, name="openid_connect_login"),
    path("with/<slug:provider_id>/back/", social_sign_in.come_back, name="openid_connect_callback"),
]
