"""From the home page to the answer whether one can cross, on a phone, with and without script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crossings.status.update import judge, today
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"width": 390, "height": 844}
scripted_or_not = pytest.mark.parametrize("with_script", [True, False])


@pytest.fixture
def torugart():
    crossing = make_crossing(
        name="Torugart Pass", slug="torugart", names=("Torugart",), as_of=today(), editors_status="open"
    )
    judge(crossing.pk)
    return crossing


@scripted_or_not
def test_from_the_home_page_to_the_answer_in_two_taps(open_page, torugart, with_script):
    for _ in range(3):
        make_report(torugart, outcome="found-closed", reason="shut", trust=2)
    phone = open_page("/", viewport=PHONE, java_script_enabled=with_script)

    phone.get_by_role("searchbox", name="Which border?").click()
    phone.keyboard.type("torugart")
    phone.get_by_role("search").get_by_role("button", name="Search", exact=True).last.click()

    expect(phone).to_have_url(re.compile("/crossings/torugart/$"))
    expect(phone.get_by_role("heading", name="Torugart Pass")).to_be_visible()
    expect(phone.locator(".big-stamp")).to_contain_text("Closed")


@scripted_or_not
def test_what_changed_is_one_tap_away(open_page, torugart, with_script):
    make_notice(torugart, text="Snow.")
    phone = open_page("/", viewport=PHONE, java_script_enabled=with_script)

    row = phone.get_by_role("region", name="Borders now: what changed").get_by_role("listitem")
    expect(row).to_contain_text("Snow.")
    row.click()

    expect(phone).to_have_url(re.compile("/crossings/torugart/$"))


@scripted_or_not
def test_from_the_home_page_to_the_answer_for_a_cyclist_in_two_taps(open_page, torugart, with_script):
    make_report(torugart, mode="bicycle", outcome="conditions")
    make_notice(torugart, begins=3, text="Snow.")
    phone = open_page("/", viewport=PHONE, java_script_enabled=with_script)

    phone.get_by_role("link", name="Torugart Pass").first.click()
    phone.get_by_role("link", name="Bicycle", exact=True).click()

    answer = phone.locator(".way > p").first
    expect(answer).to_contain_text("A cyclist got through with conditions")
    expect(answer).to_be_in_viewport(ratio=1)


@scripted_or_not
def test_a_name_that_may_be_several_asks_once_more(open_page, torugart, with_script):
    make_crossing(name="Kulma Pass")
    phone = open_page("/", viewport=PHONE, java_script_enabled=with_script)

    phone.get_by_role("searchbox", name="Which border?").fill("pass")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("searchbox", name="Which border?")).to_have_value("pass")
    phone.get_by_role("link", name="Kulma Pass").click()

    expect(phone.get_by_role("heading", name="Kulma Pass")).to_be_visible()


def places(page, topic):
    """Where the borders and the forums begin; the page is no wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    reports = page.get_by_role("heading", name="From the gates: newest reports").bounding_box()
    return reports, page.get_by_role("heading", name=topic.subforum.section.name).bounding_box()


def test_on_a_phone_the_borders_stand_above_the_forums(open_page, torugart):
    topic = make_report(torugart) and make_topic()

    reports, forums = places(open_page("/", viewport=PHONE), topic)

    assert forums["y"] > reports["y"]
    assert forums["x"] == reports["x"]


def test_on_a_desktop_the_borders_stand_beside_the_forums(open_page, torugart):
    topic = make_report(torugart) and make_topic()

    reports, forums = places(open_page("/", viewport={"width": 1280, "height": 900}), topic)

    assert forums["x"] > reports["x"] + reports["width"]


def test_a_member_still_marks_all_read(open_page, torugart):
    make_report(torugart)
    page = open_page("/", make_user(joined_at=timezone.now() - timedelta(days=9)))
    expect(page.get_by_role("link", name="1 unread")).to_be_visible()

    page.get_by_role("button", name="Mark all read").click()

    expect(page.get_by_role("link", name="1 unread")).to_have_count(0)
