"""Ten minutes of a moderator: twenty items by keyboard, a merge, a split, a spammer cleaned up and brought back.

And the same kinds of acts without script.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from forum.actions import visibility
from forum.models import Post, Topic
from moderation.filters import findings
from moderation.models import Flag, Hold, ModerationEntry, QueueItem, Verb
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_flag, make_moderator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
FLAGS, HOLDS, SPAM = 9, 7, 2


@pytest.fixture
def subforum():
    return make_subforum(name="Open or closed?")


@pytest.fixture
def moderator(subforum):
    return make_moderator(subforum, username="quick_hand")


@pytest.fixture
def topic(subforum):
    return make_topic(subforum=subforum, title="Who drives up to the arch?")


@pytest.fixture
def spammer():
    return make_user(username="cheap_permits", trust=User.Trust.NEW)


@pytest.fixture
def twenty(topic, moderator, spammer):
    """What waits, the oldest first: holds, flags, two of a spammer, and two of questions asked before."""
    member = make_user(trust=User.Trust.TRUSTED)
    for _ in range(HOLDS):
        post = make_post(topic=topic)
        visibility.hold_post(moderator, post)
        findings.note_hold(post, Hold.Reason.FIRST_POST)
    for _ in range(FLAGS):
        make_flag(make_post(topic=topic), by=member)
    for _ in range(SPAM):
        make_flag(make_post(topic=topic, author=spammer), by=member)
    for title in ("How does one get up to the arch?", "The arch, and who drives there?"):
        asked = make_topic(subforum=topic.subforum, title=title)
        make_flag(asked.opening_post, by=member, reason=Flag.Reason.DUPLICATE, other_topic=topic)
    start = timezone.now() - timedelta(hours=1)
    for number, item in enumerate(QueueItem.objects.order_by("pk")):
        QueueItem.objects.filter(pk=item.pk).update(opened_at=start + timedelta(seconds=number))
    assert QueueItem.objects.open().count() == 20
    return list(QueueItem.objects.order_by("opened_at"))


def count_is(page, number):
    expect(page.locator("#sign-queue")).to_have_text(str(number))
    expect(page.locator("#count-all")).to_have_text(str(number))


def current(page):
    return page.locator("[data-queue] > [aria-current]")


def focus_is_on(page, item):
    expect(page.locator(f"#item{item.pk}")).to_be_focused()


def press(page, key, *, left, then):
    """One act: the number falls, and the focus is on what waits next."""
    if key == "r":
        page.keyboard.press("1")  # a ready reason
    page.keyboard.press(key)
    count_is(page, left)
    focus_is_on(page, then)


def test_twenty_items_by_keyboard_alone(open_page, moderator, twenty, spammer, topic):
    page = open_page("/moderation/", moderator)
    count_is(page, 20)
    focus_is_on(page, twenty[0])

    page.keyboard.press("j")
    page.keyboard.press("j")
    focus_is_on(page, twenty[2])
    page.keyboard.press("k")
    page.keyboard.press("k")
    focus_is_on(page, twenty[0])
    for number in range(HOLDS):
        press(page, "a" if number % 2 else "r", left=19 - number, then=twenty[number + 1])
    for number in range(HOLDS, HOLDS + FLAGS):
        press(page, "d" if number % 2 else "r", left=19 - number, then=twenty[number + 1])

    page.keyboard.press("x")
    count_is(page, 2)
    focus_is_on(page, twenty[-2])
    expect(page.get_by_text("Cleaned up after cheap_permits.")).to_be_visible()
    assert not Post.objects.readable().filter(author=spammer).exists()
    page.keyboard.press("z")
    count_is(page, 4)
    focus_is_on(page, twenty[-4])
    assert Post.objects.readable().filter(author=spammer).count() == SPAM
    assert not User.objects.get(pk=spammer.pk).is_banned
    page.keyboard.press("x")
    count_is(page, 2)
    focus_is_on(page, twenty[-2])

    press(page, "m", left=1, then=twenty[-1])
    page.keyboard.press("u")
    count_is(page, 0)
    assert Topic.objects.filter(merged_into=topic).count() == Topic.objects.filter(duplicate_of=topic).count() == 1
    assert not QueueItem.objects.open().exists()


def test_z_takes_back_the_latest_act_wherever_it_was(open_page, moderator, twenty):
    page = open_page("/moderation/", moderator)
    focus_is_on(page, twenty[0])
    page.keyboard.press("j")
    press(page, "a", left=19, then=twenty[2])
    page.keyboard.press("k")
    page.keyboard.press("k")
    press(page, "a", left=18, then=twenty[2])

    for left, item in ((19, twenty[0]), (20, twenty[1])):
        press(page, "z", left=left, then=item)

    assert ModerationEntry.objects.filter(verb=Verb.UNDO).count() == 2


def test_a_refusal_stands_in_place_with_what_was_typed(open_page, moderator, twenty):
    page = open_page("/moderation/", moderator)
    item = page.locator(f"#item{twenty[0].pk}")
    item.get_by_label("A word to the author").fill("Please read the rules.")
    item.locator("option").last.evaluate("option => { option.value = '77'; option.selected = true }")

    item.get_by_role("button", name="Reject").click()

    expect(item.get_by_role("alert")).to_contain_text("The rules have changed meanwhile.")
    expect(item.get_by_label("A word to the author")).to_have_value("Please read the rules.")
    focus_is_on(page, twenty[0])
    count_is(page, 20)


def test_what_one_may_not_do_any_more_is_said_in_place(open_page, moderator, twenty):
    page = open_page("/moderation/", moderator)
    item = page.locator(f"#item{twenty[0].pk}")
    item.get_by_label("A word to the author").fill("Please read the rules.")
    twenty[0].subforum.moderators.add(twenty[0].member)

    item.get_by_role("button", name="Reject").click()

    expect(item.get_by_role("alert")).to_contain_text("You may not do this")
    assert not ModerationEntry.objects.exists()


def test_a_lost_line_loses_nothing(open_page, moderator, twenty):
    page = open_page("/moderation/", moderator)
    item = page.locator(f"#item{twenty[0].pk}")
    word = item.get_by_label("A word to the author")
    word.fill("Please read the rules.")

    page.context.set_offline(True)
    item.get_by_role("button", name="Reject").click()
    expect(item.get_by_role("alert")).to_contain_text("The line is lost.")
    expect(word).to_have_value("Please read the rules.")
    page.context.set_offline(False)
    item.get_by_role("button", name="Reject").click()

    count_is(page, 19)
    assert ModerationEntry.objects.get().words.reason == "Please read the rules."


def test_a_late_answer_takes_nobody_out_of_what_they_do_meanwhile(open_page, moderator, twenty):
    page, waiting = open_page("/moderation/", moderator), []
    page.route("**/act/", lambda route: waiting.append(route))
    focus_is_on(page, twenty[0])
    with page.expect_request("**/act/"):
        page.keyboard.press("a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    word = page.locator(f"#item{twenty[2].pk}").get_by_label("A word to the author")
    word.press_sequentially("Plea")

    waiting.pop().continue_()
    count_is(page, 19)
    page.keyboard.type("se read the rules.")

    expect(word).to_have_value("Please read the rules.")
    expect(current(page)).to_have_id(f"item{twenty[2].pk}")
    assert ModerationEntry.objects.count() == 1


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_one_leaves_a_field_by_keyboard_and_nothing_is_done_by_that(open_page, moderator, twenty, key):
    page = open_page("/moderation/", moderator)
    focus_is_on(page, twenty[0])
    word = page.locator(f"#item{twenty[0].pk}").get_by_label("A word to the author")
    word.press_sequentially("Please read the rules.")

    page.keyboard.press(key)
    focus_is_on(page, twenty[0])
    press(page, "r", left=19, then=twenty[1])

    assert [entry.verb for entry in ModerationEntry.objects.all()] == [Verb.REJECT]


def test_what_somebody_else_settled_says_so_and_is_left_behind(open_page, moderator, twenty):
    page = open_page("/moderation/", moderator)
    focus_is_on(page, twenty[0])
    visibility.approve_post(moderator, twenty[0].post)
    QueueItem.objects.filter(pk=twenty[0].pk).update(closed_at=timezone.now(), closed_by=moderator)

    press(page, "a", left=19, then=twenty[1])

    expect(page.get_by_text("That was done already.")).to_be_visible()


def test_posts_are_split_off_from_the_page_of_their_topic(open_page, moderator, topic):
    posts = [make_post(topic=topic) for _ in range(3)]
    page = open_page(f"/moderation/topics/{topic.pk}/", moderator)

    split_off(page, posts[1:])

    assert sorted(Post.objects.get(pk=post.pk).topic.title for post in posts) == ["Petrol in Osh"] * 2 + [topic.title]
    page.goto(f"/moderation/topics/{topic.pk}/")
    page.get_by_role("button", name=re.compile("^Undo")).first.press("Enter")
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert topic.posts.count() == 4


def split_off(page, posts):
    for post in posts:
        page.locator(f"#p{post.pk} input").check()
    page.get_by_label("Title of a new topic").fill("Petrol in Osh")
    page.get_by_role("button", name="Split off").click()
    expect(page.get_by_role("heading", name="Moderate: Petrol in Osh")).to_be_visible()


def test_the_same_kinds_of_acts_without_script(open_page, moderator, twenty, topic, spammer):
    page = open_page("/moderation/", moderator, java_script_enabled=False)

    def do(button, item, left):
        page.locator(f"#item{item.pk}").get_by_role("button", name=button).click()
        count_is(page, left)

    do("Approve", twenty[0], 19)
    page.locator(f"#item{twenty[HOLDS].pk}").get_by_label("Advertising").check()
    do("Hide R", twenty[HOLDS], 18)
    do("Merge", twenty[-1], 17)
    do("Ban and hide 2 posts", twenty[-3], 15)
    assert User.objects.get(pk=spammer.pk).is_banned
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    count_is(page, 17)
    assert not User.objects.get(pk=spammer.pk).is_banned

    page.goto(f"/moderation/topics/{topic.pk}/")
    split_off(page, [twenty[1].post, twenty[HOLDS + 1].post][1:])
    assert Topic.objects.filter(title="Petrol in Osh").exists()
