"""The database: the application's role, and the owner's for migrations; cache and tasks live there, too."""

from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.devserver.embedded_postgres import database_urls
from config.settings.site import HOME

_embedded = database_urls(HOME)
_url = environment.text("DATABASE_URL")
_databases = {
    "app": environment.database("DATABASE_URL", _url or _embedded.app),
    "owner": environment.database(
        "DATABASE_OWNER_URL", environment.text("DATABASE_OWNER_URL") or _url or _embedded.owner
    ),
}
DATABASE_ROLE = environment.choice("DATABASE_ROLE", "app", ["app", "owner"])
DATABASES = {"default": _databases[DATABASE_ROLE]}
_password = environment.text("DATABASE_OWNER_PASSWORD")
if _password and not environment.text("DATABASE_OWNER_URL"):
    raise ImproperlyConfigured(
        "DATABASE_OWNER_PASSWORD is set, and DATABASE_OWNER_URL is not. Set both, or neither (docs/settings.md)."
    )
if _password and DATABASE_ROLE == "owner":
    DATABASES["default"]["PASSWORD"] = _password
# Gets its rights table by table (config/database/rights.py).
APPLICATION_ROLE = _databases["app"].get("USER", "borderpost")
DATABASES["default"]["ENGINE"] = "config.database"
DATABASES["default"]["CONN_MAX_AGE"] = environment.number("CONN_MAX_AGE", 600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A connection that is not answered is given up: seconds to connect, milliseconds for the network.
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", "5")
DATABASES["default"]["OPTIONS"].setdefault("tcp_user_timeout", "15000")
# Pages wait briefly for a lock and never keep a transaction open; tasks, commands and tests have more patience.
# Migrations have limits of their own (config/management/commands/migrate.py).
DATABASE_WORK = environment.choice("DATABASE_WORK", "commands", ["web", "commands"])
_limits = {
    "web": "-c lock_timeout=4s -c idle_in_transaction_session_timeout=30s",
    "commands": "-c lock_timeout=30s -c idle_in_transaction_session_timeout=10min",
}
DATABASES["default"]["OPTIONS"].setdefault(
    "options",
    f"-c jit=off -c statement_timeout=30s -c plan_cache_mode=force_generic_plan {_limits[DATABASE_WORK]}",
)
# Nor does a page wait for a server that has stopped, which keeps none of these limits: then its connection is closed
# (config/database/base.py). The worker has a bound of its own, and commands have none.
DATABASES["default"]["LONGEST_SILENCE"] = 60 if DATABASE_WORK == "web" else None
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
TASKS = {"default": {"BACKEND": "config.worker.task_queue.TaskQueue"}}
