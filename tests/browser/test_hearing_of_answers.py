"""Ask, be answered, hear of it, read it: the bell leads there, and is empty after."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from config.worker import task_worker
from forum.actions import posts, reactions
from forum.models import Post
from moderation.actions import member_acts
from moderation.log.entries import Why
from notifications.models import Notification
from notifications.news import moderation_news
from notifications.watches.actions import watch
from tests.browser.test_accessibility import barriers
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_subforum

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def work(monkeypatch):
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)
    return lambda: call_command("worker", "--once")


@pytest.mark.parametrize("with_script", [True, False])
def test_who_asks_is_answered_hears_reads_and_the_bell_is_empty(open_page, work, with_script):
    asker, expert = (make_user(name, trust=User.Trust.MEMBER) for name in ("asker", "expert"))
    place = make_subforum()
    page = open_page(f"/forums/{place.slug}/new/", asker, java_script_enabled=with_script)
    page.get_by_label("Title").fill("Torugart by bicycle on Monday?")
    page.get_by_label("Your question").fill("Who has been there this week?")
    page.get_by_role("button", name="Post topic").click()
    expect(page.get_by_role("heading", name="Torugart by bicycle on Monday?")).to_be_visible()
    question = Post.objects.get()
    posts.reply(expert, question.topic, source="I was. It is open, @asker.")
    work()

    page.goto("/")
    page.get_by_role("link", name="News, 1 not read").click()
    page.get_by_role("link", name="Not read: expert mentioned you in").click()

    expect(page.get_by_text("I was. It is open")).to_be_in_viewport()
    expect(page.get_by_role("link", name="News", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="not read")).to_have_count(0)
    page.get_by_role("link", name="News", exact=True).click()
    expect(page.get_by_role("link", name="expert mentioned you in", exact=False)).to_be_visible()
    expect(page.get_by_role("button", name="Mark all read")).to_have_count(0)


def test_all_of_it_is_marked_by_one_button(open_page, work):
    reader, writer = make_user("reader"), make_user("writer", trust=User.Trust.MEMBER)
    crossing = make_crossing(name="Torugart Pass")
    watch(reader, crossing)
    post = posts.open_topic(reader, make_subforum(), title="Which bus?", source="To Osh.")
    posts.reply(writer, post.topic, source="The blue one."), reactions.react(writer, post, "helpful")
    make_report(crossing)
    work()
    page = open_page("/notifications/", reader, viewport={"width": 390, "height": 844})
    expect(page.get_by_role("listitem").filter(has_text="Torugart Pass")).to_be_visible()

    page.get_by_role("navigation", name="Kinds of news").get_by_role("link", name="Answers").click()
    expect(page.get_by_text("Torugart Pass")).to_have_count(0)
    page.get_by_role("button", name="Mark all read").click()
    page.get_by_role("link", name="All").click()

    expect(page.locator(".news .new")).to_have_count(1)
    page.get_by_role("button", name="Mark all read").click()
    expect(page.locator(".news .new")).to_have_count(0)


def test_no_barrier_stands_before_news(open_page, work, violations):
    reader, staff = make_user("reader"), make_user("kind_staff", is_staff=True)
    writers = [make_user(trust=User.Trust.TRUSTED) for _ in range(4)]
    crossing = make_crossing(name="Torugart Pass")
    watch(reader, crossing)
    post = posts.open_topic(reader, make_subforum(), title="Which bus?", source="To Osh.")
    for writer in writers:
        posts.reply(writer, post.topic, source="The blue one, @reader."), reactions.react(writer, post, "helpful")
        make_report(crossing, author=writer, outcome="refused-exit", reason="shut")
    warned = member_acts.warn(staff, reader, Why(reason="Please look first."), post=post)
    work()
    moderation_news.tell_of(warned.pk)
    Notification.objects.filter(actor=writers[0]).update(read_at=timezone.now() - timedelta(days=2))
    Notification.objects.filter(actor=writers[1]).update(made_at=timezone.now() - timedelta(days=1))
    page, empty = open_page("/notifications/", reader), open_page("/notifications/", staff)

    expect(page.get_by_role("heading", name="Yesterday")).to_be_visible()
    expect(empty.get_by_text("Nothing new.")).to_be_visible()
    assert barriers(page, violations) + barriers(empty, violations) == []
