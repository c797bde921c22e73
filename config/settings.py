"""Every setting of Borderpost. Values come from the environment; docs/settings.md explains each one."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import environment
from config.devserver.embedded_postgres import database_urls

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(environment.text("BORDERPOST_HOME", str(BASE_DIR / ".borderpost")))

# --- Where the site lives ---
DEBUG = environment.flag("DEBUG")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
IS_LOCAL = set(ALLOWED_HOSTS) <= environment.LOOPBACK_HOSTS
SITE_URL = environment.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SECRET_KEY = environment.secret_key(HOME, ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
DEMO = environment.flag("DEMO")
if DEMO and not IS_LOCAL:
    raise ImproperlyConfigured(
        "DEMO=1 is for this machine only: its passwords are public. Unset DEMO or ALLOWED_HOSTS."
    )
DEMO_PASSWORD = "borderpost-demo"  # noqa: S105 (public, see above)
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0)
PROXY_ADDRESSES = environment.networks("PROXY_ADDRESSES", environment.PRIVATE_NETWORKS)

# --- Applications ---
INSTALLED_APPS = [
    "bench",
    "config",
    "demo",
    "notifications",
    "moderation",
    "crossings",
    "forum",
    "accounts",
    "pagecache",
    "allauth",
    "allauth.account",
    "anymail",
    "crispy_forms",
    "django_htmx",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "config.middleware.forwarded_headers",
    "config.health.endpoints.health",
    "config.page_cache.PageCacheMiddleware",
    "config.middleware.headers",
    "config.compression.Compression",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.Refusals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.time_zone.time_zone",
    "moderation.post_addresses.middleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.site",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["borderpost"]
CRISPY_TEMPLATE_PACK = "borderpost"

# --- Database: the application's role; the owner's for migrations (docs/operating.md) ---
_embedded = database_urls(HOME)
_urls = {
    "app": environment.text("DATABASE_URL") or _embedded.app,
    "owner": environment.text("DATABASE_OWNER_URL") or environment.text("DATABASE_URL") or _embedded.owner,
}
DATABASE_ROLE = environment.text("DATABASE_ROLE", "app")
if DATABASE_ROLE not in _urls:
    raise ImproperlyConfigured(f"DATABASE_ROLE is {DATABASE_ROLE!r}. Set it to app or owner.")
DATABASES = {"default": environment.database(_urls[DATABASE_ROLE])}
DATABASES["default"]["ENGINE"] = "config.database"
DATABASES["default"]["CONN_MAX_AGE"] = environment.number("CONN_MAX_AGE", 600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"].setdefault(
    "options", "-c jit=off -c statement_timeout=30s -c plan_cache_mode=force_generic_plan"
)
# Django's default None disables prepared statements; pagecache/prepared.py requests them explicitly.
DATABASES["default"]["OPTIONS"].setdefault("prepare_threshold", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Members ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["forum.authentication.MemberBackend"]
# A sign-up form that is sent quicker than this is rejected, as from a bot.
SIGN_UP_SECONDS = environment.number("SIGN_UP_SECONDS", 2)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.signup.password_validators.LengthValidator"},
    {"NAME": "accounts.signup.password_validators.OwnWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.signup.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "reset_password": "accounts.forms.ResetForm",
    "add_email": "accounts.forms.AddressForm",
}
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
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https:") else "http"
PASSWORD_RESET_TIMEOUT = 60 * 60

# --- Limits: what one member, or one address, may do (docs/settings.md) ---
RATE_LIMITS = {
    "post": environment.text("RATE_LIMIT_POST", "10/10m"),
    "topic": environment.text("RATE_LIMIT_TOPIC", "5/1h"),
    "draft": environment.text("RATE_LIMIT_DRAFT", "300/10m"),
    "edit": environment.text("RATE_LIMIT_EDIT", "30/10m"),
    "preview": environment.text("RATE_LIMIT_PREVIEW", "60/10m"),
    "suggest": environment.text("RATE_LIMIT_SUGGEST", "600/10m"),
    "flag_new": environment.text("RATE_LIMIT_FLAG_NEW", "5/1d"),
    "flag_member": environment.text("RATE_LIMIT_FLAG_MEMBER", "20/1d"),
    "flag_trusted": environment.text("RATE_LIMIT_FLAG_TRUSTED", "50/1d"),
    "react": environment.text("RATE_LIMIT_REACT", "60/10m"),
    "bookmark": environment.text("RATE_LIMIT_BOOKMARK", "60/10m"),
    "appeal": environment.text("RATE_LIMIT_APPEAL", "10/1d"),
    "sign_up": environment.text("RATE_LIMIT_SIGN_UP", "10/1h"),
    "sign_in": environment.text("RATE_LIMIT_SIGN_IN", "30/10m"),
    "sign_in_account": environment.text("RATE_LIMIT_SIGN_IN_ACCOUNT", "10/10m"),
    "sign_in_all": environment.text("RATE_LIMIT_SIGN_IN_ALL", "3000/10m"),
    "mail": environment.text("RATE_LIMIT_MAIL", "10/1h"),
    "mail_account": environment.text("RATE_LIMIT_MAIL_ACCOUNT", "5/1h"),
    # Counted in the memory of each process (accounts/limits/work_limits.py).
    "search": environment.text("RATE_LIMIT_SEARCH", "120/10m"),
    "history": environment.text("RATE_LIMIT_HISTORY", "120/10m"),
    "feed": environment.text("RATE_LIMIT_FEED", "300/10m"),
    "data": environment.text("RATE_LIMIT_DATA", "300/10m"),
    "visitors": environment.text("RATE_LIMIT_VISITORS", "3000/10m"),
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- Letters ---
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM = environment.text("MAIL_FROM", "Borderpost <borderpost@localhost>")
# Seconds from news to its letter at once: what is read on the page before needs none.
LETTER_DELAY = environment.number("LETTER_DELAY", 60)
# The mailbox to which letters come back, whose reports manage.py read_bounces reads.
BOUNCE_ADDRESS = environment.text("BOUNCE_ADDRESS")
# "name:password" by which a mail service proves itself; without it there are no addresses for its reports.
ANYMAIL = {"WEBHOOK_SECRET": environment.text("MAIL_WEBHOOK_SECRET")}
SMTP_HOST = environment.text("SMTP_HOST")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": SMTP_HOST,
            "port": environment.number("SMTP_PORT", 587),
            "username": environment.text("SMTP_USER"),
            "password": environment.text("SMTP_PASSWORD"),
            "use_tls": environment.flag("SMTP_TLS", True),
            "timeout": 10,
        },
    }
    if SMTP_HOST
    else {
        "BACKEND": "notifications.demo_mailbox.EmailBackend"
        if DEMO
        else "django.core.mail.backends.console.EmailBackend"
    }
}

# --- Visitors' pages: how old their side figures may be; 0 keeps none ---
KEPT_SECONDS = environment.number("KEPT_SECONDS", 60)

# --- Where crossings are reported and asked about: slugs of subforums ---
QUESTIONS_SUBFORUM = environment.text("QUESTIONS_SUBFORUM", "open-or-closed")
REPORTS_SUBFORUM = environment.text("REPORTS_SUBFORUM", "crossing-reports")

# --- How reports of crossings are judged (crossings/status/rules.py): days, shares of reports that are wrong, bars ---
CROSSING_STATUS = {
    "change": environment.positive("STATUS_CHANGE_DAYS", 60),
    "change_in_conflict": environment.positive("STATUS_CHANGE_DAYS_IN_CONFLICT", 30),
    "error_new": environment.positive("STATUS_ERROR_NEW", 0.3, below=0.5),
    "error_member": environment.positive("STATUS_ERROR_MEMBER", 0.12, below=0.5),
    "error_trusted": environment.positive("STATUS_ERROR_TRUSTED", 0.04, below=0.5),
    "bar_passes": environment.positive("STATUS_BAR_PASSES", 0.66, below=1),
    "bar_shut": environment.positive("STATUS_BAR_SHUT", 0.62, below=1),
    "episode": environment.positive("STATUS_EPISODE_DAYS", 30),
    "burst": environment.positive("STATUS_BURST_DAYS", 14),
    "half_life": environment.positive("STATUS_HALF_LIFE_DAYS", 90),
    "half_life_in_conflict": environment.positive("STATUS_HALF_LIFE_DAYS_IN_CONFLICT", 30),
}

# --- Moderation (docs/moderation.md) ---
# Total weight of open flags at which a post is held; a member's flag weighs 1.
FLAGS_HIDE_AT = environment.positive("FLAGS_HIDE_AT", 3.0)
# Seconds after an act until its letter is written, unless the act was undone.
MODERATION_LETTER_DELAY = environment.number("MODERATION_LETTER_DELAY", 120)
WARNING_LIFE_DAYS = environment.positive("WARNING_LIFE_DAYS", 180)
ADDRESSES_KEPT_DAYS = environment.positive("ADDRESSES_KEPT_DAYS", 90)
# Steps: from this many standing points on, suspended for this many days.
WARNINGS_SUSPEND = environment.steps("WARNINGS_SUSPEND", "3:7,6:30")

# --- Words, days, places ---
LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# --- Files ---
STATIC_URL = "static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "config.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
_collected = (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected or environment.flag("COLLECT_STATIC")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _collected
WHITENOISE_AUTOREFRESH = not _collected

# --- Security ---
HTTPS = SITE_URL.startswith("https:")
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
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
SECURITY_CONTACT = environment.text("SECURITY_CONTACT")
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
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Usernames are unique by their skeleton, which is stricter than by username.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# --- Logs ---
SECURITY_LOG = environment.text("SECURITY_LOG")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "security": {"class": "logging.handlers.WatchedFileHandler", "filename": SECURITY_LOG, "delay": True}
        if SECURITY_LOG
        else {"class": "logging.StreamHandler"},
    },
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "WARNING")},
    "loggers": {"borderpost.security": {"handlers": ["security"], "level": "INFO", "propagate": False}},
}
