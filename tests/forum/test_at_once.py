"""Many writers at once, on a real database. Every race has a control that must fail, or the proof proves nothing."""

import contextlib
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.members.rename import rename
from accounts.models import User
from accounts.trust_levels import Trust
from forum import actions
from forum.actions import answers, edits, reactions, subforums
from forum.actions.rules import set_rules
from forum.counters import locks
from forum.counters.recount import recount
from forum.models import Answer, Post, PostRevision, SiteVersion, Topic
from forum.permissions import NotAllowed
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.races import wait_until_one_is_blocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

WRITERS = 16


def at_once(*jobs):
    """Run jobs in threads that start together; gives what they raised."""
    start, failures = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            start.wait()
            job()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_many_replies_at_once_lose_no_number_and_no_count():
    topic, writers = make_topic(), [make_user() for _ in range(WRITERS)]

    failures = at_once(*[
        lambda writer=writer: [actions.posts.reply(writer, topic, source="At the gate.") for _ in range(5)]
        for writer in writers
    ])  # fmt: skip

    assert failures == []
    numbers = list(topic.posts.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 5 * WRITERS + 2))
    assert recount(mend=False) == []


def test_one_member_who_replies_in_many_subforums_at_once_is_counted_for_each():
    writer = make_user(trust=Trust.TRUSTED)
    topics = [make_topic(subforum=make_subforum()) for _ in range(8)]

    failures = at_once(*[
        lambda topic=topic: [actions.posts.reply(writer, topic, source="At the gate.") for _ in range(5)]
        for topic in topics
    ])  # fmt: skip

    assert failures == []
    assert User.objects.get(pk=writer.pk).posts_count == 40
    assert recount(mend=False) == []


def test_control_numbers_that_are_read_and_written_back_collide():
    topic = make_topic()
    writers = [make_user() for _ in range(WRITERS)]
    both_have_read = threading.Barrier(WRITERS)

    def careless(writer):
        with transaction.atomic():
            number = Topic.objects.get(pk=topic.pk).last_number + 1
            both_have_read.wait()
            opening = topic.opening_post
            Post.objects.create(
                topic=topic, author=writer, number=number, source="x", html="x", markup_version=1,
                written_at=opening.written_at,
            )  # fmt: skip

    failures = at_once(*[lambda writer=writer: careless(writer) for writer in writers])

    assert len(failures) == WRITERS - 1


def test_one_form_sent_many_times_at_once_is_one_post():
    topic, writer, key = make_topic(), make_user(), uuid.uuid4()

    failures = at_once(*[
        lambda: actions.posts.reply(writer, topic, source="Once.", idempotency_key=key) for _ in range(50)
    ])  # fmt: skip

    assert failures == []
    assert topic.posts.count() == 2
    assert recount(mend=False) == []


def test_one_key_with_many_texts_at_once_is_one_post_and_questions():
    topic, writer, key = make_topic(), make_user(), uuid.uuid4()

    failures = at_once(*[
        lambda text=f"Text {n}.": actions.posts.reply(writer, topic, source=text, idempotency_key=key)
        for n in range(WRITERS)
    ])  # fmt: skip

    assert [type(failure) for failure in failures] == [actions.posts.SentBefore] * (WRITERS - 1)
    assert topic.posts.count() == 2


def test_members_who_thank_each_other_at_once_do_not_stand_in_each_others_way():
    one, other = make_user(), make_user()
    of_one, of_other = make_post(author=one), make_post(author=other)

    failures = at_once(*[
        job
        for _ in range(3)
        for job in (
            lambda: reactions.react(one, of_other, "helpful"),
            lambda: reactions.react(other, of_one, "helpful"),
            lambda: reactions.withdraw_reaction(one, of_other, "helpful"),
        )
    ])  # fmt: skip

    assert failures == []
    assert recount(mend=False) == []


def test_two_opposite_reactions_at_once_leave_one():
    post, member = make_post(), make_user(trust=1)

    failures = at_once(
        lambda: reactions.react(member, post, "still_true"), lambda: reactions.react(member, post, "outdated")
    )

    post.refresh_from_db()
    assert failures == []
    assert post.still_true_count + post.outdated_count == 1
    assert recount(mend=False) == []


def test_posting_reacting_withdrawing_and_changing_access_at_once_keep_every_counter():
    topic, members = make_topic(), [make_user() for _ in range(4)]
    posts = [make_post(topic=topic, author=member) for member in members]

    failures = at_once(
        *[lambda member=member: actions.posts.reply(member, topic, source="More.") for member in members],
        *[lambda post=post: actions.posts.withdraw_post(post.author, post) for post in posts[:2]],
        *[lambda member=member: reactions.react(member, posts[3], "helpful") for member in members[:3]],
        lambda: subforums.change_access(topic.subforum, "members"),
    )

    assert failures == []
    assert recount(mend=False) == []


def test_recount_finds_and_mends_what_was_spoilt():
    post = make_post()
    type(post.author).objects.filter(pk=post.author_id).update(posts_count=7)

    drifts = [str(drift) for drift in recount(mend=True)]

    assert drifts == [f"User {post.author_id}: posts_count is 7, counted 1"]
    assert recount(mend=False) == []


def test_editors_of_one_post_at_once_leave_one_edit_and_questions():
    post = make_post(source="Open.")

    failures = at_once(*[
        lambda text=f"Text {n}.": edits.edit_post(post.author, post, source=text, based_on=0) for n in range(WRITERS)
    ])  # fmt: skip

    assert [type(failure) for failure in failures] == [edits.EditedMeanwhile] * (WRITERS - 1)
    assert list(post.revisions.values_list("number", "source")) == [(1, "Open.")]
    assert recount(mend=False) == []


def test_control_edits_that_do_not_say_what_they_began_with_overwrite_each_other():
    post, both_have_read = make_post(source="Open."), threading.Barrier(2)

    def careless(text):
        number = Post.objects.get(pk=post.pk).edits_count + 1
        both_have_read.wait()
        PostRevision.objects.create(
            post=post, number=number, source=text, edited_by=post.author, edited_at=post.written_at
        )

    assert len(at_once(lambda: careless("One."), lambda: careless("Two."))) == 1


def test_accepting_and_withdrawing_an_answer_at_once_keep_its_count():
    post = make_post()
    author = post.topic.author

    failures = at_once(*[
        job
        for _ in range(WRITERS // 2)
        for job in (lambda: answers.accept_answer(author, post), lambda: answers.withdraw_answer(author, post))
    ])  # fmt: skip

    assert failures == []
    assert Answer.objects.filter(post=post, withdrawn_at=None).count() <= 1
    assert recount(mend=False) == []


def test_control_a_counter_that_is_read_raised_and_written_back_loses_writers():
    topic, all_have_read = make_topic(), threading.Barrier(WRITERS)

    def careless():
        count = Topic.objects.get(pk=topic.pk).answers_count
        all_have_read.wait()
        Topic.objects.filter(pk=topic.pk).update(answers_count=count + 1)

    at_once(*[careless] * WRITERS)

    assert [drift.counter for drift in recount(mend=False)] == ["answers_count"]
    assert Topic.objects.get(pk=topic.pk).answers_count < WRITERS


def test_a_lock_is_stronger_than_a_reply_on_its_way():
    moderator = make_user(is_staff=True)
    topics = [make_topic() for _ in range(5)]

    failures = at_once(
        *[lambda: [actions.topics.lock_topic(moderator, topic) for topic in topics]],
        *[
            lambda writer=make_user(): [_try_to_reply(writer, topic) for topic in topics]  # noqa: B008
            for _ in range(WRITERS - 1)
        ],
    )

    assert failures == []
    for topic in topics:
        topic.refresh_from_db()
        assert not topic.posts.filter(written_at__gt=topic.locked_at).exists()
    assert recount(mend=False) == []


def test_control_a_reply_that_only_looks_at_its_topic_comes_after_the_lock(monkeypatch):
    topic, moderator, careless = make_topic(), make_user(is_staff=True), []
    has_looked, is_locked, lock_topic = threading.Event(), threading.Event(), locks.lock_topic

    def only_look(found):
        if threading.current_thread() not in careless:
            return lock_topic(found)
        seen = Topic.objects.select_related("subforum").get(pk=found.pk)
        has_looked.set()
        assert is_locked.wait(60)
        return seen

    def reply():
        careless.append(threading.current_thread())
        actions.posts.reply(make_user(), topic, source="Just in time?")

    def lock():
        assert has_looked.wait(60)
        actions.topics.lock_topic(moderator, topic)
        is_locked.set()

    monkeypatch.setattr(locks, "lock_topic", only_look)

    assert at_once(reply, lock) == []

    topic.refresh_from_db()
    assert topic.posts.filter(written_at__gt=topic.locked_at).exists()


def _try_to_reply(writer, topic):
    with contextlib.suppress(NotAllowed):
        actions.posts.reply(writer, topic, source="Just in time?")


def test_sixteen_writers_reply_react_edit_and_accept_on_the_same_topics():
    topics = [make_topic() for _ in range(3)]
    posts = [make_post(topic=topic) for topic in topics]
    writers = [make_user(trust=1) for _ in range(WRITERS)]

    def work(writer):
        for topic, post in zip(topics, posts, strict=True):
            own = actions.posts.reply(writer, topic, source="At the gate.")
            reactions.react(writer, post, "helpful")
            reactions.react(writer, post, "still_true")
            edits.edit_post(writer, own, source="At the gate, twice.", based_on=0)
            answers.accept_answer(topic.author, own)
            reactions.react(writer, post, "outdated")
            reactions.withdraw_reaction(writer, post, "helpful")
            actions.posts.withdraw_post(writer, own)

    assert at_once(*[lambda writer=writer: work(writer) for writer in writers]) == []
    for topic in topics:
        numbers = list(topic.posts.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, WRITERS + 3))
    assert recount(mend=False) == []


def test_a_subforum_is_saved_while_members_reply_in_it():
    topic, administrator = make_topic(), make_user(is_staff=True)
    subforum = topic.subforum
    fields = {name: getattr(subforum, name) for name in ("name", "slug", "icon", "position", "access")}
    fields |= {"section": subforum.section_id, "moderators": ""}

    def save():
        client = Client()
        client.force_login(administrator)
        for number in range(10):
            client.post(f"/staff/subforums/{subforum.slug}/", fields | {"description": f"Text {number}."})

    failures = at_once(save, *[
        lambda writer=make_user(): [actions.posts.reply(writer, topic, source="More.") for _ in range(10)]  # noqa: B008
        for _ in range(4)
    ])  # fmt: skip

    assert failures == []
    assert recount(mend=False) == []


def test_new_rules_wait_for_topics_before_they_end_all_pages():
    topic, administrator = make_topic(), make_user(is_staff=True)

    failures = at_once(*_in_the_middle(
        lambda: locks.lock_topic(topic),
        lambda: subforums.change_access(topic.subforum, "members"),
        lambda: set_rules(administrator, None, introduction="Be kind.", rules=["Dates."]),
    ))  # fmt: skip

    assert failures == []


def test_access_changes_wait_for_members_before_they_end_all_pages():
    topic = make_topic()

    failures = at_once(*_in_the_middle(
        lambda: User.objects.select_for_update(no_key=True).get(pk=topic.author_id),
        lambda: rename(topic.author, "another_name"),
        lambda: subforums.change_access(topic.subforum, "members"),
    ))  # fmt: skip

    assert failures == []
    assert recount(mend=False) == []


@pytest.mark.parametrize("field", ["suspended_until", "banned_at"])
@pytest.mark.parametrize("access", ["open", "members"])
def test_a_suspension_is_stronger_than_a_reply_on_its_way(access, field):
    topic, writer = make_topic(subforum=make_subforum(access=access)), make_user()
    until = timezone.now() + timedelta(days=3)

    failures = at_once(*_in_the_middle(
        lambda: User.objects.filter(pk=writer.pk).update(**{field: until}),
        lambda: None,
        lambda: actions.posts.reply(writer, topic, source="Just in time?"),
    ))  # fmt: skip

    assert [type(failure) for failure in failures] == [NotAllowed]
    assert not topic.posts.filter(author=writer).exists()
    assert recount(mend=False) == []


def _in_the_middle(begin, end, other):
    """Two jobs: one does its two halves in a transaction, and the other begins between them."""
    has_begun = threading.Event()
    SiteVersion.objects.get_or_create()  # tests that commit empty all tables

    def halves():
        with transaction.atomic():
            begin()
            has_begun.set()
            wait_until_one_is_blocked()
            end()

    return halves, lambda: [has_begun.wait(), other()]
