import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no Chromium here; on Debian: apt-get install chromium")
    assert CHROMIUM, "Chromium is missing, and without it CI proves nothing"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])


@pytest.fixture
def open_page(browser, live_server, settings):
    """Opens pages of the running site; every complaint in the console fails the test."""
    settings.SITE_URL = live_server.url
    cache.clear()  # allauth counts letters there, and no test takes that back
    contexts, complaints = [], []

    def open_(path="/", **options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [text for text in complaints if "404" not in text] == []


@pytest.fixture
def sign_in(client, live_server):
    """Signs a member in without the form."""

    def sign_in_(page, user):
        client.force_login(user)
        session = client.cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])

    return sign_in_


@pytest.fixture
def violations():
    """What axe finds wrong with a page."""

    def find(page):
        found = Axe().run(page).response["violations"]
        return [(violation["id"], violation["nodes"][0]["html"][:200]) for violation in found]

    return find
