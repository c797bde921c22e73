"""Names that are offered while one types after an @; their script comes with the first field that is opened."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def topic():
    topic = make_topic()
    make_post(topic=topic, author=make_user("wobblyspoke"))
    return topic


def test_a_name_is_chosen_by_the_keyboard(open_page, topic):
    page = open_page(topic.get_absolute_url(), make_user())
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "mention" in request.url else None)
    field = page.locator("#reply textarea")

    assert asked == []
    field.focus()
    page.keyboard.type("Thank you @wob")
    expect(page.get_by_role("option", name="wobblyspoke")).to_be_visible()
    page.keyboard.press("Enter")

    expect(field).to_have_value("Thank you @wobblyspoke ")
    assert asked[0].endswith("mention.js")


def test_a_name_that_was_typed_before_the_script_came_is_looked_for(open_page, topic):
    page = open_page(topic.get_absolute_url(), make_user())
    waiting = []
    page.route("**/mention.js", lambda route: waiting.append(route))

    page.locator("#reply textarea").focus()
    page.keyboard.type("@wob")
    expect(page.get_by_role("option")).to_have_count(0)
    waiting[0].continue_()

    expect(page.get_by_role("option", name="wobblyspoke")).to_be_visible()


def test_without_a_line_the_next_field_brings_it(open_page, topic):
    page = open_page(topic.get_absolute_url(), make_user())
    field = page.locator("#reply textarea")
    page.context.set_offline(True)
    field.focus()
    page.context.set_offline(False)

    page.get_by_role("link", name="wobblyspoke").first.focus()
    field.focus()
    page.keyboard.type("@wob")

    expect(page.get_by_role("option", name="wobblyspoke")).to_be_visible()
