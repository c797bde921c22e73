"""Filing a report of a crossing on a phone: in under ten taps, with and without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crossings.models import CrossingReport
from crossings.reports import actions
from forum.actions.rules import set_rules
from tests.crossings.factories import make_crossing
from tests.factories import make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


class Taps:
    """Counts what a thumb does."""

    def __init__(self):
        self.count = 0

    def __call__(self, act, *arguments):
        self.count += 1
        act(*arguments)


def tell_what_happened(page, tap):
    tap(page.get_by_role("link", name="Report your crossing").click)
    tap(page.get_by_label("The day you were at the gate").fill, timezone.now().date().isoformat())
    tap(page.locator("label", has_text="Country CN to Country KG").click)
    tap(page.locator("label", has_text="Bicycle").click)
    tap(page.locator("label", has_text="Refused at exit").click)
    tap(page.get_by_label("What should the next traveller know?").fill, "No registered car, no stamp.")


@pytest.mark.parametrize("with_script", [True, False])
def test_a_report_is_filed_in_under_ten_taps_on_a_phone(open_page, with_script):
    make_crossing(name="Torugart Pass", slug="torugart")
    tap = Taps()
    page = open_page("/crossings/torugart/", make_user(trust=1), java_script_enabled=with_script, **PHONE)

    tell_what_happened(page, tap)
    tap(page.get_by_role("button", name="Send report").click)

    expect(page.get_by_text("No registered car, no stamp.")).to_be_visible()
    expect(page.locator(".report-line b")).to_have_text("Refused at exit")
    assert tap.count < 10
    assert CrossingReport.objects.get().outcome == "refused-exit"
    page.goto("/crossings/torugart/")
    expect(page.locator(".big-stamp b")).to_have_text("Closed")


@pytest.mark.parametrize("with_script", [True, False])
def test_today_is_one_tap_and_another_day_asks_which(open_page, with_script):
    make_crossing(name="Torugart Pass", slug="torugart")
    page = open_page("/crossings/torugart/report/", make_user(trust=1), java_script_enabled=with_script, **PHONE)
    date = page.get_by_label("The day you were at the gate")

    page.locator("label", has_text="Today").click()
    expect(date).to_be_hidden()
    page.locator("label", has_text="Another day").click()
    expect(date).to_be_visible()
    page.locator("label", has_text="Yesterday").click()
    for words in ("Country CN to Country KG", "Bicycle", "Crossed freely"):
        page.locator("label", has_text=words).click()
    page.get_by_role("button", name="Send report").click()

    expect(page.locator(".report-line b")).to_have_text("Crossed freely")
    assert CrossingReport.objects.get().crossed_on == timezone.localdate() - timedelta(days=1)


@pytest.mark.parametrize("with_script", [True, False])
def test_the_very_first_report_needs_one_tap_more(open_page, with_script):
    make_crossing(name="Torugart Pass", slug="torugart")
    rules = ["Write what you saw.", "No names of officers."]
    set_rules(make_user(is_staff=True), actions.reports_subforum(), introduction="Look first.", rules=rules)
    tap = Taps()
    page = open_page("/crossings/torugart/", make_user(trust=1), java_script_enabled=with_script, **PHONE)

    tell_what_happened(page, tap)
    tap(page.get_by_label("I have read the rules of this place").click)
    tap(page.get_by_role("button", name="Send report").click)

    expect(page.get_by_text("No registered car, no stamp.")).to_be_visible()
    assert tap.count < 10
    assert CrossingReport.objects.get().outcome == "refused-exit"
    page.goto("/crossings/torugart/report/")
    expect(page.get_by_label("I have read the rules of this place")).to_have_count(0)


@pytest.mark.parametrize("with_script", [True, False])
def test_what_is_wrong_is_shown_and_nothing_typed_is_lost(open_page, with_script):
    make_crossing(name="Torugart Pass", slug="torugart")
    page = open_page("/crossings/torugart/report/", make_user(), java_script_enabled=with_script, **PHONE)

    page.get_by_label("What should the next traveller know?").fill("A long story.")
    page.locator("label", has_text="Bicycle").click()
    page.get_by_text("More, if you have a minute").click()
    page.get_by_label("Minutes at exit").fill("5000")
    page.get_by_role("button", name="Send report").click()

    expect(page.get_by_role("alert")).to_contain_text("Enter the day you were at the gate.")
    expect(page.get_by_role("alert")).to_contain_text("This is more than two days")
    expect(page.get_by_label("What should the next traveller know?")).to_have_value("A long story.")
    assert page.get_by_role("radio", name="Bicycle").is_checked()
    expect(page.get_by_label("Minutes at exit")).to_be_visible()


def test_a_story_survives_a_lost_line(open_page):
    make_crossing(name="Torugart Pass", slug="torugart")
    page = open_page("/crossings/torugart/report/", make_user(), **PHONE)

    page.get_by_label("What should the next traveller know?").fill("Typed in the queue.")
    page.context.set_offline(True)
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/crossings/torugart/report/")

    expect(again.get_by_label("What should the next traveller know?")).to_have_value("Typed in the queue.")


def test_by_keyboard_alone(open_page):
    make_crossing(name="Torugart Pass", slug="torugart")
    page = open_page("/crossings/torugart/report/", make_user(trust=1))

    page.get_by_label("The day you were at the gate").fill(timezone.now().date().isoformat())
    for name in ("direction", "mode", "outcome"):
        page.locator(f"input[name={name}]").first.focus()
        page.keyboard.press("Space")
    page.get_by_label("What should the next traveller know?").focus()
    page.keyboard.type("By keyboard.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Report sent.")).to_be_visible()
