import gc
import os
from contextvars import ContextVar

import pytest
from django.conf import settings as of_this_run
from django.core.handlers.base import BaseHandler
from django.core.mail.backends import locmem
from django.test import TransactionTestCase
from hypothesis import is_hypothesis_test
from hypothesis import settings as of_hypothesis

from accounts import site_info
from accounts.limits import work_limits
from config.bundles import make_bundle
from crossings.closures import public_holidays, rest_days
from crossings.maps import drawn_maps
from pagecache.store import clear_all
from tests import chance
from tests.chromium import browser as browser  # a fixture of all folders
from tests.empty_tables import empty_tables
from tests.empty_world import EmptyWorld

# Playwright's own loop runs in the test's thread; Django would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# Tests with real transactions empty all tables afterwards; the log of moderation lets nobody else do that.
of_this_run.DATABASES["default"]["OPTIONS"]["options"] += " -c borderpost.empties_itself=on"
TransactionTestCase._fixture_teardown = lambda case: empty_tables()
# Set before fixtures of whole modules make their members; tests of hashing set their own.
of_this_run.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_configure(config):
    if is_proof(config):
        chance.make_up_all()
    # On a busy machine any example may take long; what is wrong is not slower for it.
    of_hypothesis.register_profile("unhurried", deadline=None, max_examples=chance.examples(chance.USUAL))
    of_hypothesis.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Tests of made-up examples run in the suite with some of them, and with all as proofs."""
    if is_proof(config):
        for item in items:
            if is_hypothesis_test(getattr(item, "obj", None)):
                item.add_marker("proof")


def is_proof(config):
    return config.option.markexpr == "proof"


def pytest_collection_finish(session):
    """What is imported and collected stays: the collector of garbage, a tenth of the CPU time, need not look again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def stylesheets():
    """Made as the web server starts, and by no request."""
    make_bundle()


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests roll back, and with them the numbers that tell whether a kept page is still true; each counts anew."""
    clear_all()
    work_limits.forget_all()
    site_info.note_state(0)


@pytest.fixture(autouse=True)
def no_request_sends_mail(monkeypatch):
    """A request writes a row, and the worker sends: with a mail server away, no page fails and no account is lost."""
    in_request = ContextVar("in_request", default=False)
    answer, send = BaseHandler.get_response, locmem.EmailBackend.send_messages

    def get_response(handler, request):
        token = in_request.set(True)
        try:
            return answer(handler, request)
        finally:
            in_request.reset(token)

    def send_messages(backend, messages):
        assert not in_request.get(), "A request sent an e-mail itself."
        return send(backend, messages)

    monkeypatch.setattr(BaseHandler, "get_response", get_response)
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_messages)


@pytest.fixture(autouse=True)
def days_without_holidays(request, monkeypatch):
    """No test depends on whether the day on which it runs is a public holiday somewhere."""
    public_holidays.of_year.cache_clear()
    if request.node.get_closest_marker("real_holidays") is None:
        monkeypatch.setattr(public_holidays, "_listed", lambda code, year: {})
        monkeypatch.setattr(rest_days, "on_day", lambda code, day: None)


@pytest.fixture(autouse=True)
def maps_without_land(request, monkeypatch):
    if request.node.get_closest_marker("real_maps") is None:
        monkeypatch.setattr(drawn_maps, "Atlas", EmptyWorld)
