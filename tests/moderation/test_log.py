"""The log is append-only in the database, whoever asks."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from config.settings import _urls
from moderation.models import EntryWords, ModerationEntry, Verb
from tests.factories import make_user

CHANGES = [
    "UPDATE moderation_moderationentry SET verb = 'pin'",
    "DELETE FROM moderation_moderationentry",
    "TRUNCATE moderation_moderationentry CASCADE",
]


def make_entry(**fields) -> ModerationEntry:
    return ModerationEntry.objects.create(verb=Verb.LOCK, at=timezone.now(), **fields)


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_even_the_owner_cannot_change_it(change):
    make_entry(by=make_user())

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL borderpost.empties_itself = off")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute(change)

    assert ModerationEntry.objects.get().verb == Verb.LOCK


@pytest.fixture
def app_role():
    """A connection as the application's role to the database of this test, which runs as the owner."""
    with psycopg.connect(_urls["app"], dbname=connection.settings_dict["NAME"], autocommit=True) as app:
        yield app


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [*CHANGES, "DROP TRIGGER log_is_append_only ON moderation_moderationentry"])
def test_the_application_has_no_right_to_change_it(app_role, change):
    app_role.execute("SET borderpost.empties_itself = on")
    app_role.execute("INSERT INTO moderation_moderationentry (verb, at, is_forum_rule) VALUES ('lock', now(), false)")

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"permission denied|must be owner"):
        app_role.execute(change)

    assert app_role.execute("SELECT verb FROM moderation_moderationentry").fetchall() == [("lock",)]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_the_application_may_erase_the_words_beside_it(app_role):
    words = EntryWords.objects.create(entry=make_entry(), reason="Of somebody's passport.")

    app_role.execute("UPDATE moderation_entrywords SET reason = '' WHERE id = %s", [words.pk])

    words.refresh_from_db()
    assert words.reason == ""


@pytest.mark.django_db
def test_an_entry_outlives_what_it_names():
    member = make_user()
    entry = make_entry(by=member, member=member)

    member.delete()

    assert ModerationEntry.objects.get(pk=entry.pk).member_id == entry.member_id
