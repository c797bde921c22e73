"""Typed text outlives a lost line, a closed page and a change of the device."""

import re

import pytest
from playwright.sync_api import expect

from forum.models import Draft, Post
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

TEXT = "We stood at the arch when the line went."


def type_without_a_line(page, text=TEXT):
    page.clock.install()
    page.context.set_offline(True)
    page.get_by_label("Your reply").fill(text)
    page.clock.run_for(4000)
    expect(page.get_by_text("Kept on this device")).to_be_visible()


def open_again(page, path):
    """Another page on the same device, with the line back."""
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(path)
    return again


def kept_on_device(page):
    page.wait_for_load_state()  # the page's scripts have run by then
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))")


def test_a_text_typed_without_a_line_is_found_again(open_page):
    url = make_topic().get_absolute_url()
    page = open_page(url, make_user())

    type_without_a_line(page)
    page.close()
    again = open_again(page, url)

    expect(again.get_by_label("Your reply")).to_have_value(TEXT)
    expect(again.get_by_text(re.compile("What you wrote here at|Draft saved"))).to_be_visible()


def test_a_text_is_found_again_after_sending_it_came_to_nothing(open_page):
    url = make_topic().get_absolute_url()
    page = open_page(url, make_user())

    type_without_a_line(page)
    page.get_by_role("button", name="Post reply").click()
    again = open_again(page, url)

    expect(again.get_by_label("Your reply")).to_have_value(TEXT)


def test_a_text_is_found_again_after_it_was_refused(open_page):
    subforum = make_subforum()
    url = f"/forums/{subforum.slug}/new/"
    page = open_page(url, make_user())

    page.get_by_label("Title").fill("!!! ??? !!!")
    page.get_by_label("Your question").fill(TEXT)
    page.get_by_role("button", name="Post topic").click()
    expect(page.locator(".error")).to_contain_text("This title has no words")
    expect(page.get_by_label("Your question")).to_have_value(TEXT)
    again = open_again(page, url)

    expect(again.get_by_label("Title")).to_have_value("!!! ??? !!!")
    expect(again.get_by_label("Your question")).to_have_value(TEXT)


def test_the_last_words_before_a_page_is_left_are_kept(open_page):
    url = make_topic().get_absolute_url()
    page = open_page(url, make_user())

    page.get_by_label("Your reply").fill(TEXT)
    page.goto("/")
    page.goto(url)

    expect(page.get_by_label("Your reply")).to_have_value(TEXT)


def test_a_text_is_saved_by_itself_and_found_on_another_device(open_page):
    url, member = make_topic().get_absolute_url(), make_user()
    page = open_page(url, member)

    page.clock.install()
    page.get_by_label("Your reply").fill(TEXT)
    page.clock.run_for(4000)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    other = open_page(url, member)

    expect(other.get_by_label("Your reply")).to_have_value(TEXT)


def test_without_script_a_draft_is_saved_and_found_on_another_device(open_page):
    topic, member = make_topic(), make_user()
    page = open_page(topic.get_absolute_url(), member, java_script_enabled=False)

    page.get_by_label("Your reply").fill(TEXT)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    other = open_page("/drafts/", member, java_script_enabled=False)
    other.get_by_role("link", name=f"Reply to “{topic.title}”").click()

    expect(other.get_by_label("Your reply")).to_have_value(TEXT)


def test_a_posted_text_is_gone_from_the_device_and_the_server(open_page):
    url = make_topic().get_absolute_url()
    page = open_page(url, make_user())

    type_without_a_line(page)
    page.close()
    again = open_again(page, url)
    expect(again.get_by_label("Your reply")).to_have_value(TEXT)
    again.get_by_role("button", name="Post reply").click()
    expect(again.get_by_text("Reply posted.")).to_be_visible()

    expect(again.get_by_label("Your reply")).to_have_value("")
    assert kept_on_device(again) == []
    assert not Draft.objects.exists()


def test_a_text_that_was_posted_from_elsewhere_does_not_come_back(open_page):
    url, member = make_topic().get_absolute_url(), make_user()
    page = open_page(url, member)
    page.clock.install()
    page.get_by_label("Your reply").fill(TEXT)
    page.clock.run_for(4000)
    expect(page.get_by_text("Draft saved")).to_be_visible()

    other = open_page(url, member)
    other.get_by_role("button", name="Post reply").click()
    expect(other.get_by_text("Reply posted.")).to_be_visible()
    page.reload()

    expect(page.get_by_label("Your reply")).to_have_value("")


@pytest.mark.parametrize("place", ["the composer", "the list"])
def test_a_discarded_draft_is_gone_from_the_device_and_the_server(open_page, place):
    topic, member = make_topic(), make_user()
    url = topic.get_absolute_url()
    Draft.objects.create(user=member, topic=topic, source="Half", saved_at=topic.opened_at)
    page = open_page(url, member)
    type_without_a_line(page)

    page = open_again(page, url if place == "the composer" else "/drafts/")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Draft discarded.")).to_be_visible()

    assert kept_on_device(page) == []
    assert not Draft.objects.exists()
    page.goto(url)
    expect(page.get_by_label("Your reply")).to_have_value("")


@pytest.mark.parametrize("place", ["the menu", "its page"])
def test_whoever_signs_out_leaves_no_text_on_the_device(open_page, place):
    page = open_page(make_topic().get_absolute_url(), make_user())

    type_without_a_line(page)
    page.context.set_offline(False)
    if place == "the menu":
        page.locator("summary", has_text="Your menu").click()
    else:
        page.goto("/account/logout/?next=/about/")
    page.get_by_role("main" if place == "its page" else "banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    assert kept_on_device(page) == []


def test_a_quote_stands_once_after_what_was_just_typed(open_page):
    post = make_post(source="Bring cash.")
    member = make_user()
    Draft.objects.create(user=member, topic=post.topic, source="We stood", saved_at=post.written_at)
    page = open_page(post.topic.get_absolute_url(), member)

    page.get_by_label("Your reply").fill(TEXT)
    page.locator(f"#p{post.pk}").get_by_role("link", name="Quote").click()

    quote = f"> [{post.author.username}](/posts/{post.pk}/)\n> Bring cash.\n\n"
    expect(page.get_by_label("Your reply")).to_have_value(f"{TEXT}\n\n{quote}")


def test_the_text_goes_to_the_server_when_the_line_is_back(open_page):
    page = open_page(make_topic().get_absolute_url(), make_user())

    type_without_a_line(page)
    page.context.set_offline(False)
    expect(page.get_by_text("Draft saved")).to_be_visible()

    assert Draft.objects.get().source == TEXT


def test_a_long_text_in_any_script_reaches_the_server(open_page):
    page = open_page(make_topic().get_absolute_url(), make_user())

    page.clock.install()
    page.get_by_label("Your reply").fill("关" * 30_000)
    page.clock.run_for(4000)
    expect(page.get_by_text("Draft saved")).to_be_visible()

    assert len(Draft.objects.get().source) == 30_000
    assert Post.objects.count() == 1


def test_two_tabs_show_both_texts_and_one_is_chosen(open_page):
    url, member = make_topic().get_absolute_url(), make_user()
    first = open_page(url, member)
    second = first.context.new_page()
    second.goto(url)

    for page, text in ((first, "Words of the first tab."), (second, "Words of the second tab.")):
        page.clock.install()
        page.get_by_label("Your reply").fill(text)
        page.clock.run_for(4000)
        expect(page.locator("#reply [data-saved]")).to_contain_text(re.compile("Draft saved|Kept beside"))
    note = second.get_by_role("alert")
    expect(note).to_contain_text("Both texts are kept")
    note.get_by_text("The other text, saved").click()
    expect(note).to_contain_text("Words of the first tab.")
    second.get_by_role("button", name="Go on with this text").click()
    second.clock.run_for(4000)
    expect(second.get_by_text("Draft saved")).to_be_visible()

    draft = Draft.objects.get()
    assert (draft.source, draft.copies) == ("Words of the second tab.", None)
