"""One seeded round of each quick fault: nothing lost, nothing doubled, no counter moved; and controls that fail. A
browser's way without script past a database that is away."""

import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.chromium import SECONDS
from tests.faults.__main__ import chosen, read_arguments
from tests.faults.scene import play
from tests.faults.site import planted_site
from tests.faults.table import line_of
from tests.faults.web import serving

pytestmark = pytest.mark.proof
QUICK = chosen(read_arguments(["--quick"]))
TEXT = "We stood at the gate until nine.\n\nThen it opened: <b>bring</b> cash & patience."


@pytest.fixture(scope="module")
def site_and_web():
    with tempfile.TemporaryDirectory(prefix="borderpost-faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        with planted_site(Path(folder)) as site, serving(site) as web:
            yield site, web


@pytest.mark.parametrize("fault", QUICK, ids=lambda fault: fault.name)
def test_what_was_acknowledged_is_stored_once_whatever_breaks(site_and_web, fault):
    result = play(*site_and_web, fault, "7 1")

    assert result.is_right, line_of(result, 1, 0)
    assert result.acked > 0


# --- Without script ---


@pytest.fixture
def page(site_and_web, browser):
    """A member's browser without script."""
    site, web = site_and_web
    address = f"http://127.0.0.1:{web.port}"
    context = browser.new_context(base_url=address, java_script_enabled=False)
    context.set_default_timeout(SECONDS * 1_000)
    context.add_cookies([{"name": "session", "value": site.planted["members"][5], "url": address}])
    yield context.new_page()
    context.close()


def stored(site, text):
    """How often; browsers send line ends as CRLF, and the forum keeps them as LF."""
    [(times,)] = site.ask("SELECT count(*) FROM forum_post WHERE source = %s", [text])
    return times


@pytest.mark.parametrize(
    ("path", "fields", "verb"),
    [
        ("{page}", {"Your reply": TEXT}, "Post reply"),
        ("/forums/road-1/new/", {"Title": "At the gate in winter", "Your question": f"{TEXT} And you?"}, "Post topic"),
    ],
    ids=["reply", "topic"],
)
def test_a_text_outlives_a_database_that_is_away_and_is_posted_once(site_and_web, page, path, fields, verb):
    site, _ = site_and_web
    *_, typed = fields.values()
    page.goto(path.format(page=site.planted["page"]))
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)

    site.database.stop()
    try:
        page.get_by_role("button", name=verb).click()
        expect(page.get_by_role("heading", name="The forum is closed for a moment")).to_be_visible()
        expect(page.get_by_label("Text", exact=True)).to_have_value(typed)
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_label("Text", exact=True)).to_have_value(typed)
    finally:
        site.database.start()
    form = page.locator("form.unsent")
    action = form.get_attribute("action")
    sent = {field.get_attribute("name"): field.input_value() for field in form.locator("input, textarea").all()}
    page.get_by_role("button", name="Send it again").click()

    expect(page.locator("article").filter(has_text="cash & patience")).not_to_have_count(0)
    assert stored(site, typed) == 1
    assert page.request.post(action, form=sent).ok
    assert stored(site, typed) == 1
