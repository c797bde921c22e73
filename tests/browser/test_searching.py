"""Finding topics from the head of any page."""

import re

import pytest
from playwright.sync_api import expect

from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("with_script", [True, False])
def test_a_visitor_searches_from_the_head_and_follows_a_result(open_page, with_script):
    post = make_post(source="The arch was open on Monday.")
    page = open_page("/", java_script_enabled=with_script)

    page.get_by_role("searchbox", name="Search topics").fill("arch monday")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("Search: arch monday"))
    expect(page.locator("mark").first).to_have_text("arch")
    page.get_by_role("link", name=post.topic.title).click()

    expect(page).to_have_url(re.compile(f"#p{post.pk}$"))


@pytest.mark.parametrize("with_script", [True, False])
def test_on_a_phone_the_filters_are_reached_by_keyboard(open_page, with_script):
    make_topic(title="Torugart by bus")
    other = make_topic(title="Torugart by bicycle", author=make_user(username="yak_rider"))
    phone = open_page("/search/?q=torugart", viewport={"width": 390, "height": 800}, java_script_enabled=with_script)
    expect(phone.locator(".hit")).to_have_count(2)

    phone.locator("summary", has_text="Filters").press("Enter")
    phone.get_by_label("Written by").press_sequentially("yak_rider")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    expect(phone.get_by_label("Words in titles")).to_be_checked()
    phone.keyboard.press("Enter")

    expect(phone.locator(".hit h3")).to_have_text([other.title])
    expect(phone).to_have_url(re.compile("by=yak_rider&titles=on"))
    expect(phone.get_by_label("Written by")).to_have_value("yak_rider")


def test_a_search_that_finds_nothing_says_what_to_try(open_page):
    page = open_page("/search/?q=zzyzx&titles=on")

    expect(page.get_by_text("Nothing found for “zzyzx”.")).to_be_visible()
    page.get_by_role("link", name="Search without the filters.").click()

    expect(page.get_by_label("Words in titles")).not_to_be_checked()


@pytest.mark.parametrize("with_script", [True, False])
def test_from_a_whole_sentence_to_the_answer(open_page, with_script):
    make_crossing(name="Torugart Pass", names=("Turugart",))
    topic = make_topic(title="Torugart for cyclists in June", source="Will it be possible?")
    answer = make_post(topic=topic, source="It is open for bicycles with a permit.")
    page = open_page("/", java_script_enabled=with_script)

    page.get_by_role("searchbox", name="Search topics").fill("is torugart open for cyclists next week")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("No topic has all of these words.")
    expect(page.get_by_role("link", name="Torugart Pass")).to_be_visible()
    expect(page.locator(".hit").first).to_contain_text("Without next, week.")
    expect(page.locator(".hit mark").first).to_be_visible()
    page.get_by_role("link", name=topic.title).first.click()

    expect(page.get_by_text(answer.source)).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_country_by_its_name_in_three_languages(open_page, with_script):
    make_country("KG", "Kyrgyzstan")
    make_crossing(name="Torugart Pass")
    page = open_page("/search/", java_script_enabled=with_script)

    for name in ("Kirgistan", "Кыргызстан", "吉尔吉斯斯坦"):
        page.get_by_role("searchbox").last.fill(name)
        page.keyboard.press("Enter")
        expect(page).to_have_title(re.compile(f"Search: {name}"))
        expect(page.get_by_role("link", name="Kyrgyzstan", exact=True)).to_be_visible()

    page.get_by_role("link", name="Kyrgyzstan", exact=True).click()
    expect(page.get_by_role("heading", name="Kyrgyzstan", exact=True)).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_word_that_nobody_wrote_leads_to_the_one_that_was_meant(open_page, with_script):
    topic = make_topic(title="Over the pass in June", source="With a bicycle.")
    page = open_page("/search/?q=bycicle", java_script_enabled=with_script)

    page.get_by_role("link", name="bicycle", exact=True).click()

    expect(page.locator(".hit h3")).to_have_text([topic.title])
