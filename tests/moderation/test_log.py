"""The log is append-only in the database, whoever asks."""

import os

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

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
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"], autocommit=True) as app:
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
def test_the_application_erases_the_words_beside_it_by_one_function(app_role):
    words = EntryWords.objects.create(entry=make_entry(), reason="Of somebody's passport.", before={"title": "A"})

    app_role.execute("SELECT bp_erase_entry_words(%s)", [words.entry_id])

    words.refresh_from_db()
    assert (words.reason, words.before, words.erased_at is None) == ("", {}, False)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE moderation_entrywords SET reason = ''",
        "UPDATE moderation_entrywords SET erased_at = now()",
        "DELETE FROM moderation_entrywords",
        "TRUNCATE moderation_entrywords",
        "CREATE OR REPLACE FUNCTION bp_erase_entry_words(bigint) RETURNS void LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_application_changes_the_words_in_no_other_way(app_role, change):
    words = EntryWords.objects.create(entry=make_entry(), reason="As it was said.")

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"permission denied|must be owner"):
        app_role.execute(change)

    words.refresh_from_db()
    assert words.reason == "As it was said."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE moderation_entrywords SET reason = 'I never said that.'",
        "UPDATE moderation_entrywords SET reason = ''",
        "UPDATE moderation_entrywords SET erased_at = now()",
        "DELETE FROM moderation_entrywords",
    ],
)
def test_even_the_owner_only_erases_words(change):
    EntryWords.objects.create(entry=make_entry(), reason="As it was said.")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL borderpost.empties_itself = off")
        with pytest.raises(ProgrammingError, match=r"erased or left as they are|append-only"), transaction.atomic():
            cursor.execute(change)

    assert EntryWords.objects.get().reason == "As it was said."


@pytest.mark.django_db
def test_an_entry_outlives_what_it_names():
    member = make_user()
    entry = make_entry(by=member, member=member)

    member.delete()

    assert ModerationEntry.objects.get(pk=entry.pk).member_id == entry.member_id
