"""axe finds nothing on pages of moderation and of news, whatever stands there, on phone and desktop, light and dark."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import SignUpBlock, User
from forum.actions import visibility
from forum.actions.rules import set_rules
from moderation.actions import appeals, claims, member_acts, post_acts, topic_acts
from moderation.filters import banned_words, findings, gate
from moderation.log.entries import Why
from moderation.models import Flag, Hold, ModerationEntry, QueueItem
from moderation.reasons.actions import add_reason
from notifications.news import moderation_news
from tests.browser.test_accessibility import barriers_on, in_each_look
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_admin, make_flag, make_moderator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
LONG = "Torugart-with-a-bicycle-in-June-and-who-drives-up-to-the-arch-" + "x" * 40
WHY = Why(rule=2, reason="Shops have a place of their own. " + "https://example.org/" + "long" * 30)


@pytest.fixture
def topic(settings):
    settings.MODERATION_LETTER_DELAY = 0
    subforum = make_subforum(name="Open or closed?")
    topic = make_topic(subforum=subforum, title=LONG)
    set_rules(make_admin(), subforum, introduction="Look first.", rules=["Look for a topic.", "No advertising. " * 9])
    return topic


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum, make_subforum(), username="kind_hand")


@pytest.fixture
def member():
    return make_user(username="sender_of_many_words", trust=User.Trust.TRUSTED)


def a_full_queue(topic, moderator, member):
    """An item of each kind, one of them claimed and noted; gives the pages of a moderator."""
    wide = make_post(
        topic=topic, author=member, source="x" * 400 + "\n\n| a | b |\n|---|---|\n| " + "y" * 300 + " | c |"
    )
    flag = make_flag(wide, words="z" * 200, reason=Flag.Reason.RULES)
    make_flag(topic.opening_post, reason=Flag.Reason.DUPLICATE, other_topic=make_topic(subforum=topic.subforum))
    make_flag(make_post(topic=topic), reason=Flag.Reason.OUTDATED)
    held = make_post(topic=topic, author=make_user(trust=User.Trust.NEW))
    visibility.hold_post(moderator, held)
    findings.note_hold(held, Hold.Reason.FIRST_POST)
    claims.claim(make_admin(), flag.item)
    claims.note(moderator, flag.item, "Look at the other ones, too. " + "w" * 100)
    asked = appeals.appeal(
        member, post_acts.hide(make_admin(), make_post(topic=topic, author=member), WHY), "Why? " * 60
    )
    edited = post_acts.edit(moderator, make_post(topic=topic, author=member), WHY, source="Else.", based_on=0)
    locked = topic_acts.lock(moderator, topic, WHY)
    warned = member_acts.warn(moderator, member, WHY, points=1, post=wide)
    text = {
        "text": "No politics here. " + "p" * 60,
        "rule_text": "Look for a topic.",
        "is_forum_rule": False,
        "cause": "",
    }
    reason = add_reason(moderator, topic.subforum, label="w" * 30, **text)
    items = QueueItem.objects.open().order_by("pk").values_list("pk", flat=True)
    return [
        "/moderation/", "/moderation/?order=risk&kind=duplicate", f"/moderation/?done={edited.pk}",
        f"/moderation/topics/{topic.pk}/?done={locked.pk}", "/moderation/log/?act=lock&until=nonsense",
        f"/moderation/members/{member.username}/?done={warned.pk}",
        *(f"/moderation/queue/{pk}/" for pk in items), f"/moderation/topics/{topic.pk}/",
        f"/moderation/forums/{topic.subforum.slug}/", f"/moderation/posts/{wide.pk}/edit/", "/moderation/log/",
        "/log/", f"/moderation/members/{member.username}/", f"/moderation/appeals/{asked.pk}/", "/moderation/words/",
        "/staff/reasons/", f"/staff/reasons/{topic.subforum.slug}/", f"/staff/reasons/{reason.pk}/edit/",
    ]  # fmt: skip


@in_each_look
def test_no_page_of_a_moderator_has_a_barrier(open_page, violations, topic, moderator, member, looks):
    paths = a_full_queue(topic, moderator, member)
    page = open_page("/", moderator)

    assert barriers_on(page, paths, violations, looks) == {}


@in_each_look
def test_no_page_of_whom_it_concerns_has_a_barrier(open_page, violations, topic, moderator, member, looks):
    a_full_queue(topic, moderator, member)
    rejected = make_topic(subforum=topic.subforum, title=LONG, author=member, source="y" * 400)
    member_acts.suspend(moderator, member, timezone.now() + timedelta(days=3), Why(reason="A pause."))
    visibility.hold_post(moderator, rejected.opening_post)
    post_acts.reject(moderator, rejected.opening_post, WHY)
    for entry in ModerationEntry.objects.order_by("pk"):
        moderation_news.tell_of(entry.pk)
    warned = ModerationEntry.objects.filter(member=member, verb="warn").get()
    hidden = ModerationEntry.objects.filter(member=member, verb="hide-post").get()
    page = open_page("/", member)

    paths = ["/notifications/", "/moderation/mine/", f"/moderation/entries/{warned.pk}/appeal/"]
    paths += [f"/moderation/mine/{hidden.pk}/", rejected.get_absolute_url(), make_topic().get_absolute_url()]
    paths += [f"/posts/{hidden.post_id}/"]
    assert barriers_on(page, paths, violations, looks) == {}


@in_each_look
def test_the_public_log_has_no_barrier_for_visitors(open_page, violations, topic, moderator, member, looks):
    a_full_queue(topic, moderator, member)
    page = open_page("/log/")

    assert barriers_on(page, ["/log/"], violations, looks) == {}


@in_each_look
def test_the_gate_of_sign_up_has_no_barrier(open_page, violations, looks):
    admin = make_admin()
    gate.block(admin, "domain", ["mail.example", f"{'long-' * 11}mail.example"], address="", reason="Throw-away. " * 9)
    gate.block(admin, "address", ["2001:db8:1111:2222:3333::/80"], address="", days=7)
    ended = gate.end(admin, SignUpBlock.objects.earliest("pk").pk)
    gate.set_question(admin, "What do guards stamp at a border? " * 5, ["passport"])
    word = banned_words.watch(admin, "casino*", act="hold", note="Sellers. " * 20)
    SignUpBlock.objects.update(refused_count=12, last_refused_at=timezone.now())
    page = open_page("/", admin)

    paths = ["/moderation/sign-up/", f"/moderation/sign-up/?done={ended.pk}", "/moderation/sign-up/question/"]
    paths += [f"/moderation/sign-up/{SignUpBlock.objects.earliest('pk').pk}/remove/", f"/moderation/words/{word.pk}/"]
    assert barriers_on(page, paths, violations, looks) == {}


@in_each_look
def test_the_sign_up_form_with_a_question_has_no_barrier(open_page, violations, looks):
    gate.set_question(make_admin(), "What do guards stamp at a border? " * 5, ["passport"])
    page = open_page("/account/signup/")

    assert barriers_on(page, ["/account/signup/"], violations, looks) == {}
