"""What browsers may do, cookies, and pages kept for visitors."""

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import environment
from config.settings.site import HTTPS, TRUSTED_PROXIES

_A_YEAR = 31_536_000  # seconds
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
# A proxy that redirects by itself needs no second one; without a certificate yet, it would lead where nobody answers.
SECURE_SSL_REDIRECT = environment.flag("HTTPS_REDIRECT", True) and HTTPS
# A day to begin with: what a browser was told cannot be taken back before it ends (docs/operating.md).
_hsts_seconds = environment.number("HSTS_SECONDS", 86_400, most=63_072_000)
_hsts_subdomains, _hsts_preload = environment.flag("HSTS_SUBDOMAINS"), environment.flag("HSTS_PRELOAD")
if _hsts_preload and not (_hsts_seconds >= _A_YEAR and _hsts_subdomains):
    raise ImproperlyConfigured(
        "HSTS_PRELOAD is 1, which the lists of browsers take only for a year and all subdomains. "
        f"Set HSTS_SECONDS to {_A_YEAR} and HSTS_SUBDOMAINS to 1, or unset it (docs/operating.md)."
    )
SECURE_HSTS_SECONDS = _hsts_seconds if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _hsts_subdomains and HTTPS
SECURE_HSTS_PRELOAD = _hsts_preload and HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
SECURITY_CONTACT = environment.contact("SECURITY_CONTACT")
SESSION_ENGINE = "pagecache.sessions"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
# Where Django's admin is; another path than that of everybody keeps programs from knocking.
ADMIN_PATH = environment.own_path("ADMIN_PATH", "operator/")
MESSAGE_STORAGE = "accounts.members.message_storage.MessageStorage"
# Usernames are unique by their skeleton, which is stricter than by username.
# HSTS begins with a day and without subdomains on purpose, which are settings of their own (W005, W021).
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W005", "security.W021"]

# How old the side figures of visitors' pages may be; 0 keeps no pages.
KEPT_SECONDS = environment.number("KEPT_SECONDS", 60)
