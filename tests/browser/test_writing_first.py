"""A visitor writes, signs up, confirms on another device, goes on with the text and posts it; also without script."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import KeptText
from crossings.models import CrossingReport
from forum.models import Topic
from tests.crossings.factories import make_crossing
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.mailbox import sent

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
both_ways = pytest.mark.parametrize("with_script", [True, False])


@both_ways
def test_a_question_is_written_first_and_posted_from_another_device(open_page, settings, with_script, violations):
    settings.SIGN_UP_SECONDS = 0  # nobody types as quickly as this test
    make_subforum(slug="open-or-closed", name="Open or closed?")
    page = open_page("/forums/open-or-closed/", java_script_enabled=with_script, **PHONE)

    page.get_by_role("link", name="New topic").click()
    page.get_by_label("Title").fill("Is Torugart open in March")
    page.get_by_label("Your question").fill("We come by bicycle, from the south.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    page.get_by_role("button", name="Post topic").click()
    expect(page.get_by_role("heading", name="Your text is kept")).to_be_visible()
    assert not with_script or violations(page) == []
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Email").fill("newcomer@example.org")
    page.get_by_label("Name").fill("newcomer")
    page.get_by_label("Password").fill("a sentence nobody guesses")
    page.get_by_role("button", name="Make account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    link = re.search(r"https?://\S+", sent()[-1].body).group()
    elsewhere = open_page(link, java_script_enabled=with_script)
    expect(elsewhere.get_by_text("What you wrote is waiting")).to_be_visible()
    assert not with_script or violations(elsewhere) == []
    elsewhere.get_by_role("button", name="Confirm and sign in").click()
    expect(elsewhere.get_by_label("Text 1")).to_have_value("We come by bicycle, from the south.")
    assert not with_script or violations(elsewhere) == []
    elsewhere.get_by_role("link", name="Go on with it").click()
    expect(elsewhere.get_by_text("You wrote this before you signed in.")).to_be_visible()
    expect(elsewhere.get_by_label("Your question")).to_have_value("We come by bicycle, from the south.")
    assert not with_script or violations(elsewhere) == []
    assert not Topic.objects.exists()
    elsewhere.get_by_role("button", name="Post topic").click()

    expect(elsewhere.get_by_role("heading", name="Is Torugart open in March")).to_be_visible()
    assert Topic.objects.get().author.username == "newcomer"
    assert not KeptText.objects.exists()


@both_ways
def test_a_quoted_reply_is_written_first_by_a_member_who_was_not_signed_in(open_page, with_script):
    post = make_post(topic=make_topic(title="Torugart with a bicycle"), source="Bring cash to Kulma.")
    make_user("kettle")
    page = open_page(post.topic.get_absolute_url(), java_script_enabled=with_script)

    page.get_by_role("link", name="Write a reply").click()
    page.get_by_label("Source").or_(page.get_by_label("Your reply")).or_(page.get_by_label("Text")).fill("Thank you.")
    page.get_by_role("button", name="Post reply").click()
    page.get_by_role("link", name="Sign in").last.click()
    page.get_by_label("Email or name").fill("kettle")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Go on with it").click()
    page.get_by_role("button", name="Post reply").click()

    expect(page.locator("article").get_by_text("Thank you.")).to_be_visible()


@both_ways
def test_a_report_is_written_first_and_comes_back_filled_in(open_page, with_script):
    make_crossing(name="Torugart Pass", slug="torugart")
    make_user("kettle", trust=1)
    page = open_page("/crossings/torugart/", java_script_enabled=with_script, **PHONE)

    page.get_by_role("link", name="Report your crossing").click()
    page.locator("label", has_text="Today").click()
    page.locator("label", has_text="Country CN to Country KG").click()
    page.locator("label", has_text="Bicycle").click()
    page.locator("label", has_text="Refused at exit").click()
    page.get_by_label("What should the next traveller know?").fill("No registered car, no stamp.")
    page.get_by_role("button", name="Send report").click()
    page.get_by_role("link", name="Sign in").last.click()
    page.get_by_label("Email or name").fill("kettle")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_label("Bicycle")).to_be_checked()
    page.get_by_role("button", name="Send report").click()

    expect(page.locator(".report-line b")).to_have_text("Refused at exit")
    assert CrossingReport.objects.get().outcome == "refused-exit"
    assert not KeptText.objects.exists()
