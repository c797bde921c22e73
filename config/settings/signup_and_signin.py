"""Accounts: passwords, signing up and in, and the letters about them (django-allauth)."""

from config import environment
from config.settings import identity_providers
from config.settings.site import DEMO, HTTPS

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["forum.authentication.MemberBackend"]
# A sign-up form that is sent quicker than this is rejected, as from a bot.
SIGN_UP_SECONDS = environment.number("SIGN_UP_SECONDS", 2)
PASSWORD_HASHERS = [
    "accounts.passwords.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of members who have not signed in since Argon2id
]
# Who may make an account (accounts/signup/doors.py).
SIGNUP = environment.choice("SIGNUP", "open", ["open", "invitation", "closed"])
# Who invites besides administrators.
INVITATIONS_FROM = environment.choice("INVITATIONS_FROM", "staff", ["staff", "trusted", "member"])
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.validators.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.validators.LengthValidator"},
    {"NAME": "accounts.passwords.validators.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.validators.SimilarityValidator"},
    {"NAME": "accounts.passwords.validators.OwnWordsValidator"},
]
# What visitors wrote before they signed in (accounts/write_first/): the cookie, and how large all may be together.
KEPT_TEXT_COOKIE = "__Host-kept" if HTTPS else "kept"
KEPT_TEXTS_BYTES = environment.number("KEPT_TEXTS_MB", 64, least=1, most=10_000) * 1024 * 1024
# After how many days members may change their name again (accounts/rename.py).
NAME_CHANGE_DAYS = environment.number("NAME_CHANGE_DAYS", 90)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.signup.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.signup.forms.SignUpForm",
    "reset_password": "accounts.forms.ResetForm",
    "request_login_code": "accounts.signup.forms.CodeRequestForm",
    "confirm_login_code": "accounts.signup.forms.CodeForm",
    "add_email": "accounts.forms.AddressForm",
}
# A code by letter in place of the password; a second step is asked for all the same.
ACCOUNT_LOGIN_BY_CODE_ENABLED = environment.flag("SIGN_IN_BY_CODE")
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.signup.reset_tokens.ResetTokens"  # noqa: S105 (no password)
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Our own limits count the second step exactly and for every address (accounts/signin/forms.py).
ACCOUNT_RATE_LIMITS = {"login_failed": None}

# --- Accounts of other sites, by OpenID Connect (accounts/social/): none unless named here ---
# The app is installed all the same: what somebody connected goes with the account, whatever the setting is now.
SOCIAL_SIGN_IN = identity_providers.read("SOCIAL_SIGN_IN", environment.text("SOCIAL_SIGN_IN"))
SOCIALACCOUNT_ADAPTER = "accounts.social.social_adapter.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.social.forms.SocialSignUpForm"}
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_REQUIRED = True
SOCIALACCOUNT_EMAIL_VERIFICATION = ACCOUNT_EMAIL_VERIFICATION

# --- The second step: passkeys, codes of an app, recovery codes ---
MFA_ADAPTER = "accounts.signin.second_step_adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.signin.forms.SecondStepForm",
    "reauthenticate": "accounts.signin.forms.CodeAgainForm",
    "activate_totp": "accounts.signin.forms.AppForm",
    "add_webauthn": "accounts.signin.forms.NewPasskeyForm",
    "edit_webauthn": "accounts.signin.forms.PasskeyNameForm",
    "authenticate_webauthn": "accounts.signin.forms.PasskeyForm",
    "login_webauthn": "accounts.signin.forms.PasskeySignInForm",
    "reauthenticate_webauthn": "accounts.signin.forms.PasskeyAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Half a minute early or late: clocks of phones on the road are not exact.
MFA_TOTP_TOLERANCE = 1
# Only members with a confirmed address can sign in; a new address that waits to be confirmed keeps nobody from this.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Moderators and administrators without a second step lose their rights, a week after they got them.
SECOND_STEP_FOR_STAFF = environment.flag("SECOND_STEP_FOR_STAFF", not DEMO)
