"""The application's role gets its rights table by table after each migration, and none over moderators' log."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from config.database import rights

pytestmark = pytest.mark.django_db
LOG = "moderation_moderationentry"


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def powers(table, role="borderpost"):
    every = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]
    return {power for power in every if run("SELECT has_table_privilege(%s, %s, %s)", role, table, power) == [(True,)]}


def test_the_application_reads_and_writes_every_table_but_the_log():
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    tables = [table for table in tables if run("SELECT to_regclass(%s) IS NOT NULL", table) == [(True,)]]

    assert len(tables) > 40
    assert {table: powers(table) for table in tables if powers(table) != set(rights.READ_AND_WRITE)} == {
        table: set(rights.ADD) for table in rights.APPEND_ONLY
    }


def test_every_table_whose_trigger_refuses_to_delete_is_named_as_append_only():
    guarded = run(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
        " WHERE tgfoid = 'bp_refuse_change'::regproc AND tgtype & 8 > 0"
    )

    assert {name for (name,) in guarded} == set(rights.APPEND_ONLY)


def test_there_are_no_default_privileges_that_a_restore_would_add():
    assert run("SELECT defaclacl FROM pg_default_acl") == []


def test_words_may_be_erased_by_the_function_alone():
    assert run("SELECT has_function_privilege('borderpost', 'bp_erase_entry_words(bigint)', 'EXECUTE')") == [(True,)]


@pytest.mark.parametrize("grantee", ["borderpost", "PUBLIC"])
@pytest.mark.parametrize("right", ["ALL", "UPDATE (verb)", "DELETE"])
def test_migrate_takes_back_what_changes_the_log(right, grantee):
    run(f"GRANT {right} ON {LOG} TO {grantee}")

    call_command("migrate", verbosity=0)

    assert powers(LOG) == set(rights.ADD)
    assert run("SELECT has_any_column_privilege('borderpost', %s, 'UPDATE')", LOG) == [(False,)]


def test_migrate_ends_default_privileges_of_an_older_installation():
    run("ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO borderpost")
    run("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO borderpost")

    call_command("migrate", verbosity=0)
    run("CREATE TABLE later (n int)")

    assert run("SELECT defaclacl FROM pg_default_acl") == []
    assert powers("later") == set()


def test_default_privileges_for_others_are_theirs():
    run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor")

    rights.apply_to()

    assert len(run("SELECT defaclacl FROM pg_default_acl")) == 1


def test_a_new_table_and_its_sequence_are_granted_and_a_second_time_nothing_is_done(django_assert_num_queries):
    run("CREATE TABLE later (n serial)")

    rights.apply_to()

    assert powers("later") == set(rights.READ_AND_WRITE)
    assert run("SELECT has_sequence_privilege('borderpost', 'later_n_seq', 'USAGE')") == [(True,)]
    with django_assert_num_queries(8):  # who asks, and seven questions
        rights.apply_to()


@pytest.mark.parametrize("role", ["borderpost_owner", "nobody here"])
def test_one_role_for_everything_and_a_role_that_is_missing_change_nothing(settings, role):
    settings.APPLICATION_ROLE = role
    run("CREATE TABLE later (n int)")

    rights.apply_to()

    assert powers("later") == set()
