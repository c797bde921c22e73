"""A Reader is a value: what two readers share is equal, and nothing of one member is in it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from accounts.readers import VISITOR, as_reader, badges_of, moderated_ids, reader_of
from forum.models import Subforum, Topic
from forum.models.subforum import readers_of
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db
LOST = [
    {"suspended_until": timezone.now() + timedelta(days=1)},
    {"banned_at": timezone.now()},
    {"is_active": False},
    {"email_confirmed_at": None},
]


def test_visitors_are_one_reader(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert as_reader(AnonymousUser()) == reader_of(request) == VISITOR == VISITOR.shared()
    assert (VISITOR.is_authenticated, VISITOR.is_moderator, VISITOR.can_write) == (False, False, False)


def test_the_reader_of_a_request_is_made_once(rf):
    request = rf.get("/")
    request.user = make_user()

    assert reader_of(request) is reader_of(request)
    assert reader_of(request).pk == request.user.pk


def test_members_who_may_read_the_same_share_a_value():
    one, other = as_reader(make_user()), as_reader(make_user())

    assert one != other
    assert one.shared(7) == other.shared(7)
    assert hash(one.shared(7)) == hash(other.shared(7))


@pytest.mark.parametrize("differ", ["visitor", "moderator", "of another", "staff"])
def test_who_may_read_more_or_less_shares_nothing(differ):
    member, moderator, of_another, staff = make_user(), make_user(), make_user(), make_user(is_staff=True)
    for user in (moderator, of_another):
        make_subforum().moderators.add(user)
    others = {"visitor": AnonymousUser(), "moderator": moderator, "of another": of_another, "staff": staff}
    than = member if differ != "of another" else moderator

    assert as_reader(others[differ]).shared() != as_reader(than).shared()


def test_moderators_of_the_same_subforums_share_in_any_order():
    subforums, users = [make_subforum(), make_subforum()], [make_user(), make_user()]
    for user, places in zip(users, (subforums, subforums[::-1]), strict=True):
        for subforum in places:
            subforum.moderators.add(user)
    users[1].moderates_ids = [subforum.pk for subforum in subforums[::-1]]

    assert as_reader(users[0]).shared() == as_reader(users[1]).shared()


@pytest.mark.parametrize("role", ["visitor", "member", "moderator", "staff"])
def test_a_user_and_its_reader_may_read_the_same(role):
    author, hidden, moderator = make_user(), make_topic(hidden_at=timezone.now()), make_user()
    hidden.subforum.moderators.add(moderator)
    make_topic(author=author, held_at=timezone.now())
    for access in Subforum.Access.values:
        make_topic(subforum=make_subforum(access=access), author=make_user(is_staff=True))
    roles = {"visitor": AnonymousUser(), "member": author, "moderator": moderator, "staff": make_user(is_staff=True)}
    user = roles[role]

    for objects in (Topic.objects, Subforum.objects):
        assert set(objects.visible_to(user)) == set(objects.visible_to(as_reader(user)))
    assert Topic.objects.visible_to(user).count() == {"visitor": 2, "member": 4, "moderator": 4, "staff": 7}[role]


def test_a_suspended_member_may_not_write():
    assert as_reader(make_user()).can_write
    assert not as_reader(make_user(suspended_until=timezone.now() + timedelta(days=1))).can_write


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("is_staff", [False, True])
def test_the_rights_of_moderators_and_administrators_end_with_their_standing(is_staff, lost):
    user, hidden = make_user(is_staff=is_staff, **lost), make_topic(hidden_at=timezone.now())
    staff = make_subforum(access=Subforum.Access.STAFF)
    user.moderated_subforums.add(hidden.subforum, staff)

    reader = as_reader(user)

    assert (reader.is_moderator, reader.is_staff, reader.moderates_ids) == (False, False, ())
    assert not Topic.objects.visible_to(user).exists()
    assert staff not in Subforum.objects.visible_to(user)
    assert not Subforum.objects.moderated_by(user).exists()
    assert moderated_ids(user)  # their rank stays: members below it do not judge them


def test_rights_come_back_when_a_suspension_is_over():
    user, hidden = (
        make_user(suspended_until=timezone.now() - timedelta(seconds=1)),
        make_topic(hidden_at=timezone.now()),
    )
    user.moderated_subforums.add(hidden.subforum)

    assert Topic.objects.visible_to(user).get() == hidden
    assert Subforum.objects.moderated_by(user).get() == hidden.subforum


def test_badges_are_loaded_once_for_a_user_and_come_along_with_its_reader(django_assert_num_queries):
    user = make_user()

    with django_assert_num_queries(1):
        assert badges_of(user) == badges_of(user) == ((), ())
    reader = as_reader(user)
    with django_assert_num_queries(0):
        assert badges_of(reader) == ((), ())


def test_badges_that_did_not_come_along_are_loaded(django_assert_num_queries):
    reader = as_reader(make_user())

    with django_assert_num_queries(1):
        assert badges_of(reader) == ((), ())


@pytest.mark.parametrize("lost", [{}, *LOST])
def test_who_reads_a_subforum_of_the_staff_is_the_same_to_the_database(lost):
    staff = make_subforum(access=Subforum.Access.STAFF)
    admin, moderator, member = make_user(is_staff=True, **lost), make_user(**lost), make_user()
    staff.moderators.add(moderator)

    readers = set(User.objects.filter(readers_of(staff)))

    assert readers == {user for user in (admin, moderator, member) if staff in Subforum.objects.visible_to(user)}
    assert readers == (set() if lost else {admin, moderator})
