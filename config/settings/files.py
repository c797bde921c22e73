"""Static files, media, backups."""

from pathlib import Path

from config import environment
from config.settings.site import BASE_DIR, HOME

STATIC_URL = "static/"
STATIC_ROOT = Path(environment.path("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
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
MEDIA_ROOT = Path(environment.path("MEDIA_ROOT", str(HOME / "media")))
BACKUPS = Path(environment.path("BACKUPS", str(HOME / "backups")))
ERASURES_LIST = Path(environment.path("ERASURES_LIST", "", is_folder=False) or HOME / "erasures.jsonl")
