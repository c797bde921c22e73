"""A moderator sees what an act will do, does it where they are, and takes it back there: with and without script."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from forum.models import Post, Topic
from moderation.models import Flag, ModerationEntry, Verb
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_flag, make_moderator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
with_and_without_script = pytest.mark.parametrize(
    "device", [{}, {"java_script_enabled": False}, pytest.param(PHONE, marks=pytest.mark.proof)]
)


@pytest.fixture
def topic():
    return make_topic(subforum=make_subforum(name="Open or closed?"), title="Who drives up to the arch?")


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum, username="kind_hand")


@pytest.fixture
def spammer(topic):
    """Wrote four posts in two topics, one of them their own with a reply by somebody else."""
    member = make_user(username="cheap_permits", trust=User.Trust.NEW)
    own = make_topic(subforum=topic.subforum, author=member, title="Unlock any GPS, cheap")
    make_post(topic=own)
    for place in (topic, topic, own):
        make_post(topic=place, author=member)
    return member


def undo(page):
    page.locator(".undo").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    expect(page.locator(".undo")).to_have_count(0)


@with_and_without_script
def test_a_clean_up_says_what_it_hides_and_is_taken_back_there(open_page, moderator, spammer, device):
    page = open_page("/moderation/members/cheap_permits/", moderator, **device)
    page.get_by_label("Ban, and hide what they wrote").check()

    expect(page.get_by_text("This hides 4 posts in 2 topics")).to_be_visible()
    expect(page.get_by_text("1 whole topic, with 1 reply by 1 other member.")).to_be_visible()
    expect(page.get_by_label("Days of the suspension")).to_be_hidden()
    page.get_by_role("button", name="Ban and hide 4 posts").click()

    expect(page.locator(".undo")).to_contain_text("4 posts in 2 topics hidden, signed out everywhere.")
    expect(page.locator(".undo")).to_be_in_viewport()
    assert User.objects.get(pk=spammer.pk).is_banned
    assert not Post.objects.readable().filter(author=spammer, topic__hidden_at=None).exists()
    page.reload()
    undo(page)
    assert not User.objects.get(pk=spammer.pk).is_banned
    assert Post.objects.readable().filter(author=spammer, topic__hidden_at=None).count() == 4


@with_and_without_script
def test_a_ban_by_mistake_is_ended_there(open_page, moderator, spammer, device):
    page = open_page("/moderation/members/cheap_permits/", moderator, **device)
    page.get_by_label("Ban", exact=False).and_(page.locator('[value="ban"]')).check()
    page.get_by_label("Advertising").check()
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.locator(".undo")).to_contain_text("Banned cheap_permits.")

    page.goto("/moderation/")
    page.goto("/moderation/members/cheap_permits/")
    expect(page.locator(".undo")).to_have_count(0)
    page.get_by_role("button", name="End the ban").click()

    expect(page.locator(".undo")).to_contain_text("Ended the ban of cheap_permits.")
    assert not User.objects.get(pk=spammer.pk).is_banned


@with_and_without_script
def test_a_warning_that_suspends_says_so_before(open_page, moderator, spammer, settings, device):
    settings.WARNINGS_SUSPEND = ((3, 7), (6, 30))
    page = open_page("/moderation/members/cheap_permits/", moderator, **device)
    expect(page.get_by_text("3 points suspend for 7 days, 6 for 30 days; they have 0.")).to_be_visible()

    page.get_by_label("Points of the warning").select_option("3 points: suspends for 7 days")
    page.get_by_label("Advertising").check()
    page.get_by_role("button", name="Warn", exact=True).click()

    expect(page.locator(".undo")).to_contain_text("3 points; 3 count now. Suspended for 7 days.")
    assert User.objects.get(pk=spammer.pk).is_suspended
    undo(page)
    assert not User.objects.get(pk=spammer.pk).is_suspended


def test_ticked_topics_say_how_many_replies_go_with_them_and_come_back_by_z(open_page, moderator, topic, spammer):
    page = open_page(f"/moderation/forums/{topic.subforum.slug}/", moderator)
    for title in ("Unlock any GPS, cheap", "Who drives up to the arch?"):
        page.get_by_label(title).check()
    expect(page.get_by_text("2 topics with 4 replies ticked.")).to_be_visible()

    page.get_by_label("Advertising").check()
    page.get_by_role("button", name="Hide").click()
    expect(page.locator(".undo")).to_contain_text("Hid 2 topics, with 4 replies.")
    page.keyboard.press("z")

    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert Topic.objects.filter(hidden_at=None).count() == 2


def test_z_in_a_field_is_a_letter(open_page, moderator, topic):
    page = open_page(f"/moderation/topics/{topic.pk}/", moderator)
    page.get_by_role("button", name="Lock").click()
    expect(page.locator(".undo")).to_be_visible()

    page.get_by_label("Title", exact=True).press("z")

    expect(page.get_by_label("Title", exact=True)).to_have_value(re.compile("z"))
    assert ModerationEntry.objects.get().verb == Verb.LOCK


# --- The queue ---


def test_times_stay_relative_after_an_undo_and_the_side_follows(open_page, moderator, topic, spammer):
    first = make_flag(make_post(topic=topic, author=make_user(username="first_rider"))).item
    make_flag(make_post(topic=topic, author=make_user(username="second_rider")))
    page = open_page("/moderation/", moderator)
    side = page.locator("#context")
    expect(side).to_contain_text("first_rider")
    expect(page.locator(f"#item{first.pk} time")).to_have_text(re.compile("minute"))

    page.keyboard.press("1")
    page.keyboard.press("r")
    expect(side).to_contain_text("second_rider")
    page.keyboard.press("z")

    expect(side).to_contain_text("first_rider")
    expect(page.locator(f"#item{first.pk} time")).to_have_text(re.compile("minute"))


def test_the_side_is_never_about_another_item(open_page, moderator, topic):
    for name in ("first_rider", "second_rider"):
        make_flag(make_post(topic=topic, author=make_user(username=name)))
    page = open_page("/moderation/", moderator)
    side, late = page.locator("#context"), []
    expect(side).to_contain_text("first_rider")
    page.route("**/context/", lambda route: late.append(route), times=1)
    with page.expect_request("**/context/"):
        page.keyboard.press("j")
    page.keyboard.press("k")
    expect(side).to_have_attribute("aria-busy", "true")

    late.pop().continue_()

    expect(side).not_to_have_attribute("aria-busy", "true")
    expect(side).to_contain_text("first_rider")
    expect(side).not_to_contain_text("second_rider")


def test_t_marks_out_of_date_and_z_takes_it_back(open_page, moderator, topic):
    post = make_post(topic=topic)
    item = make_flag(post, reason=Flag.Reason.OUTDATED).item
    page = open_page("/moderation/", moderator)
    expect(page.locator(f"#item{item.pk}")).to_be_focused()

    page.keyboard.press("t")
    expect(page.get_by_text(f"Marked a post by {post.author.username}")).to_be_visible()
    assert Post.objects.get(pk=post.pk).marked_outdated_at
    page.keyboard.press("z")

    expect(page.locator(f"#item{item.pk}")).to_be_visible()
    assert Post.objects.get(pk=post.pk).marked_outdated_at is None


def test_the_keys_stand_beside_the_item_and_fold_by_a_key(open_page, moderator, topic):
    make_flag(make_post(topic=topic))
    page = open_page("/moderation/", moderator)
    keys = page.get_by_text("Dismiss; mark out of date")
    expect(keys).to_be_in_viewport()

    page.keyboard.press("?")

    expect(keys).to_be_hidden()
