"""The one Chromium of a test process: Playwright allows one loop in a thread, so all tests share it."""

import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

SECONDS = 60  # a busy machine is no fault of a page
# The one without a window first: it draws the same for a third of the CPU time.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)

expect.set_options(timeout=SECONDS * 1_000)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no Chromium here; on Debian: apt-get install chromium-headless-shell")
    assert CHROMIUM, "Chromium is missing, and without it CI proves nothing"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
