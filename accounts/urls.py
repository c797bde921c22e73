from django.urls import path

from accounts.views import ignored_members, profile_settings, theme

app_name = "accounts"

urlpatterns = [
    path("settings/", profile_settings.settings, name="settings"),
    path("settings/ignored/", ignored_members.ignored, name="ignored"),
    path("members/<str:username>/ignore/", ignored_members.ignore, name="ignore"),
    path("members/<str:username>/stop-ignoring/", ignored_members.stop_ignoring, name="stop-ignoring"),
    path("theme/", theme.theme, name="theme"),
]
