from django.urls import path

from accounts.views import (
    ignored_members,
    invitation_pages,
    own_name,
    profile_settings,
    texts_to_post,
    theme,
    well_known,
)
from accounts.views.signin import passkeys, password_by_letter, signing_in

app_name = "accounts"

urlpatterns = [
    path("settings/", profile_settings.settings, name="settings"),
    path("settings/signing-in/", signing_in.signing_in, name="signing-in"),
    path("settings/signing-in/end/<int:number>/", signing_in.end_session, name="end-session"),
    path("settings/signing-in/end-others/", signing_in.end_other_sessions, name="end-other-sessions"),
    path("account/passkeys/<slug:purpose>/", passkeys.passkey_options, name="passkey-options"),
    path("account/password/by-letter/", password_by_letter.password_by_letter, name="password-by-letter"),
    path("settings/name/", own_name.own_name, name="own-name"),
    path("settings/ignored/", ignored_members.ignored, name="ignored"),
    path("members/<str:username>/ignore/", ignored_members.ignore, name="ignore"),
    path("members/<str:username>/stop-ignoring/", ignored_members.stop_ignoring, name="stop-ignoring"),
    path(".well-known/security.txt", well_known.security_txt, name="security-txt"),
    path(".well-known/change-password", well_known.change_password, name="change-password"),
    path("kept/", texts_to_post.texts_to_post, name="kept-texts"),
    path("kept/<int:kept_id>/throw-away/", texts_to_post.throw_away, name="throw-away"),
    path("invitations/", invitation_pages.invitation_list, name="invitations"),
    path("invitations/<int:invitation_id>/withdraw/", invitation_pages.withdraw, name="withdraw-invitation"),
    path("theme/", theme.theme, name="theme"),
]
