"""Where the site lives: its names and address, its secret, the proxies in front of it."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import environment

BASE_DIR = Path(__file__).resolve().parents[2]
HOME = Path(environment.path("BORDERPOST_HOME", str(BASE_DIR / ".borderpost")))
DEBUG = environment.flag("DEBUG")
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
IS_LOCAL = set(ALLOWED_HOSTS) <= environment.LOOPBACK_HOSTS
SITE_URL = environment.site_url("SITE_URL", "http://127.0.0.1:8000", ALLOWED_HOSTS)
SECRET_KEY = environment.secret_key(HOME, ALLOWED_HOSTS)
# Older secret keys: what was signed or encrypted with them still holds.
SECRET_KEY_FALLBACKS = environment.former_secret_keys("SECRET_KEY_FALLBACKS")
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")
DEMO = environment.flag("DEMO")
if DEMO and not IS_LOCAL:
    raise ImproperlyConfigured(
        "DEMO=1 is for this machine only: its passwords are public. Unset DEMO or ALLOWED_HOSTS."
    )
DEMO_PASSWORD = "borderpost-demo"  # noqa: S105 (public, see above)
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0, most=20)
PROXY_ADDRESSES = environment.networks("PROXY_ADDRESSES", environment.PRIVATE_NETWORKS)
HTTPS = SITE_URL.startswith("https:")
