"""Editors at work in a browser: without JavaScript, and with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from crossings.models import Country, CrossingFact, Notice
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def staff():
    return make_user(is_staff=True)


def test_an_article_is_previewed_and_saved_without_javascript(open_page, staff):
    make_country("KG", "Kyrgyzstan")
    page = open_page("/countries/kg/", staff, java_script_enabled=False)

    page.get_by_role("link", name="Write the article").click()
    page.get_by_label("The article").fill("Ride **early**.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("early")
    page.get_by_label("As of").fill("2026-10")
    page.get_by_label("Why").fill("The first text")
    page.get_by_role("button", name="Save article").click()

    expect(page.get_by_text("As of October 2026")).to_be_visible()
    assert Country.objects.get().article_html == '<p dir="auto">Ride <strong>early</strong>.</p>'


def test_a_preview_leaves_what_was_typed_where_it_is(open_page, staff):
    make_country("KG", "Kyrgyzstan")
    page = open_page("/countries/kg/edit/", staff)

    page.get_by_label("The article").fill("Ride **early**.")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator("#preview strong")).to_have_text("early")
    expect(page.get_by_label("The article")).to_have_value("Ride **early**.")


def test_a_notice_is_entered_without_javascript(open_page, staff):
    make_crossing(slug="irkeshtam")
    page = open_page("/crossings/irkeshtam/notices/new/", staff, java_script_enabled=False)

    page.get_by_label("Text").fill("Shut for repairs.")
    page.get_by_label("Address of the source").fill("https://example.org/notice")
    page.get_by_label("First day").fill("2026-10-08")
    page.get_by_label("Last day").fill("2026-10-01")
    page.get_by_role("button", name="Enter notice").click()
    expect(page.get_by_role("alert")).to_contain_text("The last day is before the first day.")
    page.get_by_label("Last day").fill("2026-10-09")
    page.get_by_role("button", name="Enter notice").click()

    page.wait_for_url("**/crossings/irkeshtam/")
    assert Notice.objects.get().text == "Shut for repairs."


def test_a_fact_is_written_with_the_keyboard_alone(open_page, staff):
    make_crossing(slug="irkeshtam")
    page = open_page("/crossings/irkeshtam/edit/facts/", staff)

    page.locator("summary", has_text="Papers").focus()
    for keys in ("Enter", "Tab", "A visa.", "Tab", "November", "Tab", "2025", "Tab", "Tab", "h", "Tab", "A sign"):
        page.keyboard.press(keys) if keys in {"Enter", "Tab", "h"} else page.keyboard.type(keys)
    page.get_by_label("Why").focus()
    page.keyboard.type("Seen it")
    page.keyboard.press("Enter")  # in a field it sends nothing
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/crossings/irkeshtam/")
    fact = CrossingFact.objects.get()
    assert (fact.text, fact.confidence, fact.source) == ("A visa.", "high", "A sign")
    assert f"{fact.as_of:%Y-%m}" == "2025-11"
