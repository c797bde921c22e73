import os

import pytest

from config import kept_pages
from forum import finding, finished, overview, unread

# Playwright's own loop runs in the test's thread; Django would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests roll back, and with them the numbers that tell whether a kept page is still true."""
    kept_pages.store.clear()
    unread.forget_counts()
    finished.parts.clear()
    finding.forget_banners()
    overview.forget_thanked()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
