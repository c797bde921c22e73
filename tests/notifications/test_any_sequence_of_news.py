"""Whatever is posted, edited, hidden, moved and read, in whatever order: nobody has news of what they may not read, or
twice of one cause, or of what they did themselves; and the bell says what the page of news shows."""

import os
import re

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.actions import ignore, stop_ignoring
from accounts.models import User
from forum import markup
from forum.actions import answers, edits, posts, reactions, rearrange, subforums, topics, visibility
from forum.actions.posts import withdraw_post
from forum.models import Post, Rearrangement, Topic
from forum.permissions import CannotBeDone, NotAllowed
from notifications.models import Notification, Watch
from notifications.news import counts
from notifications.watches.actions import stop_watching, watch
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic
from tests.notifications.worker import do_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.proof]

CHOICE = st.integers(0, 1_000)
SEQUENCES = int(os.environ.get("SEQUENCES", "16"))  # more: SEQUENCES=200 ./run test --proofs -k sequence_of_news
OF_POSTS = ["reply", "quote", "mention", "topic", "question", "report"]


class News(RuleBasedStateMachine):
    """A forum of two subforums, a moderator and three members, whose worker works now and then."""

    def __init__(self):
        super().__init__()
        self.all_or_nothing = transaction.atomic()
        self.all_or_nothing.__enter__()
        self.clients = {}
        self.staff = make_user(is_staff=True)
        self.members = [make_user(trust=User.Trust.TRUSTED) for _ in range(3)]
        self.subforums = [make_subforum(access="open"), make_subforum(access="members")]
        for number, member in enumerate(self.members[:2]):
            make_topic(author=member, subforum=self.subforums[0], title=f"Question {number}")
        self.work()

    def teardown(self):
        transaction.set_rollback(True)
        self.all_or_nothing.__exit__(None, None, None)

    # --- What members do ---

    @rule(author=CHOICE, place=CHOICE)
    def open_topic(self, author, place):
        number = Topic.objects.count()
        make_topic(author=pick(self.members, author), subforum=pick(self.subforums, place), title=f"Question {number}")

    @rule(author=CHOICE, topic=CHOICE, names=CHOICE, quotes=CHOICE)
    def reply(self, author, topic, names, quotes):
        quoted, named = self.post(quotes), pick([*self.members, None], names)
        source = markup.quote(quoted.author.username, quoted.pk, "So.") if quotes % 2 else ""
        source += f"@{named.username}, at the gate." if named else "At the gate."
        self.attempt(lambda: posts.reply(pick(self.members, author), self.topic(topic), source=source))

    @rule(post=CHOICE, names=CHOICE)
    def edit(self, post, names):
        post, named = self.post(post), pick(self.members, names)
        source = f"@{named.username} knows, said {post.edits_count}."
        self.attempt(lambda: edits.edit_post(post.author, post, source=source, based_on=post.edits_count))

    @rule(post=CHOICE, member=CHOICE, kind=st.sampled_from(["helpful", "still_true", "outdated"]))
    def react(self, post, member, kind):
        self.attempt(lambda: reactions.react(pick(self.members, member), self.post(post), kind))

    @rule(post=CHOICE, member=CHOICE, kind=st.sampled_from(["helpful", "still_true", "outdated"]))
    def withdraw_reaction(self, post, member, kind):
        self.attempt(lambda: reactions.withdraw_reaction(pick(self.members, member), self.post(post), kind))

    @rule(post=CHOICE)
    def accept(self, post):
        self.attempt(lambda: answers.accept_answer(self.staff, self.post(post)))

    @rule(post=CHOICE)
    def withdraw_answer(self, post):
        self.attempt(lambda: answers.withdraw_answer(self.staff, self.post(post)))

    @rule(post=CHOICE)
    def withdraw(self, post):
        self.attempt(lambda: withdraw_post(self.post(post).author, self.post(post)))

    @rule(member=CHOICE, topic=CHOICE, place=CHOICE, level=st.sampled_from(["watching", "mentions", "muted"]))
    def watch(self, member, topic, place, level):
        target = self.topic(topic) if place % 2 else pick(self.subforums, place)
        watch(pick(self.members, member), target, level=Watch.Level(level))

    @rule(member=CHOICE, topic=CHOICE)
    def stop_watching(self, member, topic):
        stop_watching(pick(self.members, member), self.topic(topic))

    @rule(member=CHOICE, other=CHOICE)
    def ignore(self, member, other):
        user, other = pick(self.members, member), pick(self.members, other)
        if user != other:
            ignore(user, other)

    @rule(member=CHOICE, other=CHOICE)
    def stop_ignoring(self, member, other):
        stop_ignoring(pick(self.members, member), pick(self.members, other))

    @rule(member=CHOICE, topic=CHOICE)
    def read(self, member, topic):
        self.client_of(pick(self.members, member)).get(self.topic(topic).get_absolute_url())

    @rule(member=CHOICE)
    def open_all_news(self, member):
        client = self.client_of(pick(self.members, member))
        for path in re.findall(r"/notifications/[0-9]+/", client.get("/notifications/").text):
            assert client.get(path, follow=True).status_code in {200, 404}

    @rule(member=CHOICE)
    def mark_all_read(self, member):
        newest = Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.client_of(pick(self.members, member)).post("/notifications/read/", {"until": newest})

    # --- What moderators and the worker do ---

    @rule()
    def work(self):
        do_tasks()

    @rule(post=CHOICE)
    def hide_post(self, post):
        self.attempt(lambda: visibility.hide_post(self.staff, self.post(post)))

    @rule(post=CHOICE)
    def restore_post(self, post):
        self.attempt(lambda: visibility.restore_post(self.staff, self.post(post)))

    @rule(post=CHOICE)
    def hold(self, post):
        self.attempt(lambda: visibility.hold_post(None, self.post(post)))

    @rule(post=CHOICE)
    def approve(self, post):
        self.attempt(lambda: visibility.approve_post(self.staff, self.post(post)))

    @rule(topic=CHOICE)
    def hide_topic(self, topic):
        self.attempt(lambda: visibility.hide_topic(self.staff, self.topic(topic)))

    @rule(topic=CHOICE)
    def restore_topic(self, topic):
        self.attempt(lambda: visibility.restore_topic(self.staff, self.topic(topic)))

    @rule(topic=CHOICE, place=CHOICE)
    def move_topic(self, topic, place):
        self.attempt(lambda: topics.move_topic(self.staff, self.topic(topic), pick(self.subforums, place)))

    @rule(place=CHOICE, access=st.sampled_from(["open", "members", "staff"]))
    def change_access(self, place, access):
        place = pick(self.subforums, place)
        subforums.change_access(place, access)
        place.refresh_from_db()

    @rule(topic=CHOICE, other=CHOICE)
    def merge(self, topic, other):
        self.attempt(lambda: rearrange.merge_topics(self.staff, self.topic(topic), self.topic(other)))

    @rule(post=CHOICE)
    def split(self, post):
        self.attempt(lambda: rearrange.split_posts(self.staff, [self.post(post)], title="Another question"))

    @rule(made=CHOICE)
    def undo(self, made):
        if standing := list(Rearrangement.objects.filter(undone_at=None).order_by("-pk")):
            self.attempt(lambda: rearrange.undo_rearrangement(self.staff, pick(standing, made)))

    # --- What always holds ---

    @invariant()
    def news_is_what_may_be_read_and_the_bell_says_how_much(self):
        do_tasks("count_news")
        for member in self.members:
            page = self.client_of(member).get("/notifications/").text
            shown = {int(pk) for pk in re.findall(r"/notifications/([0-9]+)/", page)}
            of_posts = Post.objects.filter(pk__in=Notification.objects.filter(pk__in=shown).values("post"))
            readable = of_posts.visible_to(member).readable().filter(topic__hidden_at=None, topic__held_at=None)
            assert set(of_posts) == set(readable)
            assert [title for title in unreadable_titles(member) if f"“{title}”" in page] == []
            bell = re.search(r"News, (\d+) not read", page)
            assert int(bell[1] if bell else 0) == page.count('<li class="new')

    @invariant()
    def no_cause_is_told_twice_and_none_to_who_caused_it(self):
        told = Notification.objects.filter(kind__in=OF_POSTS).values_list("user", "post")
        assert len(told) == len(set(told))
        assert not [row for row in Notification.objects.all() if row.actor_id == row.user_id]

    # --- How these are said ---

    def attempt(self, act):
        """What makes no sense is refused, and then nothing of it is done."""
        try:
            with transaction.atomic():
                return act()
        except (NotAllowed, CannotBeDone):
            return None

    def client_of(self, member):
        if member.pk not in self.clients:
            self.clients[member.pk] = Client()
            self.clients[member.pk].force_login(member)
        return self.clients[member.pk]

    def topic(self, number):
        return pick(list(Topic.objects.order_by("pk").select_related("subforum")), number)

    def post(self, number):
        return pick(list(Post.objects.order_by("pk").select_related("topic__subforum", "author")), number)


def unreadable_titles(member):
    readable = Topic.objects.visible_to(member).readable().values_list("title", flat=True)
    return set(Topic.objects.values_list("title", flat=True)) - set(readable)


def pick(things, number):
    return things[number % len(things)]


def run(sequences, phases=tuple(Phase)):
    run_state_machine_as_test(
        News,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
            phases=phases,
        ),
    )


def test_any_sequence_of_news_shows_only_what_may_be_read_and_counts_it(db):
    run(SEQUENCES)


def test_control_a_count_that_nothing_ends_is_found_out(db, monkeypatch):
    monkeypatch.setattr(counts, "_version", lambda user: 0)

    with pytest.raises(AssertionError):
        run(50, [Phase.generate])
