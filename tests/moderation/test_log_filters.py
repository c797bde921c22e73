"""The log is filtered by act, moderator, member, subforum and day; what cannot be read is said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.actions import member_acts, topic_acts
from moderation.models import EntryWords, ModerationEntry, Verb
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_member_of, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return [make_subforum(name="Kyrgyzstan"), make_subforum(name="China")]


@pytest.fixture
def moderators(places, client):
    found = [make_moderator(*places, username="kind_hand"), make_moderator(*places, username="other_hand")]
    client.force_login(found[0])
    return found


@pytest.fixture
def entries(places, moderators):
    """By name: a lock, a pin of the other moderator, a warning."""
    member = make_user(username="loud_lorry")
    here, there = (make_topic(subforum=place, author=member) for place in places)
    return {
        "lock": topic_acts.lock(moderators[0], here, WHY),
        "pin": topic_acts.pin(moderators[1], there, WHY),
        "warn": member_acts.warn(moderators[0], make_member_of(moderators[0], username="quiet_lorry"), WHY),
    }


def listed(client, **filters):
    answer = client.get("/moderation/log/", filters)
    assert answer.status_code == 200
    return [entry.verb for entry in answer.context["entries"]]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["warn", "pin", "lock"]),
        ({"act": "pin"}, ["pin"]),
        ({"by": "other_hand"}, ["pin"]),
        ({"by": "KIND_HAND"}, ["warn", "lock"]),
        ({"by": "kind_hand", "act": "pin"}, []),
        ({"member": "loud_lorry"}, ["pin", "lock"]),
        ({"by": "nobody_at_all"}, []),
        ({"member": "nobody_at_all"}, []),
        ({"act": "", "by": "", "since": ""}, ["warn", "pin", "lock"]),
    ],
)
def test_filters_go_together(client, entries, filters, found):
    assert listed(client, **filters) == found


def test_one_subforum_alone(client, entries, places):
    assert listed(client, subforum=places[1].pk) == ["pin"]


def at(entry, days):
    """The log is append-only; a new entry stands for an old one."""
    old = ModerationEntry.objects.create(
        verb=Verb.UNLOCK, at=timezone.now() - timedelta(days=days), by_id=entry.by_id, subforum_id=entry.subforum_id
    )
    EntryWords.objects.create(entry=old)


def test_days_are_whole_and_both_count(client, entries):
    at(entries["lock"], days=3)
    day = timezone.localdate() - timedelta(days=3)

    assert listed(client, since=day, until=day) == ["unlock"]
    assert listed(client, until=day - timedelta(days=1)) == []
    assert listed(client, since=day + timedelta(days=1)) == ["warn", "pin", "lock"]


def test_older_entries_keep_the_filters(client, entries):
    for _ in range(51):
        at(entries["lock"], days=0)

    page = client.get("/moderation/log/", {"act": "unlock", "by": "kind_hand"})

    assert f"?before={page.context['older']}&amp;act=unlock&amp;by=kind_hand" in page.text
    assert len(listed(client, act="unlock", before=page.context["older"])) == 1


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"act": "burn"}, "Select a valid choice"),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"until": "2026-02-30"}, "Enter a valid date"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "This day is before the first one."),
        ({"by": "x" * 61}, "at most 60"),
        ({"subforum": "nowhere"}, "Select a valid choice"),
        ({"until": "9999-12-31"}, "Enter a day before"),
    ],
)
def test_what_cannot_be_meant_is_left_out_and_said(client, entries, filters, words):
    answer = client.get("/moderation/log/", filters)

    assert answer.status_code == 200
    assert words in answer.text
    assert "The list is shown without it." in answer.text
    assert answer.context["entries"]


def test_a_subforum_of_others_is_no_choice(client, entries):
    strange = make_subforum()

    assert client.get("/moderation/log/", {"subforum": strange.pk}).context["wrong_filters"] == ("subforum",)
    client.force_login(make_admin())
    assert client.get("/moderation/log/", {"subforum": strange.pk}).context["wrong_filters"] == ()
