"""Sessions are Django's own, read and written by prepared statements."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from pagecache.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    """A session of somebody, and one of somebody else."""
    found = []
    for name in ("rider", "mule"):
        session = SessionStore()
        session["name"] = name
        session.save()
        found.append(session.session_key)
    return found


def test_what_is_saved_is_read_again_by_its_key_alone(stored):
    session, other = SessionStore(stored[0]), SessionStore(stored[1])
    session["name"] = "yak"
    session.set_expiry(timedelta(days=3))

    session.save()

    again = SessionStore(stored[0])
    assert (again["name"], other["name"]) == ("yak", "mule")
    assert Session.objects.count() == 2
    assert timedelta(days=2) < Session.objects.get(pk=stored[0]).expire_date - timezone.now() <= timedelta(days=3)


def test_one_that_has_expired_or_never_was_is_a_new_one_without_a_key(stored):
    Session.objects.filter(pk=stored[0]).update(expire_date=timezone.now() - timedelta(seconds=1))

    for key in (stored[0], "x" * 32):
        session = SessionStore(key)
        assert session.get("name") is None
        assert session.session_key is None


def test_one_that_was_deleted_meanwhile_is_not_written_again(stored):
    session = SessionStore(stored[0])
    assert session["name"] == "rider"
    Session.objects.filter(pk=stored[0]).delete()

    with pytest.raises(UpdateError):
        session.save()

    assert [row.pk for row in Session.objects.all()] == [stored[1]]


def test_a_key_is_made_once(stored):
    with pytest.raises(CreateError):
        SessionStore(stored[0]).save(must_create=True)

    assert SessionStore(stored[0])["name"] == "rider"
