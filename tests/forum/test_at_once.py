"""Many writers at once, on a real database. Every race has a control that must fail, or the proof proves nothing."""

import threading
import uuid

import pytest
from django.db import connection, transaction

from forum import actions
from forum.models import Post, Topic
from forum.recounting import recount
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

WRITERS = 8


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
        lambda writer=writer: [actions.reply(writer, topic, source="At the gate.") for _ in range(5)]
        for writer in writers
    ])  # fmt: skip

    assert failures == []
    numbers = list(topic.posts.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 5 * WRITERS + 2))
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
        lambda: actions.reply(writer, topic, source="Once.", idempotency_key=key) for _ in range(WRITERS)
    ])  # fmt: skip

    assert failures == []
    assert topic.posts.count() == 2
    assert recount(mend=False) == []


def test_one_key_with_many_texts_at_once_is_one_post_and_questions():
    topic, writer, key = make_topic(), make_user(), uuid.uuid4()

    failures = at_once(*[
        lambda text=f"Text {n}.": actions.reply(writer, topic, source=text, idempotency_key=key)
        for n in range(WRITERS)
    ])  # fmt: skip

    assert [type(failure) for failure in failures] == [actions.SentBefore] * (WRITERS - 1)
    assert topic.posts.count() == 2


def test_members_who_thank_each_other_at_once_do_not_stand_in_each_others_way():
    one, other = make_user(), make_user()
    of_one, of_other = make_post(author=one), make_post(author=other)

    failures = at_once(*[
        job
        for _ in range(3)
        for job in (
            lambda: actions.react(one, of_other, "helpful"),
            lambda: actions.react(other, of_one, "helpful"),
            lambda: actions.withdraw_reaction(one, of_other, "helpful"),
        )
    ])  # fmt: skip

    assert failures == []
    assert recount(mend=False) == []


def test_two_opposite_reactions_at_once_leave_one():
    post, member = make_post(), make_user()

    failures = at_once(
        lambda: actions.react(member, post, "still_true"), lambda: actions.react(member, post, "outdated")
    )

    post.refresh_from_db()
    assert failures == []
    assert post.still_true_count + post.outdated_count == 1
    assert recount(mend=False) == []


def test_posting_reacting_withdrawing_and_changing_access_at_once_keep_every_counter():
    topic, members = make_topic(), [make_user() for _ in range(4)]
    posts = [make_post(topic=topic, author=member) for member in members]

    failures = at_once(
        *[lambda member=member: actions.reply(member, topic, source="More.") for member in members],
        *[lambda post=post: actions.withdraw_post(post.author, post) for post in posts[:2]],
        *[lambda member=member: actions.react(member, posts[3], "helpful") for member in members[:3]],
        lambda: actions.change_access(topic.subforum, "members"),
    )

    assert failures == []
    assert recount(mend=False) == []


def test_recount_finds_and_mends_what_was_spoilt():
    post = make_post()
    type(post.author).objects.filter(pk=post.author_id).update(posts_count=7)

    drifts = [str(drift) for drift in recount(mend=True)]

    assert drifts == [f"User {post.author_id}: posts_count is 7, counted 1"]
    assert recount(mend=False) == []
