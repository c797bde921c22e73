"""Who asks hears the answer: each cause reaches whom it concerns, once, and nobody else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django_tasks_db.models import DBTaskResult

from accounts.actions import ignore
from accounts.members.rename import rename
from accounts.models import ExpertBadge, User
from crossings.freshness.actions import confirm_answer
from crossings.links.actions import link_topic, set_links
from crossings.status import update
from forum import markup
from forum.actions import answers, edits, posts, reactions, rearrange, subforums, topics, visibility
from forum.models import Post, Topic
from notifications.models import Notification, Watch
from notifications.news.counts import MOST_COUNTED, unread_count
from notifications.news.listing import NEWS_PER_PAGE
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic
from tests.notifications.worker import do_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker():
    return make_user(username="asker", trust=1)


@pytest.fixture
def expert():
    return make_user(username="expert", trust=1)


@pytest.fixture
def topic(asker):
    return make_topic(author=asker, title="Torugart by bicycle?", source="Is it open?")


def news_of(user):
    """The lines on the page of news, those not read with a star; by a client of their own."""
    client = Client()
    client.force_login(user)
    page = client.get("/notifications/").text
    found = re.findall(
        r'<li class="(new|)[^"]*">.*?<a [^>]*>(?:<span[^>]*>Not read: </span>)?(.*?)</a>', page, re.DOTALL
    )
    return [("* " if new else "") + line for new, line in found]


def bell_of(user):
    client = Client()
    client.force_login(user)
    found = re.search(r"News, (\d+) not read", client.get("/forums/").text)
    return int(found[1]) if found else 0


def reply(user, topic, source="It is open."):
    return posts.reply(user, topic, source=source)


def test_who_asks_hears_of_the_answer_and_who_answers_does_not(topic, asker, expert):
    reply(expert, topic)
    do_tasks()

    assert news_of(asker) == ["* expert answered you in “Torugart by bicycle?”"]
    assert news_of(expert) == []
    assert bell_of(asker) == 1


def test_replies_in_one_topic_are_one_line(topic, asker, expert):
    for user in (expert, expert, make_user(username="maite_r"), make_user(username="two_up_tom")):
        reply(user, topic)
    do_tasks()

    assert news_of(asker) == ["* 4 new replies in “Torugart by bicycle?”"]
    assert bell_of(asker) == 1
    assert Notification.objects.filter(user=asker).count() == 4


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("@asker, it is open.", "mentioned you"),
        ("{quote}@asker, it is open.", "quoted you"),
        ("{quote}It is open.", "quoted you"),
    ],
)
def test_of_several_reasons_the_strongest_is_told_and_once(topic, asker, expert, source, told):
    reply(expert, topic, source.format(quote=markup.quote("asker", topic.opening_post_id, "Is it open?")))
    do_tasks()
    DBTaskResult.objects.update(status="READY")
    do_tasks()

    assert news_of(asker) == [f"* expert {told} in “Torugart by bicycle?”"]


def test_an_edit_tells_those_whom_it_names_anew_and_no_others(topic, asker, expert):
    named, later = make_user(username="named"), make_user(username="later")
    post = reply(expert, topic, "@named knows.")
    do_tasks()
    Notification.objects.filter(user=named).delete()

    edits.edit_post(expert, post, source="@named and @later know.", based_on=0)
    do_tasks()

    assert news_of(named) == []
    assert news_of(later) == ["* expert mentioned you in “Torugart by bicycle?”"]


def test_the_worker_reads_an_edit_as_it_was_made(topic, expert):
    named = make_user(username="named")
    post = reply(expert, topic, "Somebody knows.")
    edits.edit_post(expert, post, source="@named knows.", based_on=0)
    edits.edit_post(expert, post, source="@named knows it.", based_on=1)

    do_tasks()

    assert len(news_of(named)) == 1


def test_an_accepted_answer_is_told_while_it_stands(topic, asker, expert):
    post = reply(expert, topic)
    answers.accept_answer(asker, post)
    do_tasks()
    told = news_of(expert), bell_of(expert)

    answers.withdraw_answer(asker, post)
    withdrawn = news_of(expert), bell_of(expert)
    answers.accept_answer(asker, post)
    do_tasks()

    assert told == (["* asker accepted your answer in “Torugart by bicycle?”"], 1)
    assert withdrawn == ([], 0)
    assert (news_of(expert), bell_of(expert)) == told


@pytest.mark.parametrize(
    ("kind", "said"),
    [("helpful", "found your answer helpful"), ("still_true", "called your answer still true"),
     ("outdated", "called your answer outdated")],
)  # fmt: skip
def test_reactions_are_told_together_and_only_those_that_stand(topic, asker, expert, kind, said):
    post, other = reply(expert, topic), make_user(username="maite_r", trust=1)
    for user in (asker, other):
        reactions.react(user, post, kind)
    do_tasks()
    both = news_of(expert)

    reactions.withdraw_reaction(asker, post, kind)

    place = "in “Torugart by bicycle?”"
    assert both == [f"* 2 members {said} {place}"]
    assert news_of(expert) == [f"* maite_r {said} {place}"]
    reactions.withdraw_reaction(other, post, kind)
    assert (news_of(expert), bell_of(expert)) == ([], 0)


def make_expert(code, **fields):
    user = make_user(**fields)
    ExpertBadge.objects.create(user=user, title="Pass expert", countries=[code], given_by=user, given_at=timezone.now())
    return user


def test_an_expert_hears_of_questions_in_a_country_of_their_badge(asker):
    knows, elsewhere = make_expert("KG"), make_expert("IR")
    make_crossing(name="Torugart Pass", countries=("CN", "KG"))

    make_topic(author=asker, title="Torugart Pass by bicycle?")
    do_tasks()

    assert news_of(knows) == ["* asker asks, where you are an expert: “Torugart Pass by bicycle?”"]
    assert news_of(elsewhere) == []


def test_an_expert_hears_of_a_question_when_somebody_says_what_it_is_about(asker, topic):
    knows, crossing = make_expert("KG"), make_crossing()
    do_tasks()

    set_links(asker, topic, [crossing])
    do_tasks()

    assert len(news_of(knows)) == 1


def test_an_answer_that_an_expert_confirms_is_told_to_its_author(topic, asker):
    link_topic(topic, make_crossing(), source="author", by=asker)
    author, knows = make_user(), make_expert("KG", username="kg_expert")
    post = reply(author, topic)

    confirm_answer(knows, post)
    do_tasks()

    assert news_of(author) == ["* kg_expert confirmed your answer in “Torugart by bicycle?”"]


def test_an_answer_that_a_newer_report_contradicts_is_told_to_its_author_while_the_report_stands(topic, asker):
    crossing = make_crossing(name="Torugart Pass")
    link_topic(topic, crossing, source="author", by=asker)
    author = make_user()
    make_report(crossing, days_ago=12, trust=2), make_report(crossing, days_ago=11, trust=2)
    post = reply(author, topic)
    answers.accept_answer(asker, post)
    Post.objects.filter(pk=post.pk).update(written_at=timezone.now() - timedelta(days=10))
    do_tasks()
    Notification.objects.all().delete()

    for _ in range(3):
        report = make_report(crossing, author=make_user(trust=2), outcome="found-closed", reason="shut")
    do_tasks()

    assert news_of(author) == ["* A newer report contradicts your answer in “Torugart by bicycle?”"]
    visibility.hide_post(make_user(is_staff=True), report.post)
    do_tasks()
    assert (news_of(author), bell_of(author)) == ([], 0)


def test_who_vouched_for_an_answer_hears_that_it_changed(topic, asker, expert):
    post, voucher, thankful = reply(expert, topic), make_user(trust=1), make_user()
    reactions.react(voucher, post, "still_true")
    reactions.react(thankful, post, "helpful")
    answers.accept_answer(asker, post)
    do_tasks()
    Notification.objects.all().delete()

    edits.edit_post(expert, Post.objects.get(pk=post.pk), source="It is shut.", based_on=0)
    do_tasks()

    line = "* expert changed an answer that you marked in “Torugart by bicycle?”"
    assert (news_of(asker), news_of(voucher), news_of(thankful), news_of(expert)) == ([line], [line], [], [])


def test_a_report_in_a_watched_topic_is_told_once(asker):
    crossing, reporter = make_crossing(name="Torugart Pass"), make_user(trust=1)
    first = make_report(crossing)
    watch(asker, crossing), watch(asker, Topic.objects.get(pk=first.post.topic_id))
    DBTaskResult.objects.update(status="SUCCESSFUL")

    make_report(crossing, author=reporter)
    do_tasks()

    assert [line for line in news_of(asker) if "report" in line] == [
        "* Torugart Pass: a new report, crossed freely"
    ]  # fmt: skip
    assert Notification.objects.filter(user=asker, post__author=reporter).count() == 1


def test_who_muted_their_topic_hears_nothing_and_who_wants_mentions_only_those(topic, asker, expert):
    watch(asker, topic, level=Watch.Level.MUTED)
    reply(expert, topic, "@asker, it is open.")
    do_tasks()
    muted = news_of(asker)
    watch(asker, topic, level=Watch.Level.MENTIONS)

    reply(expert, topic), reply(expert, topic, "@asker?")
    do_tasks()

    assert muted == []
    assert news_of(asker) == ["* expert mentioned you in “Torugart by bicycle?”"]


# --- Reading ---


def test_reading_the_post_reads_its_news_and_empties_the_bell_on_the_same_page(client, topic, asker, expert):
    reply(expert, topic)
    do_tasks()
    client.force_login(asker)
    opened = re.search(r"/notifications/[0-9]+/", client.get("/notifications/").text)[0]

    page = client.get(opened, follow=True)

    assert page.redirect_chain[-1][0].startswith(topic.get_absolute_url())
    assert "not read" not in page.text
    assert news_of(asker) == ["expert answered you in “Torugart by bicycle?”"]


def test_news_of_posts_on_other_pages_of_the_topic_stays(client, topic, asker, expert):
    for _ in range(25):
        reply(expert, topic)
    do_tasks()
    client.force_login(asker)

    client.get(topic.url_of_page(2))

    assert Notification.objects.filter(user=asker).unread().count() == 19


def test_a_reader_without_news_pays_nothing_and_a_visitor_writes_nothing(client, topic, asker, expert):
    reply(expert, topic)
    do_tasks()
    client.get(topic.get_absolute_url())
    client.force_login(expert)
    client.get(topic.get_absolute_url())

    with CaptureQueriesContext(connection) as asked:
        client.get(topic.get_absolute_url())

    assert not [query["sql"] for query in asked if "notifications_notification" in query["sql"]]
    assert Notification.objects.unread().count() == 1


def test_who_has_read_a_post_before_the_worker_came_is_not_rung(client, topic, asker, expert):
    reply(expert, topic)
    client.force_login(asker)
    client.get(topic.get_absolute_url())

    do_tasks()

    assert bell_of(asker) == 0
    assert news_of(asker) == ["expert answered you in “Torugart by bicycle?”"]


def test_what_a_moderator_approves_later_rings_although_others_read_past_it(client, topic, asker, expert):
    held = reply(expert, topic)
    visibility.hold_post(None, held)
    DBTaskResult.objects.all().delete()
    reply(make_user(), topic)
    client.force_login(asker)
    client.get(topic.get_absolute_url())

    visibility.approve_post(make_user(is_staff=True), Post.objects.get(pk=held.pk))
    do_tasks()

    assert bell_of(asker) == 1


def test_the_bell_costs_no_query_while_nothing_changes(client, topic, asker, expert):
    reply(expert, topic)
    do_tasks()
    client.force_login(asker)
    client.get("/forums/")

    with CaptureQueriesContext(connection) as asked:
        page = client.get("/forums/")

    assert "News, 1 not read" in page.text
    assert not [query["sql"] for query in asked if "notifications_notification" in query["sql"]]


def test_mark_all_read_of_a_tab_leaves_the_others(client, topic, asker, expert):
    crossing = make_crossing()
    watch(asker, crossing)
    make_report(crossing), reply(expert, topic)
    do_tasks()
    client.force_login(asker)
    page = client.get("/notifications/?tab=borders")
    until = re.search(r'name="until" value="(\d+)"', page.text)[1]

    client.post("/notifications/read/", {"until": until, "tab": "borders"})

    unread = Notification.objects.filter(user=asker).unread()
    assert {news.kind for news in unread} == {"reply"}
    assert "a choice that is not there (tab)" in client.get("/notifications/?tab=nonsense").text
    assert client.post("/notifications/read/", {"until": "1", "tab": "nonsense"}).status_code == 404


def test_the_page_and_the_bell_cost_the_same_for_one_and_for_many(client, asker, topic, expert):
    client.force_login(asker)
    reply(expert, topic)
    do_tasks()
    client.get("/notifications/")
    with CaptureQueriesContext(connection) as one:
        client.get("/notifications/")
    make_crossing(name="Torugart Pass")
    for number in range(12):
        post = reply(make_user(), make_topic(author=asker, title=f"Question {number}?"))
        reactions.react(expert, post, "helpful")
        reply(expert, topic, "@asker")
    do_tasks()
    client.get("/notifications/")

    with CaptureQueriesContext(connection) as many:
        client.get("/notifications/")

    assert len(many) <= len(one)


def test_a_page_has_a_number_of_news_and_the_older_ones_follow(client, asker, expert):
    for number in range(NEWS_PER_PAGE + 5):
        Notification.objects.create(
            user=asker, kind="notice", key=f"n-{number}", subject=f"Notice {number}", url="/", made_at=timezone.now()
        )
    client.force_login(asker)

    first = client.get("/notifications/").text
    older = client.get("/notifications/" + re.search(r"[?]before=[0-9]+", first)[0]).text

    assert first.count('<li class="new"') == NEWS_PER_PAGE
    assert older.count('<li class="new"') == 5
    assert NEWS_PER_PAGE < MOST_COUNTED


# --- What may no longer be read ---


class Told:
    """A member with one piece of news of a reply."""

    def __init__(self):
        self.staff = make_user(is_staff=True)
        self.reader, self.writer = make_user(), make_user(username="xylophone_writer")
        self.topic = make_topic(author=self.reader, title="Xylophone by train?")
        self.post = reply(self.writer, self.topic, "Xylophones are no problem.")
        do_tasks()

    def again(self):
        self.post.refresh_from_db()
        return Topic.objects.select_related("subforum").get(pk=self.post.topic_id)


SIDE_CHANNELS = {
    "hidden post": lambda told: visibility.hide_post(told.staff, told.post),
    "withdrawn post": lambda told: posts.withdraw_post(told.writer, told.post),
    "held post": lambda told: visibility.hold_post(None, told.post),
    "hidden topic": lambda told: visibility.hide_topic(told.staff, told.topic),
    "moved topic": lambda told: topics.move_topic(told.staff, told.topic, make_subforum(access="staff")),
    "merged into a topic of the staff": lambda told: rearrange.merge_topics(
        told.staff, told.topic, make_topic(subforum=make_subforum(access="staff"), author=told.staff)
    ),
    "subforum closed": lambda told: subforums.change_access(told.topic.subforum, "staff"),
    "ignored": lambda told: ignore(told.reader, told.writer),
}


@pytest.mark.parametrize("name", SIDE_CHANNELS)
def test_what_its_reader_may_no_longer_read_is_neither_shown_nor_counted_nor_opened(client, name):
    told = Told()
    client.force_login(told.reader)
    seen_before = "Xylophone" in client.get("/notifications/").text, bell_of(told.reader)
    row = Notification.objects.get(user=told.reader)

    SIDE_CHANNELS[name](told)
    do_tasks("count_news")
    pages = [client.get(f"/notifications/{query}").text for query in ("", "?tab=answers")]

    assert seen_before == (True, 1)
    assert [page for page in pages if "ylophone" in page] == []
    assert bell_of(told.reader) == 0
    assert client.get(f"/notifications/{row.pk}/").status_code == 404


def test_news_of_a_suspended_member_stays_because_their_posts_do():
    told = Told()
    User.objects.filter(pk=told.writer.pk).update(banned_at=timezone.now())

    assert bell_of(told.reader) == len(news_of(told.reader)) == 1


@pytest.mark.parametrize(
    ("hide", "restore"),
    [
        (visibility.hide_post, visibility.restore_post),
        (lambda staff, post: visibility.hide_topic(staff, post.topic),
         lambda staff, post: visibility.restore_topic(staff, Topic.objects.get(pk=post.topic_id))),
    ],
    ids=["post", "topic"],
)  # fmt: skip
def test_what_is_restored_is_not_told_again(hide, restore):
    told = Told()
    Notification.objects.update(read_at=timezone.now())
    hide(told.staff, told.post)
    do_tasks()
    restore(told.staff, Post.objects.select_related("topic__subforum").get(pk=told.post.pk))
    do_tasks()

    assert Notification.objects.filter(user=told.reader).count() == 1
    assert bell_of(told.reader) == 0


def test_news_follows_its_post_into_another_topic_and_back():
    told = Told()
    other = make_topic(title="Another question", author=told.reader, subforum=told.topic.subforum)
    reply(told.writer, other)
    do_tasks()
    apart = bell_of(told.reader)

    made = rearrange.merge_topics(told.staff, told.topic, other)
    do_tasks("count_news")
    merged = news_of(told.reader), bell_of(told.reader)
    rearrange.undo_rearrangement(told.staff, made)
    do_tasks("count_news")

    assert apart == 2
    assert merged == (["* 2 new replies in “Another question”"], 1)
    assert bell_of(told.reader) == 2


def test_watchers_who_may_not_read_the_topic_are_not_told(topic, expert):
    watcher = make_user()
    watch(watcher, topic)
    subforums.change_access(topic.subforum, "staff")

    reply(make_user(is_staff=True), Topic.objects.select_related("subforum").get(pk=topic.pk))
    do_tasks()

    assert not Notification.objects.filter(user=watcher).exists()


def test_the_count_is_what_the_page_shows_for_moderators_too(topic, expert):
    moderator = make_user()
    topic.subforum.moderators.add(moderator)
    watch(moderator, topic)
    post = reply(expert, topic)
    do_tasks()

    visibility.hide_post(make_user(is_staff=True), post)
    do_tasks()

    assert unread_count(User.objects.get(pk=moderator.pk)) == len(news_of(moderator)) == 0


def test_a_reply_enqueues_one_task_of_news_however_many_watch(topic, expert):
    DBTaskResult.objects.all().delete()
    for _ in range(5):
        watch(make_user(), topic)

    with CaptureQueriesContext(connection) as asked:
        reply(expert, topic)

    assert DBTaskResult.objects.filter(task_path__startswith="notifications.").count() == 1
    assert not [query["sql"] for query in asked if "INTO notifications_notification" in query["sql"]]


def test_a_change_at_a_crossing_says_when_one_goes_there(asker):
    crossing = make_crossing(name="Torugart Pass", noted_status="open")
    update.judge(crossing.pk)
    watch(asker, crossing, travel_on=update.today() + timedelta(days=7))
    for _ in range(3):
        make_report(crossing, author=make_user(trust=2), outcome="found-closed", reason="shut")
    do_tasks()

    changes = [line for line in news_of(asker) if "became" in line]
    day = date_format(update.today() + timedelta(days=7), "j F")
    assert changes
    assert all(line.endswith(f". You go on {day}") for line in changes)


def test_a_renamed_member_is_called_by_the_new_name_and_a_topic_by_its_title_now(topic, asker, expert):
    reply(expert, topic)
    do_tasks()

    rename(expert, "other_expert")
    opening = Post.objects.get(pk=topic.opening_post_id)
    edits.edit_post(asker, opening, source="Is it?", title="Kulma by bus?", based_on=0)

    assert news_of(asker) == ["* other_expert answered you in “Kulma by bus?”"]


def test_of_an_ignored_member_nothing_is_told_and_of_others_in_their_topic_it_is(topic, asker, expert):
    ignore(expert, asker)
    watch(expert, topic)
    reply(asker, topic), reply(make_user(username="maite_r"), topic)
    do_tasks()

    assert news_of(expert) == ["* maite_r replied in “Torugart by bicycle?”"]
