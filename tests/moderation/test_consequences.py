"""What a page says that an act will do is what the act then does, in any forum; and many are taken back as one."""

import contextlib
import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation import consequences
from moderation.actions import for_each, member_acts, post_acts, spam, topic_acts, undo
from moderation.actions.jurisdiction import place_of
from moderation.consequences import CleanUp, counted
from moderation.forms.acts import WhyForm
from moderation.log import author_notices, grounds, wording
from moderation.log.entries import Why
from moderation.member_choices import choices_for, warning_points
from moderation.reasons.offered_reasons import presets_for
from moderation.rules import rules_for
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.forum.test_any_sequence import CHOICE, pick
from tests.moderation.factories import WHY, make_member_of, make_moderator
from tests.moderation.test_any_sequence import ACTS, Moderation, as_it_was, everything

FORUMS = int(os.environ.get("SEQUENCES", "25"))


def in_random_forums(test):
    steps = st.lists(st.tuples(st.sampled_from(STEPS), ACTS, CHOICE, CHOICE), min_size=2, max_size=14)
    given_ = given(steps=steps, chosen=CHOICE, other=CHOICE)
    phases = [Phase.explicit, Phase.reuse, Phase.generate]  # making a forum smaller takes longer than it helps
    relaxed = settings(max_examples=FORUMS, suppress_health_check=list(HealthCheck), phases=phases)
    return pytest.mark.proof(pytest.mark.django_db(relaxed(given_(test))))


STEPS = ["open_topic", "reply", "reply", "hold", "flag", "do", "do"]


class RandomForum:
    """A forum in which these steps were done, and two moderators: of all of it, and of one subforum."""

    def __init__(self, steps):
        self.machine = Moderation()
        self.local = make_moderator(self.machine.subforums[0])
        for name, act, thing, other in steps:
            arguments = {"do": (act, thing, other), "hold": (thing,), "flag": (thing,)}.get(name, (thing, other))
            with contextlib.suppress(NotAllowed), transaction.atomic():  # by whom a step before banned
                getattr(self.machine, name)(*arguments)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.machine.teardown()

    def moderators(self):
        return [User.objects.get(pk=user.pk) for user in (self.machine.moderator, self.local)]

    def members(self):
        return [User.objects.get(pk=member.pk) for member in self.machine.members]


def tried(act):
    """The entry, and what the act left; both are gone afterwards."""
    left = {}
    try:
        with transaction.atomic():
            entry = act()
            left = shown()
            transaction.set_rollback(True)
    except (NotAllowed, CannotBeDone):
        return None, shown()
    return entry, left


def shown():
    """The posts that are not hidden, each with its author, topic, number and whether it is readable."""
    posts = Post.objects.filter(hidden_at=None).select_related("topic")
    return {
        post.pk: (post.author_id, post.topic_id, post.number, post.is_readable)
        for post in posts
        if not (post.is_opening_post and post.topic.hidden_at)
    }


@in_random_forums
def test_a_clean_up_hides_what_was_said(steps, chosen, other):
    with RandomForum(steps) as forum:
        user, member = pick(forum.moderators(), chosen), pick(forum.members(), other)
        said, before = consequences.clean_up(user, member), shown()
        topics = set(Topic.objects.filter(hidden_at=None).values_list("pk", flat=True))
        hidden_topics = set()

        def act():
            entry = spam.clean_spam(user, member, WHY)
            hidden_topics.update(topics - set(Topic.objects.filter(hidden_at=None).values_list("pk", flat=True)))
            return entry

        entry, after = tried(act)

        gone = {pk: before[pk] for pk in before.keys() - after.keys() if before[pk][0] == member.pk}
        others = [row for row in before.values() if row[1] in hidden_topics and row[0] != member.pk and row[3]]
        if entry is None:
            assert gone == {}
            return
        assert said == CleanUp(
            posts=len(gone),
            topics=len({row[1] for row in gone.values()}),
            whole_topics=len(hidden_topics),
            others_posts=len(others),
            others=len({row[0] for row in others}),
        )
        assert said.words.removeprefix("no ") in wording.effect(entry)


@in_random_forums
def test_hiding_a_topic_hides_the_replies_that_were_said(steps, chosen, other):
    with RandomForum(steps) as forum:
        topic, user = forum.machine.topic(chosen), pick(forum.moderators(), other)
        said = consequences.replies_with(topic)
        readable = Post.objects.readable().filter(topic=topic).exclude(pk=topic.opening_post_id)

        entry, _ = tried(lambda: topic_acts.hide(user, topic, WHY))

        if entry is not None:
            assert said == readable.count()
            assert (consequences.replies(said) in wording.effect(entry)) == bool(said)


@in_random_forums
def test_a_merging_moves_the_posts_that_were_said(steps, chosen, other):
    with RandomForum(steps) as forum:
        source, target = forum.machine.topic(chosen), forum.machine.topic(other)
        said, before = counted(source.last_number, "post"), dict(Post.objects.values_list("pk", "topic"))
        moved = []

        def act():
            entry = topic_acts.merge(forum.machine.moderator, source, target, WHY)
            moved.extend(pk for pk, topic in Post.objects.values_list("pk", "topic") if topic != before[pk])
            return entry

        entry, _ = tried(act)

        if entry is not None:
            assert said == counted(len(moved), "post")
            assert wording.effect(entry) == f"{said} moved."


@in_random_forums
def test_a_warning_suspends_for_as_long_as_was_said(steps, chosen, other):
    with RandomForum(steps) as forum:
        user, member = forum.machine.moderator, pick(forum.members(), chosen)
        member_acts.warn(user, member, WHY, points=chosen % 4)
        member.refresh_from_db()
        standing = consequences.points_of([member.pk], timezone.now())[member.pk]
        points, said = pick(warning_points(member, standing), other)
        before, until = member.suspended_until, []

        def act():
            entry = member_acts.warn(user, member, Why(reason="In other words."), points=points)
            until.append(User.objects.get(pk=member.pk).suspended_until)
            return entry

        entry, _ = tried(act)

        [after] = until
        if after == before:
            assert said == f"{counted(points, 'point')}: {standing + points} in all"
        else:
            days = round((after - timezone.now()) / timedelta(days=1))
            assert said == f"{counted(points, 'point')}: suspends for {counted(days, 'day')}"
        assert f"{standing + points} count now" in wording.effect(entry)


@in_random_forums
def test_what_was_done_to_many_is_taken_back_exactly(steps, chosen, other):
    with RandomForum(steps) as forum:
        user, before = forum.machine.moderator, everything()
        act, things = pick(
            [
                (topic_acts.hide, [forum.machine.topic(number) for number in (chosen, other)]),
                (topic_acts.lock, [forum.machine.topic(number) for number in (chosen, other)]),
                (post_acts.hide, forum.machine.posts_from(chosen, 4)),
                (post_acts.approve, forum.machine.posts_from(chosen, 4)),
            ],
            other,
        )
        try:
            with transaction.atomic():
                entries = for_each(act, user, things, WHY)
        except CannotBeDone:
            return

        undo.undo_all(user, entries)

        assert as_it_was(before, everything())


@in_random_forums
def test_hiding_many_topics_hides_the_replies_that_were_said(steps, chosen, other):
    with RandomForum(steps) as forum:
        topics = list({topic.pk: topic for topic in map(forum.machine.topic, (chosen, other, chosen + 1))}.values())
        standing = [topic for topic in topics if topic.hidden_at is None]
        said, readable = sum(map(consequences.replies_with, standing)), 0
        for topic in standing:
            readable += Post.objects.readable().filter(topic=topic).exclude(pk=topic.opening_post_id).count()
        found = []

        def act():
            found.extend(for_each(topic_acts.hide, forum.machine.moderator, topics, WHY))
            return found

        entries, _ = tried(act)

        if entries:
            assert len(entries) == len(standing)
            assert said == readable
            assert (consequences.replies(said) in wording.summary(entries)) == bool(said)


@in_random_forums
def test_an_author_reads_of_a_hidden_post_what_is_so(steps, chosen, other):
    with RandomForum(steps):
        for post in Post.objects.select_related("topic__subforum", "author"):
            is_gone = Post.objects.hidden_from(post.author).filter(pk=post.pk).exists()
            told = author_notices.of_hidden_post(post.author, post) if is_gone else None
            is_hidden, of_topic = post.hidden_at is not None, post.topic.hidden_at is not None

            assert (told is not None) == ((is_hidden or of_topic) and post.hidden_by_id != post.author_id)
            if told is None:
                continue
            assert told["source"] == post.source
            assert of_topic if "post with it" in told["did"] else is_hidden or of_topic
            assert ("reason" in told) == ("the topic in which you wrote" not in told["did"])


@in_random_forums
def test_an_author_reads_the_reason_that_was_pressed(steps, chosen, other):
    with RandomForum(steps) as forum:
        user, post = forum.machine.moderator, pick(forum.machine.posts_from(chosen, 4), other)
        rules = rules_for(post.topic.subforum)
        presets = presets_for(post.topic.subforum, rules)
        preset, typed = pick([*presets, None], other), pick(["", "In my own words."], chosen)
        sent = {"reason": typed, "preset": preset.value if preset else ""}
        form = WhyForm(sent, rules=rules, presets=presets)
        assert form.is_valid()
        asked = form.must_say_why("hide")

        entry, _ = tried(lambda: post_acts.hide(user, post, form.why))

        assert asked == (not typed and preset is None)
        if entry is not None:
            assert entry.words.reason == (typed or (preset.text if preset else ""))
            assert grounds.is_unexplained(entry) == asked


# --- The words ---


@pytest.mark.django_db
def test_a_warning_says_what_its_points_lead_to(settings):
    settings.WARNINGS_SUSPEND = ((3, 7), (6, 30))
    member = make_user()

    assert consequences.warning_steps(2) == "3 points suspend for 7 days, 6 for 30 days; they have 2"
    assert [words for _, words in warning_points(member, 2)][:2] == [
        "0 points: 2 in all",
        "1 point: suspends for 7 days",
    ]
    settings.WARNINGS_SUSPEND = ()
    assert consequences.warning_steps(2) == "They have 2 points"


@pytest.mark.django_db
def test_points_suspend_nobody_who_is_banned_or_suspended_for_longer(settings):
    settings.WARNINGS_SUSPEND = ((3, 7),)
    now = timezone.now()

    assert consequences.suspended_for(make_user(), 3, now) == 7
    assert consequences.suspended_for(make_user(banned_at=now), 3, now) == 0
    assert consequences.suspended_for(make_user(suspended_until=now + timedelta(days=8)), 3, now) == 0
    assert consequences.suspended_for(make_user(suspended_until=now + timedelta(days=6)), 3, now) == 7


@pytest.mark.django_db
def test_choices_are_those_that_the_moderator_has():
    topic, newcomer = make_topic(), make_user()
    moderator = make_moderator(topic.subforum)
    member = make_member_of(moderator, trust=User.Trust.MEMBER)
    post = make_post(topic=topic, author=newcomer)

    def offered(user, to):
        return [choice.act for choice in choices_for(user, to, place_of(user, to))]

    assert offered(moderator, newcomer) == ["vouch", "warn", "suspend", "ban", "clean"]
    assert offered(moderator, member) == ["warn", "suspend"]
    assert offered(moderator, make_user()) == ["vouch"]
    assert offered(moderator, make_moderator(topic.subforum)) == []
    member_acts.ban(moderator, newcomer, WHY)
    assert offered(moderator, User.objects.get(pk=newcomer.pk)) == ["unban", "warn", "clean"]
    post_acts.hide(moderator, post, WHY)
    assert offered(moderator, User.objects.get(pk=newcomer.pk)) == ["unban", "warn"]


@pytest.mark.django_db
def test_what_cleaning_up_would_hide_costs_the_same_for_any_number_of_members(django_assert_num_queries):
    topic = make_topic()
    moderator = make_moderator(topic.subforum)
    members = [make_post(topic=topic).author_id for _ in range(5)]

    with django_assert_num_queries(4):  # with two for what the moderator moderates, and their groups
        found = consequences.clean_ups(moderator, members)

    assert {one.posts for one in found.values()} == {1}
