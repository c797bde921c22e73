"""Pages of allauth's second steps that are ours: same address and name, and included before allauth's."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views.signin import passkeys, recovery_codes, second_step

_one_page = RedirectView.as_view(pattern_name="accounts:signing-in")

urlpatterns = [
    path("", _one_page, name="mfa_index"),
    path("authenticate/", second_step.second_step, name="mfa_authenticate"),
    path("totp/activate/", second_step.set_up_app, name="mfa_activate_totp"),
    path("totp/deactivate/", second_step.remove_app, name="mfa_deactivate_totp"),
    path("webauthn/", _one_page, name="mfa_list_webauthn"),
    path("webauthn/login/", passkeys.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("webauthn/add/", passkeys.add_passkey, name="mfa_add_webauthn"),
    path("webauthn/keys/<int:pk>/remove/", passkeys.remove_passkey, name="mfa_remove_webauthn"),
    path("webauthn/reauthenticate/", passkeys.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("recovery-codes/", recovery_codes.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", second_step.make_new_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/download/", recovery_codes.download, name="mfa_download_recovery_codes"),
]
