"""From the letter "Did you get through?" to a report: on a phone, signed in nowhere, with and without script."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from config.worker import task_worker
from crossings.models import CrossingReport
from notifications import news_tasks
from notifications.models import Watch
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing
from tests.factories import make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def letter_of_the_night(monkeypatch, settings, live_server):
    """What a real worker sends at night."""
    settings.SITE_URL = live_server.url
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)

    def send():
        news_tasks.write_letters_of_the_night()
        call_command("worker", "--once")
        return mail.outbox[-1]

    return send


@pytest.mark.parametrize("with_script", [True, False])
def test_the_signed_link_of_a_letter_leads_to_a_report(open_page, letter_of_the_night, with_script):
    crossing, traveller = make_crossing(name="Torugart Pass", slug="torugart"), make_user(trust=1)
    watch(traveller, crossing, travel_on=timezone.now().date() - timedelta(days=3))
    html = letter_of_the_night().alternatives[0].content
    link = re.search(r'href="([^"]+)">Found closed', html)[1]

    page = open_page(link, java_script_enabled=with_script, **PHONE)
    assert CrossingReport.objects.count() == 0
    page.locator("label", has_text="Country CN to Country KG").click()
    page.locator("label", has_text="Bicycle").click()
    page.get_by_role("button", name="Found closed").click()

    expect(page.get_by_role("heading", name="Thank you for your report")).to_be_visible()
    report = CrossingReport.objects.get()
    assert (report.outcome, report.post.author) == ("found-closed", traveller)
    page.goto(link)
    page.get_by_role("link", name="Look at your report").click()
    expect(page.locator(".report-line b")).to_have_text("Found closed")
    page.goto("/crossings/torugart/")
    expect(page.locator(".big-stamp b")).to_have_text("Closed")


@pytest.mark.parametrize("with_script", [True, False])
def test_a_border_is_watched_with_a_day_and_left_again(open_page, with_script):
    make_crossing(name="Torugart Pass", slug="torugart")
    day = timezone.now().date() + timedelta(days=20)
    page = open_page("/crossings/torugart/", make_user(), java_script_enabled=with_script, **PHONE)

    page.get_by_text("Watch this crossing").click()
    page.get_by_label("The day you mean to cross").fill(day.isoformat())
    page.get_by_role("button", name="Watch", exact=True).click()

    expect(page.get_by_text("You watch Torugart Pass.")).to_be_visible()
    assert Watch.objects.get().travel_on == day
    page.locator(".dock summary", has_text="Watching").click()
    page.get_by_role("button", name="Stop watching").click()
    expect(page.get_by_text("You no longer watch Torugart Pass.")).to_be_visible()
    assert not Watch.objects.exists()
