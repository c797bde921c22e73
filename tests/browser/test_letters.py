"""From a question to the letter that brings its answer, to the post and back to quiet: with and without script."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import expect

from config.worker import task_worker
from forum.actions import posts
from forum.models import Reading
from notifications.models import Subscription
from tests.factories import make_user
from tests.forum.factories import make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def work(monkeypatch, settings, live_server):
    """A real worker, until nothing waits, and the letters that it sent."""
    settings.SITE_URL, settings.LETTER_DELAY = live_server.url, 0
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)

    def work_():
        mail.outbox.clear()
        call_command("worker", "--once")
        return list(mail.outbox)

    return work_


@pytest.fixture
def asker():
    return make_user(username="wobblyspoke")


@pytest.fixture
def topic(asker):
    topic = make_topic(author=asker, title="Is the arch open?")
    Reading.objects.update(seen_at=None)  # the asker left the page a while ago
    return topic


def answer(topic, words):
    posts.reply(make_user(), topic, source=words)


@pytest.mark.parametrize("with_script", [True, False])
def test_an_answer_comes_by_letter_is_read_and_the_bell_is_empty(open_page, work, asker, topic, with_script):
    answer(topic, "It was open on Monday.")
    (letter,) = work()
    html = letter.alternatives[0].content
    link = re.search(r'href="([^"]+)">Read it there', html)[1]

    page = open_page("/", asker, java_script_enabled=with_script, **PHONE)
    page.goto(link)

    assert letter.to == [asker.email]
    expect(page.get_by_text("It was open on Monday.")).to_be_visible()
    page.goto("/")
    expect(page.locator("a[href='/notifications/'] .count")).to_have_count(0)


@pytest.mark.parametrize("with_script", [True, False])
def test_one_click_in_the_mail_program_ends_them_and_the_page_of_the_link_brings_them_back(
    open_page, work, topic, with_script
):
    answer(topic, "It was open on Monday.")
    (letter,) = work()
    one_click = letter.extra_headers["List-Unsubscribe"].strip("<>")
    Client().post(
        one_click.partition("/letters/")[1] + one_click.partition("/letters/")[2], {"List-Unsubscribe": "One-Click"}
    )
    answer(topic, "On Tuesday, too.")
    silent = work()

    page = open_page(one_click, java_script_enabled=with_script, **PHONE)
    expect(page.get_by_role("heading", name="You get no more letters of this kind")).to_be_visible()
    page.get_by_role("button", name="Send them again").click()
    expect(page.get_by_role("heading", name="No more letters of this kind?")).to_be_visible()
    answer(topic, "And today.")

    assert silent == []
    assert len(work()) == 1


@pytest.mark.parametrize("with_script", [True, False])
def test_how_often_letters_come_is_chosen_in_the_settings(open_page, asker, with_script):
    page = open_page("/settings/", asker, java_script_enabled=with_script, **PHONE)

    page.get_by_role("link", name="Letters", exact=True).click()
    page.get_by_label("Somebody mentions me").select_option("Once a week")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your wishes are saved.")).to_be_visible()
    weekly = Subscription.objects.get()
    page.get_by_role("button", name="Stop all letters").click()
    expect(page.get_by_text("You get no letters any more.")).to_be_visible()
    stopped = set(Subscription.objects.values_list("frequency", flat=True))
    page.get_by_role("button", name="Send letters again").click()
    expect(page.get_by_label("Somebody mentions me")).to_have_value("week")

    assert (weekly.category, weekly.frequency, stopped) == ("mentions", "week", {"never"})
