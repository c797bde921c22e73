"""Administrators at once, with each other and with those who write: on a real database, with controls that fail."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from forum.actions import posts
from forum.counters.recount import recount
from forum.models import Subforum, Topic
from forum.sections import order, presets_made, removal, removal_steps
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic
from tests.forum.test_at_once import at_once
from tests.races import wait_until_one_is_blocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def administrator():
    return make_user(is_staff=True)


def four():
    return [make_subforum(name=name, position=at) for at, name in enumerate("ABCD")]


def positions():
    return list(Subforum.objects.values_list("position", flat=True))


def test_two_changes_of_the_order_at_once_are_both_done(administrator):
    a, b, c, d = four()

    failures = at_once(
        lambda: order.place_subforum(administrator, c, a, after=False),
        lambda: order.place_subforum(administrator, d, b, after=False),
    )

    assert failures == []
    assert "".join(Subforum.objects.values_list("name", flat=True)) == "CADB"


def test_control_without_the_lock_of_the_order_two_stand_in_one_place(administrator, monkeypatch):
    a, b, c, d = four()
    both_have_looked, place = threading.Barrier(2), order._place

    def careless(*args, **kwargs):
        both_have_looked.wait()
        place(*args, **kwargs)

    monkeypatch.setattr(order, "lock", lambda: None)
    monkeypatch.setattr(order, "_place", careless)
    failures = at_once(
        lambda: order.place_subforum(administrator, c, a, after=False),
        lambda: order.place_subforum(administrator, d, b, after=False),
    )

    assert failures or len(set(positions())) < 4


def test_presets_pressed_at_once_are_made_once(administrator):
    failures = at_once(*[lambda: presets_made.make_presets(administrator, ["campfire", "visas"])] * 3)

    assert failures == []
    assert sorted(Subforum.objects.values_list("slug", flat=True)) == ["campfire", "visas"]


def finish_while_a_topic_is_opened(administrator):
    """The outcome of removing a subforum in which somebody has just opened a topic, which is not committed yet."""
    old, target = make_subforum(), make_subforum()
    removal.begin(administrator, old, target)
    outcome = []

    def go_on():
        try:
            outcome.append(removal_steps.go_on(old.pk))
        except IntegrityError as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=go_on)
    with transaction.atomic():
        posts.open_topic(administrator, Subforum.objects.get(pk=old.pk), title="Just in time", source="Is it open?")
        thread.start()
        wait_until_one_is_blocked()
    thread.join()
    return old, target, outcome[0]


def test_a_topic_that_is_opened_while_its_subforum_goes_is_moved_as_well(administrator):
    old, target, left = finish_while_a_topic_is_opened(administrator)

    assert left == 1
    assert removal_steps.go_on(old.pk) == 0
    assert Topic.objects.get(title="Just in time").subforum == target
    assert recount(mend=False) == []


def test_control_without_the_lock_the_subforum_goes_from_under_the_topic(administrator, monkeypatch):
    monkeypatch.setattr(removal_steps, "_lock", lambda pk: Subforum.objects.filter(pk=pk).first())

    _, _, outcome = finish_while_a_topic_is_opened(administrator)

    assert isinstance(outcome, IntegrityError)


def test_a_removal_that_two_processes_go_on_with_is_done_once(administrator, monkeypatch):
    monkeypatch.setattr(removal_steps, "BATCH", 2)
    old, target = make_subforum(), make_subforum()
    for _ in range(5):
        make_topic(subforum=old)
    removal.begin(administrator, old, target)

    failures = at_once(lambda: removal_steps.go_on(old.pk), lambda: removal_steps.go_on(old.pk))

    assert failures == []
    assert target.topics.count() == 5
    assert not Subforum.objects.filter(pk=old.pk).exists()
    assert recount(mend=False) == []
