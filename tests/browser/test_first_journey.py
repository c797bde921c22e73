"""A newcomer's first journey: sign up, confirm, find, read, reply with a quote, react, sign out."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import make_user
from tests.forum.factories import make_post
from tests.mailbox import sent

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("with_script", [True, False])
def test_a_newcomer_signs_up_reads_replies_reacts_and_signs_out(open_page, settings, with_script):
    settings.SIGN_UP_SECONDS = 0  # nobody types as quickly as this test
    post = make_post(source="Bring cash to Kulma.", author=make_user(username="yak_rider"))
    page = open_page("/", java_script_enabled=with_script)

    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Email").fill("newcomer@example.org")
    page.get_by_label("Name").fill("newcomer")
    page.get_by_label("Password").fill("a sentence nobody guesses")
    page.get_by_role("button", name="Make account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    page.goto(re.search(r"https?://\S+", sent()[-1].body).group())
    page.get_by_role("button", name="Confirm and sign in").click()

    page.get_by_role("link", name=post.topic.title).first.click()
    article = page.locator(f"#p{post.pk}")
    article.get_by_role("button", name="Helpful").click()
    expect(page.locator(f"#p{post.pk}").get_by_role("button", name="Helpful")).to_have_attribute("aria-pressed", "true")

    page.goto(post.topic.get_absolute_url())
    page.locator(f"#p{post.pk}").get_by_role("link", name="Quote").click()
    area = page.get_by_label("Your reply")
    assert "> Bring cash to Kulma." in area.input_value()
    area.fill(area.input_value() + "Thank you, **noted**.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Reply posted.")).to_be_visible()
    expect(page.locator("cite").get_by_text("yak_rider")).to_be_visible()

    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_selected_words_are_quoted_into_the_reply_on_the_page(open_page, sign_in):
    post = make_post(source="First words. Second words.")
    page = open_page("/")
    sign_in(page, make_user())

    page.goto(post.topic.get_absolute_url())
    page.locator(f"#p{post.pk} .prose p").evaluate(
        "words => getSelection().setBaseAndExtent(words.firstChild, 0, words.firstChild, 12)"
    )
    page.locator(f"#p{post.pk}").get_by_role("link", name="Quote").click()

    value = page.get_by_label("Your reply").input_value()
    assert f"(/posts/{post.pk}/)" in value
    assert "> First words." in value
    assert "Second" not in value


def test_everything_is_reached_with_the_keyboard(open_page):
    page = open_page("/")

    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert focused == "Skip to content"
    assert page.evaluate("document.activeElement.id") == "main"
