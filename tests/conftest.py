import os

import pytest
from django.conf import settings as of_this_run
from django.test import TransactionTestCase
from hypothesis import settings as of_hypothesis

from accounts.limits import work_limits
from crossings.maps import drawn_maps
from pagecache.store import clear_all
from tests.empty_tables import empty_tables
from tests.empty_world import EmptyWorld

# Playwright's own loop runs in the test's thread; Django would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# On a busy machine any example may take long; what is wrong is not slower for it.
of_hypothesis.register_profile("unhurried", deadline=None)
of_hypothesis.load_profile("unhurried")
# Tests with real transactions empty all tables afterwards; the log of moderation lets nobody else do that.
of_this_run.DATABASES["default"]["OPTIONS"]["options"] += " -c borderpost.empties_itself=on"
TransactionTestCase._fixture_teardown = lambda case: empty_tables()
# Set before fixtures of whole modules make their members; tests of hashing set their own.
of_this_run.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests roll back, and with them the numbers that tell whether a kept page is still true; each counts anew."""
    clear_all()
    work_limits.forget_all()


@pytest.fixture(autouse=True)
def maps_without_land(request, monkeypatch):
    if request.node.get_closest_marker("real_maps") is None:
        monkeypatch.setattr(drawn_maps, "Atlas", EmptyWorld)
