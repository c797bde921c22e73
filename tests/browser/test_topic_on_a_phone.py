"""On a phone a topic begins with its first post: crossing, rules and age take a line each, and nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import ExpertBadge
from crossings.links.actions import link_topic
from forum.actions import answers
from forum.actions.rules import set_rules
from forum.models import Topic
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_admin

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
HIGHEST = 400  # pixels from the top of the page to the first post
WIDE = "| from | to | leaves | costs | takes | ship |\n|---|---|---|---|---|---|\n" + (
    "| Alat near Baku | Kuryk near Aktau | whenever it is full | 80 dollars | 24 hours | Professor Gul |\n"
)

with_and_without_script = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@pytest.fixture
def topic():
    """Three years old, with rules, and about a crossing of which reports tell."""
    subforum = make_subforum(name="Is the road, border or area open and accessible to foreigners?", short_name="Open?")
    set_rules(make_admin(), subforum, introduction="Look first.", rules=["Look for a topic.", "No advertising."])
    topic = make_topic(subforum=subforum, title="Is a permit from the Kyrgyz side still needed for the Kizil Art pass?")
    crossing = make_crossing(name="Kyzyl-Art Pass", slug="kyzyl-art")
    make_report(crossing)
    link_topic(topic, crossing, source="author", by=topic.author)
    Topic.objects.filter(pk=topic.pk).update(opened_at=timezone.now() - timedelta(days=3 * 365 + 9))
    return topic


@pytest.fixture
def long_topic(topic):
    """The same with an expert's answer, on two pages."""
    expert = make_user(username="pass_expert")
    ExpertBadge.objects.create(
        user=expert, title="Kyrgyzstan expert", countries=["KG"], given_by=topic.author, given_at=timezone.now()
    )
    answers.accept_answer(topic.author, make_post(topic=topic, author=expert))
    for _ in range(20):
        make_post(topic=topic, author=expert)
    return topic


def top_of_first_post(page):
    return page.evaluate("document.querySelector('.post').getBoundingClientRect().top + scrollY")


@with_and_without_script
def test_the_first_post_begins_in_the_upper_half(open_page, topic, script):
    page = open_page(topic.get_absolute_url(), java_script_enabled=script, **PHONE)

    for words in ("Kyzyl-Art Pass", "Before you post", "3 years old"):
        expect(page.locator("main").get_by_text(words).first).to_be_visible()
    assert top_of_first_post(page) < HIGHEST


@with_and_without_script
def test_so_it_does_in_a_long_topic_with_an_answer(open_page, long_topic, script):
    page = open_page(long_topic.get_absolute_url(), java_script_enabled=script, **PHONE)

    expect(page.get_by_role("link", name="Expert answer")).to_be_visible()
    assert top_of_first_post(page) < HIGHEST


def test_so_it_does_for_a_member(open_page, long_topic):
    page = open_page(long_topic.get_absolute_url(), make_user(), **PHONE)

    assert top_of_first_post(page) < HIGHEST


def test_so_it_does_with_three_crossings_of_which_the_next_shows_a_part(open_page, long_topic):
    for name in ("Irkeshtam Pass", "Torugart Pass"):
        link_topic(long_topic, make_crossing(name=name), source="author", by=long_topic.author)
    page = open_page(long_topic.get_absolute_url(), **PHONE)

    assert top_of_first_post(page) < HIGHEST
    expect(page.locator(".crossing-card").nth(1)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@with_and_without_script
def test_the_lines_open(open_page, topic, script):
    page = open_page(topic.get_absolute_url(), java_script_enabled=script, **PHONE)
    rules, age = page.get_by_text("No advertising."), page.get_by_text("Look at the newest posts first.")
    expect(rules).to_be_hidden()
    expect(age).to_be_hidden()

    page.get_by_text("Before you post").tap()
    page.get_by_text("3 years old").tap()

    expect(rules).to_be_visible()
    expect(age).to_be_visible()


def test_the_line_of_the_crossing_leads_to_its_page(open_page, topic):
    page = open_page(topic.get_absolute_url(), **PHONE)

    page.get_by_role("link", name="Kyzyl-Art Pass").first.tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kyzyl-Art Pass")


def test_a_reply_is_one_tap_away_and_out_of_the_way_of_writing(open_page, topic):
    page = open_page(topic.get_absolute_url(), make_user(), **PHONE)
    to_the_form = page.get_by_role("link", name="Reply", exact=True)
    expect(to_the_form).to_be_in_viewport()

    to_the_form.tap()
    page.get_by_label("Your reply").tap()

    expect(page.get_by_label("Your reply")).to_be_in_viewport()
    expect(to_the_form).to_be_hidden()


def test_a_locked_topic_can_be_watched_but_not_replied_to(open_page, topic):
    Topic.objects.update(locked_at=timezone.now())
    page = open_page(topic.get_absolute_url(), make_user(), **PHONE)

    expect(page.get_by_role("link", name="Reply", exact=True)).to_have_count(0)
    expect(page.get_by_text("Watch", exact=True).first).to_be_visible()


def test_a_desktop_shows_the_whole_card(open_page, topic):
    page = open_page(topic.get_absolute_url(), **DESKTOP)

    expect(page.get_by_role("link", name="Report your crossing")).to_be_visible()
    expect(page.get_by_text("This topic is 3 years old")).to_be_visible()


def test_a_wide_table_shows_that_there_is_more_and_scrolls_by_keys(open_page, violations):
    post = make_post(source=WIDE)
    page = open_page(post.get_absolute_url(), viewport=PHONE["viewport"])
    table, last = page.locator(".prose table"), page.get_by_role("columnheader", name="ship")
    expect(last).not_to_be_in_viewport()
    assert "local" in table.evaluate("table => getComputedStyle(table).backgroundAttachment")

    table.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")

    expect(last).to_be_in_viewport()
    assert violations(page) == []


def test_a_narrow_table_is_no_stop_of_the_tab_key(open_page):
    post = make_post(source="| from | to |\n|---|---|\n| Osh | Kashgar |")
    page = open_page(post.get_absolute_url(), viewport=PHONE["viewport"])

    expect(page.locator(".prose table")).not_to_have_attribute("tabindex", "0")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_nothing_of_it_is_a_barrier(open_page, violations, long_topic, look):
    page = open_page(long_topic.get_absolute_url(), color_scheme=look, **PHONE)
    page.get_by_text("Before you post").tap()
    page.get_by_text("3 years old").tap()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
