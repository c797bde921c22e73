"""Administrators who pin topics across the forum at the same time. The race has a control that must fail."""

import threading

import pytest
from django.db import transaction
from django.utils import timezone

from forum.models import Topic
from forum.models.topic import MOST_PINNED_ACROSS
from forum.permissions import CannotBeDone
from moderation.actions import topic_acts
from moderation.models import ModerationEntry
from tests.forum.factories import make_topic
from tests.forum.test_at_once import at_once
from tests.moderation.factories import WHY, make_admin

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TIMES = MOST_PINNED_ACROSS + 3


def test_no_more_than_three_are_pinned_across_at_once():
    pairs = [(make_admin(), make_topic()) for _ in range(TIMES)]

    failures = at_once(*[lambda pair=pair: topic_acts.pin_across(*pair, WHY) for pair in pairs])

    assert [type(failure) for failure in failures] == [CannotBeDone] * (TIMES - MOST_PINNED_ACROSS)
    assert Topic.objects.standing_across().count() == MOST_PINNED_ACROSS
    assert ModerationEntry.objects.count() == MOST_PINNED_ACROSS


def test_one_topic_pinned_by_several_at_once_is_pinned_once():
    topic = make_topic()
    admins = [make_admin() for _ in range(TIMES)]

    failures = at_once(*[lambda user=user: topic_acts.pin_across(user, topic, WHY) for user in admins])

    assert failures == []
    assert ModerationEntry.objects.count() == 1


def test_control_who_counts_and_then_pins_without_the_lock_pins_too_many():
    topics, all_have_counted = [make_topic() for _ in range(TIMES)], threading.Barrier(TIMES)

    def careless(topic):
        with transaction.atomic():
            has_room = Topic.objects.standing_across().count() < MOST_PINNED_ACROSS
            all_have_counted.wait()
            if has_room:
                Topic.objects.filter(pk=topic.pk).update(pinned_across_at=timezone.now())

    failures = at_once(*[lambda topic=topic: careless(topic) for topic in topics])

    assert failures == []
    assert Topic.objects.standing_across().count() == TIMES
