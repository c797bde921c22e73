"""Thursday, Kyrgyzstan to China by bicycle: when must I be there?"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from crossings.models import Status
from crossings.status import update
from tests.crossings.factories import make_country, make_crossing, make_hours, make_report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def torugart():
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(
        slug="torugart", name="Torugart Pass", editors_status=Status.OPEN, zone_a="Asia/Shanghai", zone_b="Asia/Bishkek"
    )
    make_hours(crossing, "a", "10:00", "17:00", pause="13:30-15:30", weekdays="12345")
    make_hours(crossing, "b", "08:00", "17:00", pause="12:00-13:00", weekdays="12345")
    make_report(crossing, direction="b-a", minutes_at_exit=40, minutes_between=150, minutes_at_entry=60)
    return crossing


@pytest.mark.parametrize("script", [True, False])
def test_from_the_crossing_to_the_minute_at_the_gate(open_page, torugart, script):
    page = open_page(torugart.get_absolute_url(), java_script_enabled=script, **PHONE)
    thursday = next(day for day in (update.today() + timedelta(days=i) for i in range(1, 8)) if day.isoweekday() == 4)

    page.get_by_role("link", name="When must I be there?").click()
    page.get_by_label("Which way?").select_option("cn")
    page.get_by_label("How?").select_option("bicycle")
    page.get_by_label("Day", exact=True).fill(thursday.isoformat())
    page.get_by_role("button", name="Work it out").click()

    answer = page.locator(".be-there")
    expect(answer).to_contain_text("Be at the gate of Kyrgyzstan by 10:20 in Bishkek (12:20 in Beijing)")
    expect(answer).to_contain_text("to China, by bicycle")
    expect(page.get_by_role("img", name="By the clock of Bishkek")).to_be_visible()
    assert f"day={thursday.isoformat()}" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    saturday = page.locator(".days li", has=page.locator(f'time[datetime="{thursday + timedelta(days=2)}"]'))
    expect(saturday).to_have_class(re.compile("side-a-closed side-b-closed"))
    expect(saturday).to_contain_text("both closed")
    expect(page.locator(".closures li").first).to_contain_text("Both sides closed, every week")
    calendar = page.request.get(page.get_by_role("link", name="For my calendar").get_attribute("href"))
    assert calendar.text().startswith("BEGIN:VCALENDAR")
