"""Many at once at one crossing: nothing is lost, nothing counted twice, nobody stands in another's way."""

import threading
import uuid
from datetime import date

import pytest
from django.db import transaction

from crossings.links import actions
from crossings.models import Crossing, CrossingReport, CrossingTopic
from crossings.reports.actions import file_report
from crossings.status import update
from forum.actions.posts import reply
from forum.actions.topics import lock_topic
from forum.counters.recount import recount
from forum.models import Topic
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_topic
from tests.forum.test_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
WRITERS = 16


def told(**fields):
    facts = {"crossed_on": date(2026, 11, 1), "direction": "a-b", "mode": "bicycle", "outcome": "crossed"} | fields
    return CrossingReport(**facts)


def test_many_first_reports_at_once_share_one_topic_and_are_all_counted():
    crossing, writers = make_crossing(), [make_user(trust=1) for _ in range(WRITERS)]

    failures = at_once(*[
        lambda writer=writer: file_report(writer, crossing, told(), source="Arch.") for writer in writers
    ])  # fmt: skip

    crossing.refresh_from_db()
    assert failures == []
    assert Topic.objects.count() == 1
    assert (crossing.reports_count, crossing.confirmed_count) == (WRITERS, WRITERS)
    assert recount(mend=False) == []


def test_control_judging_without_the_lock_misses_reports():
    crossing, writers = make_crossing(), [make_user(trust=1) for _ in range(4)]
    topic = make_report(crossing).post.topic
    posts = [reply(writer, topic, source="At the gate.") for writer in writers]
    all_have_written = threading.Barrier(len(writers))

    def careless(post):
        with transaction.atomic():
            report = told()
            report.crossing, report.post = crossing, post
            report.save()
            found = len(update.observations(crossing))
            all_have_written.wait()
            Crossing.objects.filter(pk=crossing.pk).update(reports_count=found)

    failures = at_once(*[lambda post=post: careless(post) for post in posts])

    crossing.refresh_from_db()
    assert failures == []
    assert CrossingReport.objects.count() == 5
    assert crossing.reports_count == 2


def test_one_report_sent_many_times_at_once_is_one_report():
    crossing, writer, key = make_crossing(), make_user(), uuid.uuid4()

    failures = at_once(*[
        lambda: file_report(writer, crossing, told(), source="Once.", idempotency_key=key) for _ in range(30)
    ])  # fmt: skip

    crossing.refresh_from_db()
    assert failures == []
    assert CrossingReport.objects.count() == crossing.reports_count == 1


def test_whoever_reports_links_judges_and_closes_at_once_meets_no_deadlock():
    one, other = make_crossing(), make_crossing()
    topics = [make_topic() for _ in range(4)]
    for topic in topics:
        actions.set_links(topic.author, topic, [one, other])
    reported = make_report(one).post.topic
    reporters = [make_user(trust=1) for _ in range(4)]

    failures = at_once(
        *[lambda user=user: file_report(user, one, told(), source="One.") for user in reporters],
        *[lambda user=user: file_report(user, other, told(), source="Two.") for user in reporters],
        *[lambda topic=topic: reply(topic.author, topic, source="Thank you.") for topic in topics],
        *[lambda topic=topic: actions.set_links(topic.author, topic, [other]) for topic in topics],
        lambda: make_notice(one),
        update.judge_all,
        lambda: lock_topic(make_user(is_staff=True), reported),
    )

    assert failures == []
    assert CrossingTopic.objects.standing().filter(crossing=one, topic__in=topics).count() == 0
    judged = list(Crossing.objects.order_by("pk").values())
    update.judge_all()
    assert list(Crossing.objects.order_by("pk").values()) == judged
    assert recount(mend=False) == []
