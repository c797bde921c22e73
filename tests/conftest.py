import os

import pytest
from django.conf import settings as of_this_run

from pagecache.store import clear_all

# Playwright's own loop runs in the test's thread; Django would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# Tests with real transactions empty all tables afterwards; the log of moderation lets nobody else do that.
of_this_run.DATABASES["default"]["OPTIONS"]["options"] += " -c borderpost.empties_itself=on"


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests roll back, and with them the numbers that tell whether a kept page is still true."""
    clear_all()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
