import re
import time

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.chromium import SECONDS

from .axe import Axe
from .gate import Gate

# Chromium speaks of every answer that is not 200, and so do it and htmx of every request while the line is lost.
REFUSED = re.compile(
    r"^(Failed to load resource: .*(status of 4\d\d|ERR_INTERNET_DISCONNECTED)|htmx:(afterRequest|sendError), )"
)


@pytest.fixture(scope="session")
def gate(live_server):
    """Before the server: between tests it lets nothing through to the database."""
    server = live_server.thread.httpd
    server.set_app(Gate(server.get_app()))
    return server.get_app()


@pytest.fixture
def sign_in(live_server):
    """Signs a member in without the form, as if by it: with a password that was right just now."""

    def sign_in_(page, user):
        client = Client()
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
        page.context.add_cookies([cookie])

    return sign_in_


@pytest.fixture
def open_page(browser, live_server, gate, settings, sign_in):
    """Opens pages, each on a device of its own; every complaint in the console fails the test."""
    settings.SITE_URL = live_server.url
    contexts, complaints = [], []
    gate.open()

    def open_(path="/", member=None, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(SECONDS * 1_000)
        contexts.append(context)
        context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        if member:
            sign_in(page, member)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        for page in context.pages:  # what a page still asks for would meet the database being emptied
            expect(page.locator(".htmx-request")).to_have_count(0)
        context.close()
    gate.shut()
    assert [text for text in complaints if not REFUSED.search(text)] == []


@pytest.fixture(scope="session")
def axe():
    return Axe()


@pytest.fixture
def violations(axe, request):
    """What axe finds wrong with a page; a proof judges the colours of all elements, also of those it has seen."""
    everywhere = request.node.get_closest_marker("proof") is not None

    def find(page, *, only_colours=False):
        return axe.violations(page, only_colours=only_colours, everywhere=everywhere)

    return find
