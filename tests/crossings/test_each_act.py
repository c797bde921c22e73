"""What every act on crossings has in common: who was not meant stays as they were, and twice changes nothing."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import User
from crossings.editorial import wording
from crossings.editorial.actions import edit_facts, edit_names, edit_place
from crossings.experts.actions import endorse, refuse, take_back, take_endorsement_back
from crossings.freshness.actions import mark_outdated, unmark_outdated
from crossings.hours.actions import change_hours, marker_of, restore_hours, standing_in_place_of, withdraw_hours
from crossings.links.actions import link_topic, set_links
from crossings.models import (
    BadgeApplication,
    Crossing,
    CrossingEdit,
    CrossingFact,
    CrossingName,
    CrossingReport,
    CrossingTopic,
    Hours,
    HoursConfirmation,
)  # fmt: skip
from crossings.models.hours import SAID
from crossings.reports.actions import ReportedAlready, attach_report
from forum.models import Post
from tests.crossings.factories import make_crossing, make_hours, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """Two crossings of which the same is said, and who edits the first."""
    with made_once(django_db_blocker):
        both = []
        for _ in range(2):
            crossing, topic = make_crossing(names=("The arch",)), make_topic()
            CrossingFact.objects.create(
                crossing=crossing, kind="road", text="Asphalt", as_of=timezone.now().date(), source="A sign",
                confidence="medium",
            )  # fmt: skip
            link_topic(topic, crossing, source=CrossingTopic.Source.AUTHOR, by=topic.author)
            report, hours = make_report(crossing), make_hours(crossing)
            reply = make_post(topic=topic)
            application = BadgeApplication.objects.create(
                applicant=make_user(trust=User.Trust.MEMBER), countries=["CN"], words="I live there.",
                made_at=timezone.now(),
            )  # fmt: skip
            both.append(
                SimpleNamespace(
                    crossing=Crossing.objects.get(pk=crossing.pk), topic=topic, report=report, hours=hours, reply=reply,
                    application=application,
                )
            )  # fmt: skip
        meant, bystander = both
        yield SimpleNamespace(by=make_user(is_staff=True), other=make_crossing(), bystander=bystander, **vars(meant))


def state_of(one):
    """Everything that is stored of a crossing, its topic, and who asks for a badge."""
    pk = one.crossing.pk
    rows = (
        Crossing.objects.filter(pk=pk), CrossingName.objects.filter(crossing=pk),
        CrossingFact.objects.filter(crossing=pk), CrossingEdit.objects.filter(crossing=pk),
        CrossingReport.objects.filter(crossing=pk), CrossingTopic.objects.filter(crossing=pk),
        Hours.objects.filter(crossing=pk), HoursConfirmation.objects.filter(hours__crossing=pk),
        Post.objects.filter(topic=one.topic).defer("search"), BadgeApplication.objects.filter(pk=one.application.pk),
        one.application.endorsements.all(),
    )  # fmt: skip
    return [sorted(map(str, found.values())) for found in rows]


def place_again(s):
    crossing = Crossing.objects.get(pk=s.crossing.pk)
    based_on = wording.marker(wording.of_place(crossing))
    edit_place(s.by, crossing, values={"name": "Another name"}, reason="It is so.", based_on=based_on)


def facts_again(s):
    based_on = wording.marker(wording.of_facts(CrossingFact.objects.filter(crossing=s.crossing)))
    fact = CrossingFact(
        kind="road", text="Gravel", as_of=timezone.now().date(), source="A sign", confidence="medium",
    )  # fmt: skip
    edit_facts(s.by, s.crossing, facts=[fact], reason="It is so.", based_on=based_on)


def names_again(s):
    based_on = wording.marker(wording.of_names(CrossingName.objects.filter(crossing=s.crossing)))
    edit_names(s.by, s.crossing, names={"The old arch": True}, reason="It is so.", based_on=based_on)


def hours_again(s):
    values = {name: getattr(s.hours, name) for name in SAID} | {"closes": 18 * 60}
    now = standing_in_place_of(s.hours)
    change_hours(s.by, s.hours, values=values, reason="It is so.", based_on=marker_of(now))


ACTS = {
    "place": place_again,
    "facts": facts_again,
    "names": names_again,
    "hours": hours_again,
    "hours taken out": lambda s: withdraw_hours(s.by, s.hours, reason="They are over."),
    "links": lambda s: set_links(s.by, s.topic, [s.other]),
    "no links": lambda s: set_links(s.by, s.topic, []),
    "out of date": lambda s: mark_outdated(s.by, s.reply),
    "endorsed": lambda s: endorse(s.by, s.application),
    "refused": lambda s: refuse(s.by, s.application, words="Not yet."),
    "taken back": lambda s: take_back(s.application.applicant, s.application),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_leaves_others_alone_and_done_twice_changes_nothing(scene, name):
    before, bystander = state_of(scene), state_of(scene.bystander)

    ACTS[name](scene)
    after = state_of(scene)
    ACTS[name](scene)

    assert after != before
    assert state_of(scene) == after
    assert state_of(scene.bystander) == bystander


def test_hours_that_are_brought_back_and_marks_that_are_taken_off_leave_others_alone(scene):
    withdraw_hours(scene.by, scene.bystander.hours, reason="They are over.")
    mark_outdated(scene.by, scene.bystander.reply)
    endorse(scene.by, scene.bystander.application)
    withdraw_hours(scene.by, scene.hours, reason="They are over.")
    mark_outdated(scene.by, scene.reply)
    endorse(scene.by, scene.application)
    bystander = state_of(scene.bystander)

    restore_hours(scene.by, scene.hours)
    unmark_outdated(scene.by, scene.reply)
    for _ in range(2):
        take_endorsement_back(scene.by, scene.application)

    assert [row.closes for row in scene.crossing.hours.standing()] == [scene.hours.closes]
    assert Post.objects.get(pk=scene.reply.pk).marked_outdated_at is None
    assert not scene.application.endorsements.exists()
    assert state_of(scene.bystander) == bystander


def test_a_post_is_made_a_report_whatever_other_posts_carry(scene):
    facts = {"crossed_on": timezone.now().date(), "direction": "a-b", "mode": "car", "outcome": "crossed"}
    bystander = state_of(scene.bystander)

    attach_report(scene.reply.author, scene.reply, scene.crossing, CrossingReport(**facts))
    with pytest.raises(ReportedAlready):
        attach_report(scene.reply.author, scene.reply, scene.crossing, CrossingReport(**facts))

    assert CrossingReport.objects.filter(post=scene.reply).count() == 1
    assert state_of(scene.bystander) == bystander
