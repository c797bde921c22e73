"""A ban, a clean-up, a rejected topic, a suspended member, from both sides: with script, without, on a phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from forum.actions import visibility
from forum.models import Post, Topic
from moderation.actions import member_acts
from moderation.filters import findings
from moderation.log.entries import Why
from moderation.models import Appeal, Flag, Hold, ModerationEntry, Verb
from tests.browser.test_acts_and_their_undo import undo, with_and_without_script
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_flag, make_moderator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def topic():
    return make_topic(subforum=make_subforum(name="Open or closed?"), title="Who drives up to the arch?")


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum, username="kind_hand")


@pytest.fixture
def member(topic):
    author = make_user(username="new_rider", trust=User.Trust.NEW)
    make_post(topic=topic, author=author, source="My own words.")
    return author


def press_again(page, name):
    """The first press is asked why, the second goes on."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Why?")
    page.get_by_role("button", name=name, exact=True).click()


@with_and_without_script
def test_a_ban_and_its_undo_from_both_sides(open_page, topic, moderator, member, device):
    page = open_page("/moderation/members/new_rider/", moderator, **device)
    page.locator('[value="ban"]').check()
    page.get_by_label("Tone").check()
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.locator(".undo")).to_contain_text("Banned new_rider.")

    theirs = open_page(f"/topics/{topic.pk}/", member, **device)
    expect(theirs.get_by_text("Your account cannot write any more.")).to_be_visible()
    expect(theirs.get_by_text("The tone of this hurts somebody.")).to_be_visible()
    theirs.goto(f"/forums/{topic.subforum.slug}/new/")
    expect(theirs.get_by_role("link", name="Ask another moderator")).to_be_visible()

    undo(page)
    theirs.goto(f"/topics/{topic.pk}/")
    expect(theirs.get_by_text("Your account cannot write any more.")).to_have_count(0)
    expect(theirs.locator("#id_source")).to_be_visible()


@with_and_without_script
def test_a_clean_up_from_both_sides(open_page, topic, moderator, member, device):
    post = Post.objects.get(author=member)
    item = make_flag(post).item
    page = open_page(f"/moderation/queue/{item.pk}/", moderator, **device)
    page.get_by_role("button", name=re.compile("Ban and hide 1 post")).click()
    expect(page.get_by_text("Cleaned up after new_rider.").first).to_be_visible()

    theirs = open_page("/account/login/", make_user())  # a device that the clean-up did not sign out
    theirs.context.clear_cookies()
    theirs = open_page(f"/posts/{post.pk}/", User.objects.get(pk=member.pk), **device)
    expect(theirs.get_by_text("this post was hidden with it")).to_be_visible()
    expect(theirs.get_by_label("Your text")).to_have_value("My own words.")
    expect(theirs.get_by_role("button", name="Write it again")).to_have_count(0)


@with_and_without_script
def test_a_rejected_topic_from_the_queue_to_sending_it_again(open_page, topic, moderator, device):
    author = make_user(username="asks_for_taxi", trust=User.Trust.MEMBER)
    held = make_topic(subforum=topic.subforum, author=author, title="Border taxi, who is cheapest?", source="Drivers!")
    visibility.hold_post(moderator, held.opening_post)
    item = findings.note_hold(held.opening_post, Hold.Reason.COPIED).item
    page = open_page(f"/moderation/queue/{item.pk}/", moderator, **device)
    expect(page.get_by_text("“Posted twice” is suggested because the same text was posted before.")).to_be_visible()
    page.get_by_label("Wrong place").check()
    page.get_by_role("button", name=re.compile("^Reject")).click()
    expect(page.get_by_text("rejected a post", exact=False).first).to_be_visible()
    assert ModerationEntry.objects.get(verb=Verb.REJECT).words.reason.startswith("This belongs in another subforum")

    theirs = open_page(f"/posts/{held.opening_post_id}/", author, **device)
    expect(theirs).to_have_url(re.compile(held.get_absolute_url()))
    expect(theirs.get_by_text("A moderator did not publish this topic.")).to_be_visible()
    expect(theirs.get_by_text("This belongs in another subforum", exact=False)).to_be_visible()
    theirs.get_by_role("button", name="Write it again").click()
    expect(theirs.get_by_label("Title")).to_have_value("Border taxi, who is cheapest?")
    theirs.locator("#id_source").fill("What did you pay for the taxi to the arch?")
    theirs.get_by_role("button", name="Post", exact=False).last.click()

    expect(theirs.get_by_text("What did you pay for the taxi to the arch?")).to_be_visible()
    assert Topic.objects.readable().filter(author=author).exists()


@with_and_without_script
def test_a_suspended_member_reads_why_keeps_the_text_and_asks(open_page, topic, moderator, member, device):
    theirs = open_page(f"/topics/{topic.pk}/reply/", member, **device)
    theirs.locator("#id_source").fill("A long answer that took me an hour.")
    member_acts.suspend(moderator, member, timezone.now() + timedelta(days=3), Why(reason="Take a break, please."))

    theirs.get_by_role("button", name="Reply", exact=False).last.click()
    expect(theirs.get_by_role("heading", name="You cannot write now")).to_be_visible()
    for words in ("You cannot write until", "Take a break, please.", "A long answer that took me an hour."):
        expect(theirs.get_by_text(words, exact=False).first).to_be_visible()
    theirs.get_by_role("link", name="Ask another moderator").click()
    theirs.get_by_label("What should the moderators know?").fill("It was somebody else.")
    theirs.locator("main form button:not([hidden])").last.click()
    expect(theirs.get_by_text("Another moderator will look at it.").first).to_be_visible()
    assert Appeal.objects.get().words == "It was somebody else."

    judge = make_moderator(topic.subforum, username="second_hand")
    page = open_page(f"/moderation/appeals/{Appeal.objects.get().pk}/", judge, **device)
    page.get_by_label("A few words to them").fill("You are right.")
    page.locator('[name="grant"]').click()
    theirs.goto(f"/topics/{topic.pk}/")
    expect(theirs.locator("#id_source")).to_be_visible()


# --- Saying why ---


@with_and_without_script
def test_a_press_without_a_reason_is_asked_once_and_the_second_goes_on(open_page, topic, moderator, device):
    page = open_page(f"/moderation/topics/{topic.pk}/", moderator, **device)

    press_again(page, "Hide topic")

    expect(page.locator(".undo")).to_be_visible()
    expect(page.get_by_text("no reason given")).to_be_visible()
    assert Topic.objects.get(pk=topic.pk).hidden_at


def test_a_ready_reason_fills_the_word_and_the_rule_and_own_words_stay(open_page, topic, moderator):
    page = open_page(f"/moderation/topics/{topic.pk}/", moderator)
    word = page.get_by_label("A word to the author")
    page.get_by_label("Tone").check()
    expect(word).to_have_value(re.compile("^The tone of this hurts"))
    page.get_by_label("Dangerous").check()
    expect(word).to_have_value(re.compile("^Somebody who follows this"))
    page.get_by_label("None of these").check()
    expect(word).to_have_value("")

    word.fill("My own words.")
    page.get_by_label("Tone").check()
    expect(word).to_have_value("My own words.")
    word.fill("")
    expect(page.locator("[name=preset]:checked")).to_have_count(0)


def test_the_queue_by_keys_asks_in_place_and_loses_no_focus(open_page, topic, moderator):
    items = [make_flag(make_post(topic=topic), reason=Flag.Reason.ADVERTISING).item for _ in range(3)]
    page = open_page("/moderation/", moderator)
    first, second, third = (page.locator(f"#item{item.pk}") for item in items)
    expect(first).to_be_focused()

    page.keyboard.press("r")
    expect(first.get_by_role("alert")).to_contain_text("Why?")
    expect(first).to_be_focused()
    page.keyboard.press("r")
    expect(second).to_be_focused()

    page.keyboard.press("1")
    expect(second.get_by_label("A word to the author")).to_have_value(re.compile("^This forum has no place for offers"))
    page.keyboard.press("r")
    expect(third).to_be_focused()

    third.get_by_label("Dangerous").focus()
    page.keyboard.press(" ")
    page.keyboard.press("w")  # a chosen radio button is no field in which letters are letters
    expect(page.locator(f'[data-done="{items[2].pk}"]')).to_be_focused()
    page.keyboard.press("z")
    expect(third.locator("form")).to_be_visible()
    reasons = list(
        ModerationEntry.objects.exclude(verb=Verb.UNDO).order_by("pk").values_list("words__reason", flat=True)
    )
    assert [words[:9] for words in reasons] == ["", "This foru", "Somebody "]


def test_a_key_that_is_held_down_acts_once(open_page, topic, moderator):
    items = [make_flag(make_post(topic=topic)).item for _ in range(2)]
    page = open_page("/moderation/", moderator)
    expect(page.locator(f"#item{items[0].pk}")).to_be_focused()

    page.keyboard.down("r")
    expect(page.get_by_role("alert")).to_contain_text("Why?")
    for _ in range(3):
        page.keyboard.down("r")  # what a held key sends

    expect(page.locator(".htmx-request")).to_have_count(0)
    assert not ModerationEntry.objects.exists()
