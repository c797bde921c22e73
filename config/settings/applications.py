"""Applications, middleware and templates."""

from config.settings.site import BASE_DIR

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
    "allauth.mfa",
    "allauth.socialaccount",
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
    "accounts.logs.request_ids.request_ids",
    "config.telemetry.request_log.request_log",
    "config.telemetry.request_metrics.request_metrics",
    "config.middleware.headers_of_failures",
    "config.health.endpoints.health",
    "config.telemetry.metrics_endpoint.metrics",
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
    "config.middleware.LimitedWriters",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.signin.devices.note_use",
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

# --- Words, days, places ---
LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
