"""From a number beside a post to the list behind it; and from the settings to a calendar that works: with and without
script, on a phone."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
with_and_without_script = pytest.mark.parametrize("with_script", [True, False])


@with_and_without_script
def test_from_the_number_beside_a_post_to_the_passport_and_back(open_page, with_script):
    member = make_user(username="rider", trust=2)
    post = make_post(author=member, topic=make_topic(title="Is the arch open?"), source="It was on Monday.")
    make_report(make_crossing(name="Torugart"), author=member, source="Quick and friendly.")

    page = open_page(post.topic.get_absolute_url(), java_script_enabled=with_script, **PHONE)
    page.locator(f"#p{post.pk} .posts-count a").click()
    expect(page.get_by_role("heading", name="Posts by rider", level=1)).to_be_visible()
    page.get_by_role("link", name="Is the arch open?").click()
    page.locator(f"#p{post.pk} .name").click()
    page.locator(".passport a").click()

    expect(page.get_by_text("Quick and friendly.")).to_be_visible()


@with_and_without_script
def test_from_the_settings_to_a_calendar_that_works_until_it_is_turned_off(open_page, with_script):
    member = make_user(username="rider")
    watch(member, make_crossing(name="Torugart"), travel_on=timezone.now().date())

    page = open_page("/settings/", member, java_script_enabled=with_script, **PHONE)
    page.get_by_role("link", name="Feed and calendar").click()
    page.get_by_role("button", name="Make an address").last.click()
    address = page.locator("#address").input_value()
    path = re.sub("^https?://[^/]+", "", address)
    assert "SUMMARY:At Torugart" in Client().get(path).text

    page.get_by_role("button", name="Turn off").click()

    expect(page.get_by_text("The address no longer works.")).to_be_visible()
    assert Client().get(path).status_code == 404


@with_and_without_script
def test_the_latest_posts_of_one_country(open_page, with_script):
    make_report(make_crossing(name="Torugart"), source="Quick and friendly.")
    make_report(make_crossing(name="Sarpi", countries=("GE", "TR")), source="A long queue.")

    page = open_page("/unanswered/", java_script_enabled=with_script, **PHONE)
    page.get_by_role("link", name="Latest", exact=True).click()
    page.get_by_label("Country").select_option("GE")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="Posts", exact=True).click()

    expect(page.get_by_text("A long queue.")).to_be_visible()
    expect(page.get_by_text("Quick and friendly.")).to_have_count(0)
