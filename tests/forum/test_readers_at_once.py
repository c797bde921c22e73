"""One member on two devices, or with a trembling finger. Every race has a control that must fail."""

import threading

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.actions import CannotIgnore, ignore
from accounts.models import Ignored
from forum.bookmarks.actions import bookmark, edit_bookmark, remove_bookmark
from forum.models import Bookmark
from notifications.bookmark_reminders import remind_all
from notifications.models import Notification
from tests.factories import make_user
from tests.forum.factories import make_post
from tests.forum.test_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TIMES = 8


def test_many_clicks_at_once_are_one_bookmark():
    user, post = make_user(), make_post()

    failures = at_once(*[lambda: bookmark(user, post)] * TIMES)

    assert failures == []
    assert Bookmark.objects.get().post == post


def test_control_bookmarks_that_are_looked_for_and_made_collide():
    user, post, all_have_looked = make_user(), make_post(), threading.Barrier(TIMES)

    def careless():
        is_there = Bookmark.objects.filter(user=user, post=post).exists()
        all_have_looked.wait()
        if not is_there:
            Bookmark.objects.create(user=user, post=post, bookmarked_at=timezone.now())

    failures = at_once(*[careless] * TIMES)

    assert [type(error) for error in failures] == [IntegrityError] * (TIMES - 1)


def test_a_bookmark_changed_and_removed_at_once_is_one_or_the_other():
    user, post = make_user(), make_post()
    bookmark(user, post)

    def change():
        edit_bookmark(user, post, note="Now", remind_on=None)

    failures = at_once(*[change, lambda: remove_bookmark(user, post.pk)] * TIMES)

    assert failures == []
    assert set(Bookmark.objects.values_list("note", flat=True)) <= {"Now", ""}


def test_two_clocks_at_once_remind_once():
    user, post = make_user(), make_post()
    edit_bookmark(user, post, note="", remind_on=timezone.now().date())

    failures = at_once(*[remind_all] * TIMES)

    assert failures == []
    assert Notification.objects.filter(kind=Notification.Kind.REMINDER).count() == 1


def test_nobody_passes_the_limit_of_ignored_members_on_two_devices(monkeypatch):
    monkeypatch.setattr("accounts.actions.MOST_IGNORED", 3)
    user, members = make_user(), [make_user() for _ in range(TIMES)]

    failures = at_once(*[lambda member=member: ignore(user, member) for member in members])

    assert [type(error) for error in failures] == [CannotIgnore] * (TIMES - 3)
    assert Ignored.objects.count() == 3


def test_control_members_who_are_counted_and_then_ignored_pass_it():
    user, members, all_have_counted = make_user(), [make_user() for _ in range(TIMES)], threading.Barrier(TIMES)

    def careless(member):
        count = Ignored.objects.filter(user=user).count()
        all_have_counted.wait()
        if count < 3:
            Ignored.objects.create(user=user, member=member, ignored_at=timezone.now())

    failures = at_once(*[lambda member=member: careless(member) for member in members])

    assert failures == []
    assert Ignored.objects.count() == TIMES
