"""The head of a crossing's page answers on a phone without a scroll, and speaks of one's own way first."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from crossings.models import Crossing, Status
from crossings.status import update
from tests.browser.test_accessibility import barriers
from tests.crossings.factories import make_country, make_crossing, make_hours, make_notice, make_report
from tests.factories import make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ABOVE_THE_DOCK = """() => {
  const dock = document.querySelector(".dock").getBoundingClientRect().top;
  const parts = [...document.querySelectorAll(".crossing-head > :not(.dock)")];
  return parts.every((part) => part.getBoundingClientRect().bottom <= dock);
}"""


@pytest.fixture
def torugart():
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(
        slug="torugart", name="Torugart Pass", altitude_m=3752, names=("Торугарт", "吐尔尕特"),
        editors_status=Status.OPEN,
    )  # fmt: skip
    papers = "China: pre-arranged transport required through the border zone, the customs is 110 km inside; " * 2
    crossing.facts.create(kind="papers", text=papers, as_of="2025-12-01", source="A sign", confidence="high")
    return crossing


def _open(crossing):
    for days in (2, 9):
        make_report(crossing, days_ago=days)


def _restricted(crossing):
    for days in (2, 9):
        make_report(crossing, days_ago=days, outcome="conditions")


def _closed(crossing):
    make_report(make_crossing(name="Irkeshtam", latitude=39.7))
    make_notice(crossing, begins=-3, ends=20)


def _disputed(crossing):
    for days in (12, 13, 14):
        make_report(crossing, days_ago=days)
    make_report(crossing, days_ago=1, outcome="found-closed")


def _stale(crossing):
    Crossing.objects.filter(pk=crossing.pk).update(as_of=update.today() - timedelta(days=800))


def _never_known(crossing):
    Crossing.objects.filter(pk=crossing.pk).update(editors_status=Status.UNKNOWN)


HEADS = {
    "Open": _open, "Restricted": _restricted, "Closed": _closed, "Disputed": _disputed, "Not known": _stale,
    "Not known ever": _never_known,
}  # fmt: skip


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("status", HEADS)
def test_the_head_ends_above_the_dock_on_a_phone(open_page, torugart, status, script):
    HEADS[status](torugart)
    page = open_page("/crossings/torugart/?to=kg&by=bicycle", java_script_enabled=script, **PHONE)

    expect(page.locator(".big-stamp b")).to_have_text(status.removesuffix(" ever"))
    expect(page.locator(".way").get_by_text("To Kyrgyzstan by bicycle")).to_be_visible()
    expect(page.get_by_text("Checked Dec 2025")).to_be_in_viewport()
    assert page.evaluate(ABOVE_THE_DOCK)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("way", ["", "?to=cn&by=bicycle"])
def test_with_hours_the_answer_and_its_link_stand_above_the_dock_of_a_small_phone(open_page, torugart, way):
    Crossing.objects.filter(pk=torugart.pk).update(zone_a="Asia/Shanghai", zone_b="Asia/Bishkek")
    torugart.refresh_from_db()
    make_hours(torugart, "a", "10:00", "17:00", pause="13:30-15:30")
    make_hours(torugart, "b", "08:00", "17:00", pause="12:00-13:00")
    _restricted(torugart)

    page = open_page(torugart.get_absolute_url() + way, **PHONE | {"viewport": {"width": 390, "height": 800}})

    answer = page.locator(".hours-today .answer a")
    expect(answer).to_have_text("Be there by" if way else "Both work")
    assert answer.bounding_box()["y"] + answer.bounding_box()["height"] <= page.locator(".dock").bounding_box()["y"]
    answer.tap()
    expect(page.get_by_role("heading", name="When to be at the gate")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_disputed_land_and_papers_stand_one_below_the_other(open_page, torugart, width):
    Crossing.objects.filter(pk=torugart.pk).update(is_territory_disputed=True)

    page = open_page("/crossings/torugart/", viewport={"width": width, "height": 900})

    upper, lower = (condition.bounding_box() for condition in page.locator(".condition").all())
    assert upper["y"] + upper["height"] <= lower["y"]


def test_reporting_and_watching_stay_under_the_thumb(open_page, torugart):
    page = open_page("/crossings/torugart/", member=make_user(), **PHONE)

    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    expect(page.get_by_role("link", name="Report your crossing")).to_be_in_viewport(ratio=1)
    page.locator(".dock summary", has_text="Watch").tap()
    expect(page.get_by_role("button", name="Watch", exact=True)).to_be_in_viewport()


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 1280, "height": 900}}], ids=["phone", "desktop"])
def test_without_script_a_form_asks_for_the_way(open_page, torugart, options):
    make_report(torugart, outcome="found-closed")
    page = open_page("/crossings/torugart/", java_script_enabled=False, **options)

    page.locator(".way summary").click()
    page.get_by_label("To Kyrgyzstan").check(force=True)
    page.get_by_label("Bicycle").check(force=True)
    page.get_by_role("button", name="Show my way").click()

    expect(page).to_have_url(re.compile(r"/crossings/torugart/\?to=kg&by=bicycle$"))
    expect(page.locator(".way > p")).to_contain_text("Closed for a cyclist on")
    expect(page.locator("tr[data-mine] th")).to_contain_text("Bicycle")


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 1280, "height": 900}}], ids=["phone", "desktop"])
def test_with_script_the_way_is_kept_on_the_device_and_every_crossing_speaks_of_it(open_page, torugart, options):
    make_report(torugart, outcome="found-closed")
    make_crossing(slug="kulma", name="Kulma", countries=("CN", "TJ"))
    page = open_page("/crossings/torugart/", **options)
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.locator(".way summary").click()
    page.get_by_label("To Kyrgyzstan").check(force=True)
    page.get_by_label("Bicycle").check(force=True)
    page.get_by_role("button", name="Show my way").click()

    expect(page.locator(".way summary b")).to_have_text("To Kyrgyzstan by bicycle")
    expect(page.locator(".way > p")).to_contain_text("Closed for a cyclist on")
    expect(page.locator(".way .stamp").first).to_be_visible()
    expect(page.locator("tr[data-mine] th")).to_contain_text("Bicycle")
    assert [url for url in asked if "/static/" not in url] == []
    page.reload()
    expect(page.locator(".way summary b")).to_have_text("To Kyrgyzstan by bicycle")
    page.goto("/crossings/kulma/")
    expect(page.locator(".way summary b")).to_have_text("By bicycle")
    expect(page.locator(".way > p")).to_contain_text("No report by bicycle in the last 24 months.")


@pytest.mark.parametrize("script", [True, False])
def test_who_drives_reads_what_is_asked_of_vehicles(open_page, torugart, script):
    torugart.facts.create(
        kind="vehicle", text="A carnet for every car.", as_of="2025-12-01", source="A sign", confidence="high"
    )
    page = open_page("/crossings/torugart/?by=bicycle", java_script_enabled=script, **PHONE)
    expect(page.get_by_text("A carnet for every car.").first).to_be_hidden()

    page.locator(".way summary").tap()
    page.get_by_label("Car or van").check(force=True)
    page.get_by_role("button", name="Show my way").tap()

    expect(page.locator(".condition", has_text="A carnet for every car.")).to_be_visible()
    expect(page.locator(".condition", has_text="pre-arranged transport")).to_be_hidden()


def test_a_way_of_the_address_is_kept_too_and_what_is_none_is_not(open_page, torugart):
    page = open_page("/crossings/torugart/?to=kg&by=train")
    page.goto("/crossings/torugart/?to=zz&by=camel")
    expect(page.get_by_text("That is no way across here.")).to_be_visible()
    expect(page.locator(".way summary b")).to_have_text("Which way, and how?")

    page.goto("/crossings/torugart/")

    expect(page.locator(".way summary b")).to_have_text("To Kyrgyzstan by train")


@pytest.mark.parametrize("script", [True, False])
def test_from_the_list_to_the_answer_for_a_cyclist_in_two_taps(open_page, torugart, script):
    make_report(torugart, outcome="conditions")
    page = open_page("/crossings/torugart/?to=kg&by=bicycle", java_script_enabled=script, **PHONE)
    page.goto("/crossings/")

    page.get_by_role("link", name="Torugart Pass", exact=True).first.tap()

    if not script:
        page.locator(".way summary").tap()
        page.get_by_label("To Kyrgyzstan").check(force=True)
        page.get_by_label("Bicycle").check(force=True)
        page.get_by_role("button", name="Show my way").tap()
    expect(page.locator(".way > p")).to_contain_text("A cyclist got through with conditions on")
    expect(page.locator(".way > p")).to_be_in_viewport(ratio=1)


def test_an_expert_finds_it_shut_and_every_place_says_so_at_once(open_page, torugart):
    for days in (12, 13, 14):
        make_report(torugart, days_ago=days)
    page = open_page("/crossings/torugart/")
    expect(page.locator(".big-stamp b")).to_have_text("Open")
    page.goto("/crossings/")
    page.goto("/search/?q=torugart")

    expert = make_user(trust=User.Trust.TRUSTED, joined_at=timezone.now() - timedelta(days=900))
    report = make_report(torugart, outcome="found-closed", author=expert, source="The gate was chained.")

    page.goto("/crossings/torugart/")
    expect(page.locator(".big-stamp b")).to_have_text(re.compile("Disputed|Closed"))
    status = page.locator(".big-stamp b").inner_text().lower()
    expect(page.get_by_text("The gate was chained.")).to_be_visible()
    assert status in page.locator(".crossing-mark[aria-current] title").text_content().lower()
    page.goto("/crossings/")
    expect(page.locator(".entry", has_text="Torugart Pass").locator(".stamp")).to_have_text(
        re.compile(status, re.IGNORECASE)
    )
    assert page.request.get("/crossings/torugart.json").json()["status"]["is"] == status
    places = page.request.get("/crossings.geojson").json()["features"]
    assert [place["properties"]["status"]["is"] for place in places] == [status]
    assert "The gate was chained." in page.request.get("/crossings/torugart/feed/").text()
    page.goto(report.post.topic.get_absolute_url())
    assert status in page.locator("main").inner_text().lower()
    page.goto("/search/?q=torugart")
    assert status in page.locator("main").inner_text().lower()


@pytest.mark.parametrize("status", HEADS)
def test_no_head_has_a_barrier_in_four_looks(open_page, torugart, violations, status):
    HEADS[status](torugart)
    page = open_page("/crossings/torugart/?to=kg&by=bicycle")
    page.locator(".way summary").click()

    assert barriers(page, violations) == []
