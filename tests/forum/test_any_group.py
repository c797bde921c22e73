"""Property test: in any groups, with anybody added and removed, nobody else finds what chosen members write."""

from itertools import count

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import add_to_group, remove_from_group
from accounts.models import User
from forum.actions import subforums
from forum.counters.recount import recount
from forum.models import Post, Subforum, Topic
from forum.models.subforum import readers_of
from notifications.models import Notification, Watch
from notifications.news import post_news
from notifications.watches.watchers import watchers_of_new_topic
from pagecache.store import clear_all
from tests.chance import examples
from tests.factories import make_user
from tests.forum.factories import make_group, make_subforum, make_topic, now

pytestmark = pytest.mark.django_db
PEOPLE, GROUPS = 3, 2
# Examples share the database, so that each has titles of its own.
_numbers = count(1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, GROUPS - 1), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("remove"), st.integers(0, GROUPS - 1), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("open to"), st.integers(0, GROUPS - 1), st.sampled_from(["chosen", "members", "staff"])),
    ),
    max_size=6,
)
LISTS = [
    "/",
    "/unanswered/",
    "/latest/",
    "/latest/posts/",
    "/search/?q=zither",
    "/unread/",
    "/notifications/",
    "/watches/",
    "/log/",
]


class World:
    def __init__(self):
        clear_all()
        self.admin = make_user(is_staff=True)
        self.people = [make_user() for _ in range(PEOPLE)]
        self.groups = [make_group() for _ in range(GROUPS)]
        self.places = [make_subforum(access="chosen", group=group) for group in self.groups]
        # Whom the rules let read each place, kept beside the tables.
        self.members: list[set[int]] = [set() for _ in range(GROUPS)]
        self.access = [("chosen", place) for place in range(GROUPS)]
        for place in self.places:
            for person in self.people:
                Watch.objects.create(user=person, subforum=place, watched_at=now())

    def take(self, step: str, which: int, what: int | str) -> None:
        if step == "add":
            add_to_group(self.admin, self.groups[which], [self.people[what]])
            self.members[which].add(what)
        elif step == "remove":
            remove_from_group(self.admin, self.groups[which], self.people[what].pk)
            self.members[which].discard(what)
        else:
            group = 1 - which  # the other group
            subforums.change_access(self.places[which], what, self.groups[group] if what == "chosen" else None)
            self.access[which] = (what, group)

    def may_read(self, which: int, person: int) -> bool:
        access, group = self.access[which]
        return access == "members" or (access == "chosen" and person in self.members[group])


@settings(max_examples=examples(8), suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_nobody_else_finds_what_chosen_members_write(steps):
    world, client = World(), Client()
    topics = [
        make_topic(subforum=place, author=world.admin, title=f"The zither number {next(_numbers)} tonight")
        for place in world.places
    ]
    for step in steps:
        world.take(*step)
    for topic in topics:
        post_news.tell_of_post(topic.opening_post_id)

    for person, member in enumerate(world.people):
        member = User.objects.get(pk=member.pk)
        client.force_login(member)
        pages = "".join(client.get(path).text for path in LISTS)
        for which, topic in enumerate(topics):
            said = topic.title
            may_read = world.may_read(which, person)
            assert (client.get(topic.get_absolute_url()).status_code == 200) == may_read
            assert (said in pages) == may_read
            assert Subforum.objects.visible_to(member).filter(pk=topic.subforum_id).exists() == may_read
            assert Post.objects.visible_to(member).filter(topic=topic).exists() == may_read
            place = Subforum.objects.get(pk=topic.subforum_id)
            assert User.objects.filter(readers_of(place), pk=member.pk).exists() == may_read
            assert (
                member.pk in watchers_of_new_topic(Topic.objects.select_related("subforum").get(pk=topic.pk))
            ) == may_read
            assert Notification.objects.readable_by(member).filter(topic=topic).exists() == may_read
    client.logout()
    pages = "".join(client.get(path).text for path in LISTS)
    assert not [topic.title for topic in topics if topic.title in pages]
    assert recount(mend=False) == []
