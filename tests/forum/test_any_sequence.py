"""Whatever members and moderators do, in whatever order: numbers stay dense, counters exact, old addresses answer."""

import os

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from forum import actions
from forum.actions import reactions, rearrange, topics, visibility
from forum.actions.answers import accept_answer
from forum.counters.recount import recount
from forum.models import Post, Rearrangement, Topic
from forum.permissions import CannotBeDone, NotAllowed
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.proof]

CHOICE = st.integers(0, 1_000)
SEQUENCES = int(os.environ.get("SEQUENCES", "16"))  # more: SEQUENCES=200 ./run test --proofs -k any_sequence
MANY = 21  # one more than a page has


class Forum(RuleBasedStateMachine):
    """Three subforums of different access, a moderator of all, two members; and what they may come to do."""

    def __init__(self):
        super().__init__()
        self.all_or_nothing = transaction.atomic()
        self.all_or_nothing.__enter__()
        self.moderator = make_user(is_staff=True)
        self.members = [make_user(), make_user()]
        self.subforums = [make_subforum(access=access) for access in ("open", "members", "open")]
        self.addresses = set()
        for _ in range(2):
            self.open_topic(0, 0)

    def teardown(self):
        transaction.set_rollback(True)
        self.all_or_nothing.__exit__(None, None, None)

    # --- What members do ---

    @rule(author=CHOICE, place=CHOICE)
    def open_topic(self, author, place):
        topic = make_topic(author=pick(self.members, author), subforum=pick(self.subforums, place))
        self.note(topic)

    @rule(author=CHOICE, topic=CHOICE)
    def reply(self, author, topic):
        self.attempt(lambda: actions.posts.reply(pick(self.members, author), self.topic(topic), source="At the gate."))

    @rule(topic=CHOICE)
    def reply_often(self, topic):
        for _ in range(MANY):
            self.reply(0, topic)

    @rule(post=CHOICE, member=CHOICE)
    def thank(self, post, member):
        self.attempt(lambda: reactions.react(pick(self.members, member), self.post(post), "helpful"))

    @rule(post=CHOICE)
    def withdraw(self, post):
        self.attempt(lambda: actions.posts.withdraw_post(self.post(post).author, self.post(post)))

    # --- What moderators do ---

    @rule(post=CHOICE)
    def hide_post(self, post):
        self.attempt(lambda: visibility.hide_post(self.moderator, self.post(post)))

    @rule(post=CHOICE)
    def restore_post(self, post):
        self.attempt(lambda: visibility.restore_post(self.moderator, self.post(post)))

    @rule(post=CHOICE)
    def hold(self, post):
        self.attempt(lambda: visibility.hold_post(None, self.post(post)))

    @rule(post=CHOICE)
    def approve(self, post):
        self.attempt(lambda: visibility.approve_post(self.moderator, self.post(post)))

    @rule(post=CHOICE)
    def accept(self, post):
        self.attempt(lambda: accept_answer(self.moderator, self.post(post)))

    @rule(topic=CHOICE)
    def hide_topic(self, topic):
        self.attempt(lambda: visibility.hide_topic(self.moderator, self.topic(topic)))

    @rule(topic=CHOICE)
    def restore_topic(self, topic):
        self.attempt(lambda: visibility.restore_topic(self.moderator, self.topic(topic)))

    @rule(topic=CHOICE, place=CHOICE)
    def move_topic(self, topic, place):
        self.attempt(lambda: topics.move_topic(self.moderator, self.topic(topic), pick(self.subforums, place)))

    @rule(topic=CHOICE, other=CHOICE)
    def mark_duplicate(self, topic, other):
        self.attempt(lambda: topics.mark_duplicate(self.moderator, self.topic(topic), self.topic(other)))

    @rule(topic=CHOICE, other=CHOICE)
    def merge(self, topic, other):
        self.attempt(lambda: rearrange.merge_topics(self.moderator, self.topic(topic), self.topic(other)))

    @rule(post=CHOICE, count=st.integers(1, 30))
    def split(self, post, count):
        posts = self.posts_from(post, count)
        made = self.attempt(lambda: rearrange.split_posts(self.moderator, posts, title="Another question"))
        if made:
            self.note(made.target)

    @rule(post=CHOICE, count=st.integers(1, 30), other=CHOICE)
    def move_posts(self, post, count, other):
        posts = self.posts_from(post, count)
        self.attempt(lambda: rearrange.move_posts(self.moderator, posts, self.topic(other)))

    @precondition(lambda self: Rearrangement.objects.filter(undone_at=None).exists())
    @rule(made=CHOICE)
    def undo(self, made):
        standing = list(Rearrangement.objects.filter(undone_at=None).order_by("-pk"))
        self.attempt(lambda: rearrange.undo_rearrangement(self.moderator, pick(standing, made)))

    # --- What always holds ---

    @invariant()
    def counters_are_exact(self):
        assert recount(mend=False) == []

    @invariant()
    def numbers_are_dense(self):
        for topic in Topic.objects.all():
            numbers = list(topic.posts.order_by("number").values_list("number", flat=True))
            assert numbers == list(range(1, topic.last_number + 1))

    @invariant()
    def every_post_says_where_it_stands(self):
        headings = Post.objects.values_list("heading", "topic__title")
        assert all(heading == title for heading, title in headings)

    @invariant()
    def old_addresses_answer(self):
        for topic in Topic.objects.filter(merged_into=None):
            self.note(topic)
        client = Client()
        client.force_login(self.moderator)
        answers = {address: client.get(address, follow=True).status_code for address in sorted(self.addresses)}
        assert {address: code for address, code in answers.items() if code != 200} == {}

    # --- How these are said ---

    def attempt(self, act):
        """What makes no sense is refused, and then nothing of it is done."""
        try:
            with transaction.atomic():
                return act()
        except (NotAllowed, CannotBeDone):
            return None

    def note(self, topic):
        topic = Topic.objects.get(pk=topic.pk)
        self.addresses |= {topic.url_of_page(page) for page in range(1, topic.last_page() + 1)}
        self.addresses |= {f"/topics/{topic.pk}/"}

    def topic(self, number):
        return pick(list(Topic.objects.order_by("pk").select_related("subforum")), number)

    def post(self, number):
        return pick(list(Post.objects.order_by("pk").select_related("topic__subforum", "author")), number)

    def posts_from(self, number, count):
        first = self.post(number)
        return list(
            first.topic.posts.filter(number__gte=first.number).order_by("number").select_related("topic")[:count]
        )


def pick(things, number):
    return things[number % len(things)]


def test_any_sequence_keeps_numbers_counters_and_addresses(db):
    run_state_machine_as_test(
        Forum,
        settings=settings(max_examples=SEQUENCES, stateful_step_count=15, suppress_health_check=list(HealthCheck)),
    )
