from django.urls import path

from accounts.views import ignored_members, profile_settings, theme, well_known

app_name = "accounts"

urlpatterns = [
    path("settings/", profile_settings.settings, name="settings"),
    path("settings/ignored/", ignored_members.ignored, name="ignored"),
    path("members/<str:username>/ignore/", ignored_members.ignore, name="ignore"),
    path("members/<str:username>/stop-ignoring/", ignored_members.stop_ignoring, name="stop-ignoring"),
    path(".well-known/security.txt", well_known.security_txt, name="security-txt"),
    path(".well-known/change-password", well_known.change_password, name="change-password"),
    path("theme/", theme.theme, name="theme"),
]
