from django.urls import path

from accounts.views import profile_settings, theme

app_name = "accounts"

urlpatterns = [
    path("settings/", profile_settings.settings, name="settings"),
    path("theme/", theme.theme, name="theme"),
]
