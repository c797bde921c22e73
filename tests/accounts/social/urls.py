"""The URL conf of a site with SOCIAL_SIGN_IN: what config/urls.py appends then."""

from django.urls import include, path

from config import urls
from config.urls import *  # noqa: F403

urlpatterns = [*urls.urlpatterns, path("account/social/", include("accounts.social.urls"))]
