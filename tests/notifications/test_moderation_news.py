"""What moderators did is told to whom it concerns: with the rule and the reason, kindly, and not before it is meant."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from forum.actions.rules import set_rules
from moderation.actions import appeals, base, member_acts, post_acts, spam, topic_acts, undo
from moderation.actions.appeals import appeal
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import ModerationEntry, Verb
from notifications.letters import delivery
from notifications.models import Letter, Notification, Subscription
from notifications.news import moderation_news
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    return make_topic(title="Who drives up to the arch?")


@pytest.fixture
def post(topic):
    return make_post(topic=topic, author=make_user(username="sender", email="sender@example.org"))


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum, username="stern_hand")


def after_a_while():
    """The tasks of all acts so far, and their letters, as the worker does them minutes later."""
    for pk in ModerationEntry.objects.order_by("pk").values_list("pk", flat=True):
        moderation_news.tell_of(pk)
    for pk in Letter.objects.waiting().order_by("pk").values_list("pk", flat=True):
        delivery.send(pk)


@pytest.fixture(autouse=True)
def in_no_time(settings):
    settings.MODERATION_LETTER_DELAY = 0


def news_of(client, user):
    client.force_login(user)
    return client.get("/notifications/").content.decode()


# --- What a letter says ---


def test_the_letter_names_the_rule_and_why_and_the_way_to_ask_again(post, moderator, settings):
    settings.SITE_URL = "https://forum.example.org"
    set_rules(moderator, post.topic.subforum, introduction="Look.", rules=["Be kind.", "No advertising."])

    why = Why(rule=2, reason="Shops have a place of their own.", private_note="Third time!")
    entry = post_acts.hide(moderator, post, why)
    after_a_while()

    [letter] = mail.outbox
    html = letter.alternatives[0].content
    assert letter.to == ["sender@example.org"]
    assert letter.subject == "A post of yours in “Who drives up to the arch?” was hidden"
    for said in (letter.body, html):
        assert f"It is about rule 2 of “{post.topic.subforum.name}”: “No advertising.”" in said
        assert "The moderators say: Shops have a place of their own." in said
        assert f"https://forum.example.org/moderation/entries/{entry.pk}/appeal/" in said
        assert "Third time!" not in said
        assert "stern_hand" not in said


def test_the_news_says_the_same(client, post, moderator):
    post_acts.hide(moderator, post, WHY)
    after_a_while()

    page = news_of(client, post.author)

    assert "A post of yours in “Who drives up to the arch?” was hidden" in page
    assert "The moderators say: Please keep to the rules." in page
    assert "Ask another moderator to look again" in page
    assert "stern_hand" not in page


def test_erased_words_are_in_no_news_and_no_letter(client, post, moderator):
    entry = post_acts.hide(moderator, post, WHY)
    moderation_news.tell_of(entry.pk)

    entries.erase_words(make_admin(), entry)
    after_a_while()

    assert "keep to the rules" not in news_of(client, post.author)
    assert "keep to the rules" not in mail.outbox[0].body
    assert not Notification.objects.filter(words__contains="rules").exists()


def test_who_asked_what_was_asked_before_is_led_to_the_answer(client, topic, moderator):
    other = make_topic(subforum=topic.subforum, title="How to get to the arch")
    topic_acts.mark_duplicate(moderator, topic, other, WHY)
    after_a_while()

    assert "The topic in which it was asked before: How to get to the arch" in mail.outbox[0].body
    assert other.get_absolute_url() in news_of(client, topic.author)


def test_nobody_is_led_to_what_they_may_not_read(client, topic, moderator):
    admin = make_admin()
    other = make_topic(subforum=make_subforum(access="staff"), author=admin, title="Among ourselves")
    topic_acts.mark_duplicate(admin, topic, other, WHY)
    after_a_while()

    assert len(mail.outbox) == 1
    assert "Among ourselves" not in mail.outbox[0].body + news_of(client, topic.author)


def test_a_suspension_says_until_when_and_reaches_the_suspended(post, moderator):
    until = timezone.now().replace(microsecond=0) + timedelta(days=3)
    member_acts.suspend(moderator, post.author, until, WHY)
    after_a_while()

    assert f"{until:%H:%M} UTC" in mail.outbox[0].body


def test_a_ban_is_told_to_the_banned_but_never_to_an_address_nobody_confirmed(post):
    stranger = make_user(email_confirmed_at=None)
    for member in (post.author, stranger):
        member_acts.ban(make_admin(), member, WHY)
    after_a_while()

    assert [letter.to for letter in mail.outbox] == [[post.author.email]]
    assert mail.outbox[0].subject == "Your account cannot write any more"


def test_a_warning_says_what_it_counts(post, moderator):
    member_acts.warn(moderator, post.author, WHY, points=2)
    after_a_while()

    assert "counts 2 points until" in mail.outbox[0].body


def test_the_answer_to_an_appeal_comes_once(client, post, moderator):
    entry = post_acts.hide(moderator, post, WHY)
    after_a_while()
    asked = appeal(post.author, entry, "It was no advertisement.")

    appeals.decide(make_admin(), asked, is_granted=True, answer="You are right.")
    after_a_while()

    assert [letter.subject for letter in mail.outbox[1:]] == ["We looked again, and took it back"]
    assert "The moderators say: You are right." in mail.outbox[1].body
    assert "This was taken back since." in news_of(client, post.author)


def test_the_answer_is_told_alone_where_the_same_was_done_again(post, moderator):
    asked = appeal(post.author, post_acts.hide(moderator, post, WHY), "It was no advertisement.")
    post_acts.restore(moderator, post, WHY)
    post_acts.hide(moderator, post, WHY)
    after_a_while()
    mail.outbox.clear()

    appeals.decide(make_admin(), asked, is_granted=True, answer="You are right.")
    after_a_while()

    assert [letter.subject for letter in mail.outbox] == ["We looked again, and took it back"]


# --- Who is told ---


def approve_it(moderator, topic, post):
    type(post).objects.filter(pk=post.pk).update(held_at=timezone.now())
    post_acts.approve(moderator, post, WHY)


ACTS = {
    "pin": (lambda user, topic, post: topic_acts.pin(user, topic, WHY), ""),
    "crossings": (lambda user, topic, post: topic_acts.link_crossings(user, topic, [make_crossing()], WHY), ""),
    "spam": (lambda user, topic, post: spam.clean_spam(make_admin(), post.author, WHY), ""),
    "lock": (lambda user, topic, post: topic_acts.lock(user, topic, WHY), "was locked"),
    "retitle": (lambda user, topic, post: topic_acts.retitle(user, topic, "The arch", WHY), "“The arch” now"),
    "hide topic": (lambda user, topic, post: topic_acts.hide(user, topic, WHY), "was hidden"),
    "approve": (approve_it, "was published"),
    "edit": (lambda user, topic, post: post_acts.edit(user, post, WHY, source="Else.", based_on=0), "was edited"),
    "ban": (lambda user, topic, post: member_acts.ban(make_admin(), post.author, WHY), "cannot write any more"),
}


@pytest.mark.parametrize(("act", "told"), ACTS.values(), ids=ACTS)
def test_who_is_told_of_what(topic, post, moderator, act, told):
    act(moderator, topic, post)
    after_a_while()

    assert len(mail.outbox) == bool(told)
    assert told in "".join(letter.subject for letter in mail.outbox)


def test_every_act_is_either_told_or_not():
    assert {*moderation_news.TOLD, *moderation_news.NOT_TOLD} == set(Verb)
    assert not moderation_news.TOLD & moderation_news.NOT_TOLD


def test_nobody_is_told_what_they_did_themselves(moderator, topic):
    own = make_topic(subforum=topic.subforum, author=moderator)
    topic_acts.lock(moderator, own, WHY)
    after_a_while()

    assert not Notification.objects.exists()


def test_whose_posts_went_along_with_a_topic_has_news_but_no_letter(client, topic, post, moderator):
    other = make_topic(subforum=topic.subforum)
    make_post(topic=topic, author=post.author)
    hidden = make_post(topic=topic, hidden_at=timezone.now())

    topic_acts.merge(moderator, topic, other, WHY)
    after_a_while()

    assert [letter.to for letter in mail.outbox] == [[topic.author.email]]
    assert Notification.objects.filter(user=post.author).count() == 1
    assert not Notification.objects.filter(user=hidden.author).exists()
    page = news_of(client, post.author)
    assert "stands in another topic now" in page
    assert client.get(re.search(r"/notifications/[0-9]+/", page)[0])["Location"] == f"/posts/{post.pk}/"
    assert "keep to the rules" not in page


def test_who_wants_no_such_letters_still_has_the_news(post, moderator):
    Subscription.objects.create(user=post.author, category="acts", frequency="never")
    post_acts.hide(moderator, post, WHY)
    after_a_while()

    assert not mail.outbox
    assert Notification.objects.filter(user=post.author).exists()


# --- When ---


def test_the_act_itself_tells_nobody_yet(post, moderator):
    post_acts.hide(moderator, post, WHY)

    assert not Notification.objects.exists()
    assert not Letter.objects.exists()


def test_what_is_taken_back_at_once_is_never_told(post, moderator):
    undo.undo(moderator, post_acts.hide(moderator, post, WHY))
    after_a_while()

    assert not Notification.objects.exists()
    assert not mail.outbox


def test_what_is_taken_back_before_the_letter_goes_is_not_sent(post, moderator):
    entry = post_acts.hide(moderator, post, WHY)
    moderation_news.tell_of(entry.pk)
    undo.undo(moderator, entry)
    delivery.send(Letter.objects.get().pk)

    assert not mail.outbox
    assert Letter.objects.get().dropped_at is not None


def test_what_is_taken_back_later_is_told_as_well(post, moderator):
    entry = post_acts.hide(moderator, post, WHY)
    after_a_while()
    undo.undo(moderator, entry)
    after_a_while()

    assert len(mail.outbox) == 2
    assert mail.outbox[1].subject.startswith("This was taken back: A post of yours")


def test_twenty_posts_hidden_in_one_go_are_one_letter(topic, post, moderator):
    hidden = [post, *(make_post(topic=topic, author=post.author) for _ in range(4))]
    base.for_each(post_acts.hide, moderator, hidden, WHY)
    after_a_while()

    [letter] = mail.outbox
    assert letter.subject == "From the moderators: 5 things about your posts"
    assert letter.body.count("was hidden.") == 5


def test_told_twice_it_is_one_letter(post, moderator):
    post_acts.hide(moderator, post, WHY)
    after_a_while()
    after_a_while()

    assert len(mail.outbox) == Notification.objects.count() == 1


def test_what_was_done_less_than_the_delay_ago_waits(post, moderator, settings):
    first = post_acts.hide(moderator, post, WHY)
    settings.MODERATION_LETTER_DELAY = 120
    later = topic_acts.lock(moderator, make_topic(subforum=post.topic.subforum, author=post.author), WHY)
    moderation_news.tell_of(first.pk)

    assert list(Notification.objects.values_list("entry", flat=True)) == [first.pk]
    assert later.member_id == post.author_id


def test_the_task_waits_for_the_delay(post, moderator, settings):
    settings.MODERATION_LETTER_DELAY = 120
    post_acts.hide(moderator, post, WHY)

    task = DBTaskResult.objects.get(task_path="notifications.news_tasks.tell_of_act")
    assert timedelta(seconds=110) < task.run_after - timezone.now() <= timedelta(seconds=120)


# --- The page of news, and the number in the menu ---


def test_the_page_of_news_asks_as_much_for_many_acts_as_for_two(
    client, topic, post, moderator, django_assert_max_num_queries
):
    def with_news():
        post_acts.hide(moderator, make_post(topic=topic, author=post.author), WHY)
        topic_acts.retitle(moderator, make_topic(subforum=topic.subforum, author=post.author), "The arch", WHY)
        after_a_while()

    with_news()
    client.force_login(post.author)
    client.get("/notifications/")
    with django_assert_max_num_queries(9) as few:
        client.get("/notifications/")
    asked = len(few.captured_queries)  # the next request begins the list anew
    for _ in range(3):
        with_news()
    client.get("/notifications/")
    with django_assert_max_num_queries(asked):
        client.get("/notifications/")


def test_the_menu_counts_what_is_unread_until_it_is_read(client, post, moderator):
    post_acts.hide(moderator, post, WHY)
    after_a_while()
    client.force_login(post.author)

    assert "News, 1 not read" in client.get("/").text
    client.post("/notifications/read/", {"until": Notification.objects.get().pk})
    assert "not read" not in client.get("/").text


def test_the_list_of_acts_leads_to_no_post_that_its_author_cannot_read(client, post, moderator):
    shown = make_post(topic=post.topic, author=post.author)
    post_acts.hide(moderator, post, WHY)
    post_acts.edit(moderator, shown, WHY, source="Else.", based_on=0)
    client.force_login(post.author)

    page = client.get("/moderation/mine/").content.decode()

    assert f'href="/posts/{shown.pk}/"' in page
    assert f'href="/posts/{post.pk}/"' not in page
    assert "Decisions on your posts" in client.get("/").content.decode()
