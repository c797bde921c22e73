"""Subforums that only the members of a group, their moderators and administrators read."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions
from accounts.models import GroupMembership, MemberGroup, User
from accounts.readers import as_reader
from forum.actions import subforums
from forum.counters.recount import recount
from forum.models import Subforum, Topic
from forum.models.subforum import readers_of
from forum.permissions import can_open_topic
from tests.factories import make_user
from tests.forum.factories import make_group, make_post, make_subforum, make_topic
from tests.forum.test_staff_pages import subforum_fields

pytestmark = pytest.mark.django_db
LOST = [
    {"suspended_until": timezone.now() + timedelta(days=1)},
    {"banned_at": timezone.now()},
    {"email_confirmed_at": None},
]


@pytest.fixture
def administrator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


def closed_topic(*members):
    """A topic in a subforum of chosen members, who are these."""
    closed = make_subforum(access="chosen", group=make_group(*members))
    return make_topic(subforum=closed, author=make_user(is_staff=True), title="The meeting in Osh")


def test_a_member_of_the_group_reads_and_writes_there(client):
    member = make_user()
    topic = closed_topic(member)
    client.force_login(member)

    page = client.get(topic.get_absolute_url())
    client.post(f"/topics/{topic.pk}/reply/", {"source": "I will come."})

    assert page.status_code == 200
    assert topic.posts.filter(author=member).count() == 1
    assert topic.subforum.name in client.get("/").text


def test_others_find_neither_the_subforum_nor_its_topics(client):
    topic = closed_topic(make_user())
    client.force_login(make_user())

    paths = [topic.get_absolute_url(), topic.subforum.get_absolute_url(), f"/forums/{topic.subforum.slug}/new/"]
    answers = [client.get(path).status_code for path in paths]
    reply = client.post(f"/topics/{topic.pk}/reply/", {"source": "Let me in."})

    assert [*answers, reply.status_code] == [404, 404, 404, 404]
    assert topic.subforum.name not in client.get("/").text


def test_a_moderator_of_the_subforum_reads_it_without_being_in_the_group(client):
    topic, moderator = closed_topic(), make_user()
    topic.subforum.moderators.add(moderator)
    client.force_login(moderator)

    assert client.get(topic.get_absolute_url()).status_code == 200


def test_a_member_who_is_removed_reads_nothing_from_the_next_request_on(client):
    member = make_user()
    topic = closed_topic(member)
    client.force_login(member)
    before = client.get(topic.get_absolute_url()).status_code

    actions.remove_from_group(make_user(is_staff=True), topic.subforum.group, member.pk)

    assert (before, client.get(topic.get_absolute_url()).status_code) == (200, 404)


@pytest.mark.parametrize("lost", LOST)
def test_membership_ends_with_standing(lost):
    member = make_user(**lost)
    topic = closed_topic(member)

    assert as_reader(member).groups_ids == ()
    assert not Topic.objects.visible_to(member).exists()
    assert not User.objects.filter(readers_of(topic.subforum), pk=member.pk).exists()


def test_members_of_one_group_share_a_reader_and_those_of_another_do_not():
    one, other, outside = make_user(), make_user(), make_user()
    make_group(one, other)
    make_group(outside)

    assert as_reader(one).shared() == as_reader(other).shared()
    assert as_reader(one).shared() != as_reader(outside).shared() != as_reader(make_user()).shared()


def test_who_reads_is_the_same_to_python_and_to_the_database():
    member, moderator, admin, other = make_user(), make_user(), make_user(is_staff=True), make_user()
    topic = closed_topic(member)
    topic.subforum.moderators.add(moderator)
    make_group(other)

    may_read = User.objects.filter(readers_of(topic.subforum), pk__in=[member.pk, moderator.pk, admin.pk, other.pk])

    assert set(may_read) == {member, moderator, admin}
    assert set(may_read) == {u for u in may_read if topic in Topic.objects.visible_to(u)}
    assert not can_open_topic(other, topic.subforum)


def test_the_database_refuses_chosen_members_without_a_group_and_a_group_without_that_access():
    group = make_group()

    for fields in ({"access": "chosen", "group": None}, {"access": "open", "group": group}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Subforum.objects.filter(pk=make_subforum().pk).update(**fields)


def test_closing_a_subforum_keeps_counters_exact_and_ends_what_visitors_kept(client):
    make_post()  # elsewhere, where nothing is closed
    post = make_post()
    subforum, page = post.topic.subforum, post.topic.get_absolute_url()
    before = client.get(page).status_code

    subforums.change_access(subforum, "chosen", make_group())

    post.author.refresh_from_db()
    assert (before, client.get(page).status_code, post.author.posts_count) == (200, 404, 0)
    assert recount(mend=False) == []


def test_an_administrator_chooses_the_group_of_a_subforum_on_the_staff_page(client, administrator):
    group = make_group()

    refused = client.post("/staff/subforums/new/", subforum_fields(access="chosen"))
    client.post("/staff/subforums/new/", subforum_fields(access="chosen", group=group.pk))
    made = Subforum.objects.get(slug="visas")
    client.post("/staff/subforums/visas/", subforum_fields(access="members", group=group.pk))

    assert (refused.status_code, "Choose the group" in refused.text) == (400, True)
    assert (made.access, made.group) == ("chosen", group)
    made.refresh_from_db()
    assert (made.access, made.group) == ("members", None)


def test_an_administrator_makes_a_group_and_adds_members_by_name(client, administrator):
    kettle = make_user(username="kettle")
    client.post("/staff/groups/new/", {"name": "Hosts"})
    group = MemberGroup.objects.get(name="Hosts")

    for _ in range(2):
        client.post(f"/staff/groups/{group.pk}/", {"members": "Kettle\n"})
    page = client.get(f"/staff/groups/{group.pk}/").text

    membership = GroupMembership.objects.get()
    assert (membership.member, membership.added_by, membership.removed_at) == (kettle, administrator, None)
    assert "kettle" in page
    assert "1 member" in client.get("/staff/groups/").text


def test_an_unknown_name_is_said_and_nobody_is_added(client, administrator):
    group = make_group()
    make_user(username="kettle")

    answer = client.post(f"/staff/groups/{group.pk}/", {"members": "kettle\nnobody_here"})

    assert (answer.status_code, "No member has this name: nobody_here" in answer.text) == (400, True)
    assert not GroupMembership.objects.exists()


def test_who_was_removed_can_be_added_again_from_the_history(client, administrator):
    member, other = make_user(username="kettle"), make_user()
    group = make_group(member, other)

    for _ in range(2):
        client.post(f"/staff/groups/{group.pk}/members/{member.pk}/remove/")
    history = client.get(f"/staff/groups/{group.pk}/").text
    for _ in range(2):
        client.post(f"/staff/groups/{group.pk}/members/{member.pk}/add/")

    assert "Removed before" in history
    assert (GroupMembership.objects.count(), GroupMembership.objects.standing().count()) == (3, 2)
    former = GroupMembership.objects.get(removed_at__isnull=False)
    assert (former.member, former.removed_by) == (member, administrator)


def test_a_group_that_opens_a_subforum_is_not_removed(client, administrator):
    used, unused = make_subforum(access="chosen").group, make_group()

    refused = client.post(f"/staff/groups/{used.pk}/remove/", follow=True)
    client.post(f"/staff/groups/{unused.pk}/remove/")

    assert "Give them another access first" in refused.text
    assert list(MemberGroup.objects.all()) == [used]


def test_a_name_that_a_group_has_already_is_refused(client, administrator):
    group = make_group()

    answer = client.post("/staff/groups/new/", {"name": group.name})

    assert (answer.status_code, "There is a group of this name already" in answer.text) == (400, True)


def test_the_pages_of_groups_ask_no_more_for_more_members(client, administrator):
    group = make_group(make_user(), make_user())
    client.get("/staff/groups/")

    before = queries_of_pages(client, group)
    actions.add_to_group(administrator, group, [make_user() for _ in range(5)])
    make_group(make_user())

    assert queries_of_pages(client, group) == before


def queries_of_pages(client, group):
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/staff/groups/{group.pk}/")
        client.get("/staff/groups/")
    return len(asked)
