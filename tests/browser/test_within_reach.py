"""What stands in a row can be pressed, also where the whole row leads somewhere; phones hide nothing of it."""

import re

import pytest
from playwright.sync_api import expect

from forum.actions.rules import set_rules
from moderation.actions import topic_acts
from moderation.log.entries import Why
from notifications.models import Watch
from notifications.watches.actions import watch
from tests.accounts.signin.steps import app_of
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic
from tests.moderation.factories import make_admin, make_moderator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def topic():
    subforum = make_subforum(name="Open or closed?")
    set_rules(make_admin(), subforum, introduction="Look first.", rules=["Look for a topic.", "No advertising."])
    return make_topic(subforum=subforum, title="Donaudampfschifffahrtsgesellschaftskapitänsmützenhersteller")


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum)


def test_a_watch_is_ended_from_the_list(open_page):
    member = make_user()
    watch(member, make_crossing())
    page = open_page("/watches/", member=member)

    page.locator(".watch-list summary").click()
    page.get_by_role("button", name="Stop watching").click()

    expect(page.locator(".watch-list summary")).to_have_text("Watch")
    assert not Watch.objects.exists()


def test_the_public_log_leads_to_the_rule_as_well_as_to_the_topic(open_page, topic, moderator):
    topic_acts.lock(moderator, topic, Why(rule=2))
    page = open_page("/log/")

    page.get_by_role("link", name="rule 2").click()

    expect(page).to_have_url(re.compile("/rules/"))


def test_on_a_phone_a_moderator_has_the_acts_on_a_topic_at_hand(open_page, topic, moderator):
    app_of(moderator)  # nothing reminds them of a second step
    page = open_page(topic.get_absolute_url(), member=moderator, **PHONE)

    page.get_by_role("link", name="Moderate this topic").tap()

    expect(page.get_by_role("button", name="Hide topic")).to_be_visible()
    expect(page.get_by_label("A word to the author")).to_be_in_viewport()


def test_a_title_of_one_long_word_stays_on_a_phone(open_page, topic, moderator):
    page = open_page(topic.subforum.get_absolute_url(), member=moderator, **PHONE)

    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
