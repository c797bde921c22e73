"""A way through a map by keyboard, with and without script, and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from crossings.maps import drawn_maps
from crossings.models import Crossing, Status
from tests.crossings.factories import make_crossing, make_notice
from tests.races import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_maps,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def crossings():
    make_crossing(slug="torugart", name="Torugart Pass", latitude=40.55, longitude=75.39)
    make_crossing(slug="irkeshtam", name="Irkeshtam Pass", latitude=39.68, longitude=73.91, editors_status=Status.OPEN)
    drawn_maps.draw_missing()


@pytest.mark.parametrize("script", [True, False])
def test_a_map_is_walked_through_by_keyboard(open_page, script):
    page = open_page("/crossings/torugart/", java_script_enabled=script)
    page.get_by_role("link", name="Ask a question").focus()

    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Map round Torugart Pass")).to_be_focused()
    page.keyboard.press("Tab")
    mark = page.get_by_role("link", name=re.compile("Irkeshtam Pass: Open as of .*, no recent report"))
    expect(mark).to_be_focused()
    assert mark.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")

    expect(page).to_have_url("/crossings/irkeshtam/")


def test_on_a_phone_the_map_scrolls_and_the_page_does_not(open_page):
    page = open_page("/crossings/?region=central-asia", viewport={"width": 390, "height": 800})
    frame = page.get_by_role("region", name="Crossings in Central Asia, map 1")

    frame.focus()
    page.keyboard.press("ArrowRight")

    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    page.wait_for_function("document.querySelector('.frame').scrollLeft > 0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("script", [True, False])
def test_a_phone_shows_the_crossing_of_a_map_first_and_then_scrolls_freely(open_page, script):
    page = open_page("/crossings/torugart/", viewport={"width": 360, "height": 800}, java_script_enabled=script)
    frame = page.get_by_role("region", name="Map round Torugart Pass")
    mark = page.locator("svg.map a[aria-current]")

    def is_in_the_middle():
        box, seen = mark.locator("circle:not(.tap)").bounding_box(), frame.bounding_box()
        return abs(box["x"] + box["width"] / 2 - seen["x"] - seen["width"] / 2) < 4

    wait_until(is_in_the_middle)
    wait_until(lambda: frame.evaluate("frame => frame.getAnimations().length === 0"))
    frame.evaluate("frame => { frame.scrollLeft = 0 }")
    page.screenshot()  # of a frame that was drawn since

    assert frame.evaluate("frame => frame.scrollLeft") == 0


def test_a_notice_keeps_its_distance_from_the_map(open_page):
    make_notice(Crossing.objects.get(slug="torugart"))
    page = open_page("/crossings/torugart/")

    notice, frame = page.locator(".note").bounding_box(), page.locator(".neat").bounding_box()

    assert frame["y"] - notice["y"] - notice["height"] >= 16


@pytest.mark.parametrize("path", ["/crossings/torugart/", "/crossings/", "/countries/kg/"])
def test_names_in_the_browsers_own_letters_do_not_overlap(open_page, path):
    page = open_page(path)

    boxes = page.locator("svg.map").first.evaluate(
        "map => [...map.querySelectorAll('text')].map(text => { const b = text.getBoundingClientRect();"
        " return [text.textContent, b.left, b.top + b.height * .2, b.right, b.bottom - b.height * .2] })"
    )

    overlapping = [
        (one[0], other[0])
        for number, one in enumerate(boxes)
        for other in boxes[:number]
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]
    assert len(boxes) > 4
    assert overlapping == []
