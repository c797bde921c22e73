"""Changing a post, and what its history shows."""

import re

import pytest
from playwright.sync_api import expect

from forum.actions import edits
from tests.factories import make_user
from tests.forum.factories import make_post

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("with_script", [True, False])
def test_an_edited_post_shows_the_words_that_changed(open_page, with_script):
    post = make_post(source="The car costs 200 dollars.")
    page = open_page(post.topic.get_absolute_url(), post.author, java_script_enabled=with_script)

    page.locator(f"#p{post.pk}").get_by_role("link", name="Edit").click()
    page.get_by_label("Your post").fill("The car costs 250 dollars.")
    page.get_by_label("Why").fill("New price")
    page.get_by_role("button", name="Save post").click()
    expect(page.locator(f"#p{post.pk} .prose")).to_have_text("The car costs 250 dollars.")
    page.wait_for_load_state()  # the script makes times relative, and what stands beside them moves
    page.locator(f"#p{post.pk}").get_by_role("link", name=re.compile("Edited")).click()

    expect(page.locator("del")).to_have_text("200")
    expect(page.locator("ins")).to_have_text("250")
    expect(page.get_by_text("Reason: New price")).to_be_visible()


def test_a_text_found_on_the_device_does_not_cover_what_another_wrote_since(open_page):
    post = make_post(source="Open.")
    page = open_page(f"/posts/{post.pk}/edit/", post.author)

    page.context.set_offline(True)
    page.get_by_label("Your post").fill("Open on Tuesday.")
    page.close(run_before_unload=False)
    edits.edit_post(make_user(is_staff=True), post, source="Open on Monday.", based_on=0)
    again = open_again(page, f"/posts/{post.pk}/edit/")
    expect(again.get_by_label("Your post")).to_have_value("Open on Tuesday.")
    again.get_by_role("button", name="Save post").click()

    expect(again.get_by_role("heading", name="Somebody else edited this meanwhile")).to_be_visible()


def open_again(page, path):
    """Another page on the same device, with the line back."""
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(path)
    return again
