"""A member ignores another: for themselves alone, and nobody else learns of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.utils import timezone

from accounts.actions import MOST_IGNORED, CannotIgnore, ignore, stop_ignoring
from accounts.models import Ignored
from accounts.readers import as_reader, ignored_ids
from forum.authentication import MemberBackend
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_ignoring_twice_is_ignoring_once():
    user, member = make_user(), make_user()

    for _ in range(2):
        ignore(user, member)

    assert ignored_ids(user) == (member.pk,)
    assert ignored_ids(member) == ()
    assert Ignored.objects.ignoring_ids(member.pk) == {user.pk}


def test_reading_again_what_was_never_ignored_changes_nothing():
    user, member, other = make_user(), make_user(), make_user()
    ignore(user, other)

    for _ in range(2):
        stop_ignoring(user, member)

    assert ignored_ids(user) == (other.pk,)


def test_administrators_and_oneself_cannot_be_ignored():
    user = make_user()

    for member in (user, make_user(is_staff=True)):
        with pytest.raises(CannotIgnore):
            ignore(user, member)

    with pytest.raises(IntegrityError):
        Ignored.objects.create(user=user, member=user, ignored_at=timezone.now())


def test_nobody_ignores_more_than_a_page_can_carry(monkeypatch):
    monkeypatch.setattr("accounts.actions.MOST_IGNORED", 2)
    user, members = make_user(), [make_user() for _ in range(3)]
    for member in members[:2]:
        ignore(user, member)

    ignore(user, members[0])  # again
    with pytest.raises(CannotIgnore, match="2 members already"):
        ignore(user, members[2])

    assert MOST_IGNORED == 200
    assert len(ignored_ids(user)) == 2


def test_visitors_ignore_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ignored_ids(AnonymousUser()) == ignored_ids(as_reader(AnonymousUser())) == ()


def test_the_ignored_come_along_with_the_user_of_a_session(django_assert_num_queries):
    user, members = make_user(), [make_user(), make_user()]
    for member in members[::-1]:
        ignore(user, member)
    found = MemberBackend().get_user(user.pk)

    with django_assert_num_queries(0):
        assert ignored_ids(found) == ignored_ids(as_reader(found)) == tuple(member.pk for member in members)


def test_readers_who_may_read_the_same_share_whatever_they_ignore():
    one, other = make_user(), make_user()
    ignore(one, other)

    assert as_reader(one).shared(7) == as_reader(other).shared(7)
