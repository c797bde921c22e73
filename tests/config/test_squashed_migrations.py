"""Squashed migrations make what those that they replace made, and databases that began with these go on by them."""

import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from config.management.commands.migrate import refuse_former
from tests.config.former_migrations import former
from tests.config.throwaway_site import site_in

APPS = ["accounts", "crossings", "forum", "moderation", "notifications"]


@pytest.fixture(scope="module")
def loader():
    """All migrations, the squashed ones beside those that they replace."""
    return MigrationLoader(None, replace_migrations=False)


def former_plan(loader, first=""):
    """The former migrations in the order in which an empty database takes them, those of an application first."""
    leaves = sorted(former(loader), key=lambda leaf: leaf[0] != first)
    return list(dict.fromkeys(step for leaf in leaves for step in loader.graph.forwards_plan(leaf)))


def plan_of(loader):
    steps = [step for leaf in loader.graph.leaf_nodes() for step in loader.graph.forwards_plan(leaf)]
    return [step for step in dict.fromkeys(steps) if step not in loader.applied_migrations]


def test_an_empty_database_takes_the_squashed_ones_alone(loader):
    plan = plan_of(MigrationLoader(None))

    replaced = {step for squashed in loader.replacements.values() for step in squashed.replaces}
    assert sorted(app for app, _ in loader.replacements) == APPS
    assert set(loader.replacements) <= set(plan)
    assert not replaced & set(plan)


def test_they_leave_the_models_as_the_former_ones_did(loader):
    before, after = loader.project_state(former(loader)), MigrationLoader(None).project_state()

    assert before.models.keys() == after.models.keys()
    assert MigrationAutodetector(before, after).changes(loader.graph) == {}


# In the suite in the order of all, and as a proof with each application as far as it goes alone.
@pytest.mark.parametrize("first", ["", *(pytest.param(app, marks=pytest.mark.proof) for app in APPS)])
def test_wherever_an_upgrade_stopped_it_goes_on(monkeypatch, loader, first):
    """(The name of the squashed migration of accounts must sort behind the first one's: Django takes the first by name
    for `__first__`, on which all depends that has members in it.)"""
    plan = former_plan(loader, first)
    left = [what_is_left(monkeypatch, loader, set(plan[:done])) for done in range(len(plan) + 1)]

    assert left == [sorted(plan[done:]) for done in range(len(plan) + 1)]


def what_is_left(monkeypatch, loader, applied):
    """What the plan of a database would still apply, in names of former migrations."""
    whole = {name for name, squashed in loader.replacements.items() if set(squashed.replaces) <= applied}
    recorded = dict.fromkeys(applied | whole)  # as any run of migrate leaves it
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder: recorded)
    here = MigrationLoader(connection)
    here.check_consistent_history(connection)
    steps = [loader.replacements[step].replaces if step in loader.replacements else [step] for step in plan_of(here)]
    return sorted(step for several in steps for step in several)


@pytest.mark.django_db
def test_there_is_no_way_back_to_a_part_of_a_squashed_one():
    """Django would take squashed ones of other applications back, and with them all tables of these."""
    with pytest.raises(
        CommandError, match=r"^0030_the_words_of_posts_are_given is a part of 0001_subforums_topics_posts_"
    ):
        call_command("migrate", "forum", "0030", verbosity=0)


@pytest.mark.parametrize("prefix", ["0030", "0001_subforums_topics_posts_squashed", "0001", "9999"])
def test_a_database_that_goes_on_by_the_former_ones_may_go_to_any(monkeypatch, loader, prefix):
    plan = former_plan(loader)
    applied = plan[: plan.index(("forum", "0029_revisions_know_whether_they_were_public"))]
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder: dict.fromkeys(applied))

    refuse_former(connection, "forum", prefix)


# --- On databases of a server of their own ---

APPLY = "from tests.config import former_migrations; apps = former_migrations.apply({})"
# Counts of changes and records of migrations: what is in them says how a database came to be.
HISTORY = {"django_migrations", "crossings_namesversion", "django_migrations_id_seq", "crossings_namesversions"}
# Numbered in the order in which tables came, which an upgrade changes.
NAMES = {
    "django_content_type": "SELECT app_label, model FROM django_content_type ORDER BY 1, 2",
    "auth_permission": "SELECT app_label, codename, auth_permission.name FROM auth_permission "
    "JOIN django_content_type AS type ON type.id = content_type_id ORDER BY 1, 2",
}


@pytest.fixture(scope="module")
def site():
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        Path(folder).chmod(0o711)
        with site_in(folder) as site:
            yield site


class Database:
    """An empty database of the site's server, as roles.sql leaves it."""

    def __init__(self, site, name):
        self.site = site
        self.urls = {
            "DATABASE_URL": site.database.url("app", name),
            "DATABASE_OWNER_URL": site.database.url("owner", name),
        }
        site.ask(f"CREATE DATABASE {name} TEMPLATE template0")
        site.ask(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        self.ask("REVOKE ALL ON SCHEMA public FROM PUBLIC")

    def ask(self, question):
        with psycopg.connect(self.urls["DATABASE_OWNER_URL"], autocommit=True) as owner:
            cursor = owner.execute(question)
            return cursor.fetchall() if cursor.description else []

    def run(self, *words):
        done = self.site.run(*words, **self.urls, DATABASE_ROLE="owner")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply_former(self, targets="", then=""):
        self.run("shell", "--verbosity", "0", "--command", APPLY.format(targets) + then)

    def schema(self):
        """Tables, defaults, constraints, indexes, functions, triggers, extensions, rights, comments."""
        dump = [self.site.database.binaries.directory / "pg_dump", "--schema-only", self.urls["DATABASE_OWNER_URL"]]
        words = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
        return [line for line in words.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]

    def rows(self):
        tables = [name for (name,) in self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {name: self.ask(NAMES.get(name) or whole(name)) for name in tables if name not in HISTORY}

    def sequences(self):
        last = dict(self.ask("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"))
        return {name: value for name, value in last.items() if name not in HISTORY}

    def migrations(self):
        return self.ask("SELECT app, name FROM django_migrations ORDER BY 1, 2")


def whole(table):
    return sql.SQL("SELECT {0}::text FROM {0} ORDER BY 1").format(sql.Identifier(table))


@pytest.fixture(scope="module")
def squashed(site):
    database = Database(site, "squashed")
    database.run("migrate", "--verbosity", "0")
    return database


@pytest.mark.rehearsal
def test_a_database_that_has_all_former_ones_is_the_same_and_has_nothing_to_apply(site, squashed):
    database = Database(site, "all_former")
    database.apply_former()

    said = database.run("migrate")

    assert "No migrations to apply." in said
    assert database.schema() == squashed.schema()
    assert database.rows() == squashed.rows()
    assert database.sequences() == squashed.sequences()
    assert database.migrations() == squashed.migrations()


@pytest.mark.rehearsal
def test_a_database_of_the_last_release_goes_on_by_the_former_ones(site, squashed):
    database = Database(site, "last_release")
    database.apply_former("former_migrations.RELEASE", "; former_migrations.write_a_post(apps)")

    said = database.run("migrate")

    assert "Applying forum.0023_which_first_posts_wait... OK" in said
    assert "_squashed_" not in said
    assert database.schema() == squashed.schema()
    assert database.migrations() == squashed.migrations()
    theirs, ours = database.rows(), squashed.rows()
    assert {name for name in ours if theirs[name] != ours[name]} == {
        "accounts_user", "forum_section", "forum_subforum", "forum_subforum_moderators", "forum_topic", "forum_post",
        "forum_siteversion",
    }  # fmt: skip
    found = "SELECT count(*) FROM forum_post WHERE search @@ to_tsquery('bp', 'bridges')"
    assert database.ask(found) == [(1,)]
    assert database.ask("SELECT second_step_due_at IS NOT NULL FROM accounts_user") == [(True,)]


@pytest.mark.rehearsal
def test_a_first_installation_that_was_stopped_goes_on_by_both(site, squashed):
    database = Database(site, "stopped")
    database.apply_former("former_migrations.STOPPED")

    said = database.run("migrate")

    assert "Applying forum.0030_the_words_of_posts_are_given... OK" in said
    assert "Applying crossings.0001_countries_crossings_reports_squashed_0028_latitudes_of_borders... OK" in said
    assert database.schema() == squashed.schema()
    assert database.rows() == squashed.rows()
    assert database.migrations() == squashed.migrations()


@pytest.mark.rehearsal
def test_squashed_ones_go_back_and_come_again(site, squashed):
    database = Database(site, "back_to_nothing")
    database.run("migrate", "--verbosity", "0")

    database.run("migrate", "accounts", "zero", "--verbosity", "0")

    assert database.ask("SELECT proname FROM pg_proc WHERE proname LIKE 'bp\\_%'") == []
    assert database.ask("SELECT tablename FROM pg_tables WHERE tablename ~ '^(accounts|forum|crossings)_'") == []
    database.run("migrate", "--verbosity", "0")
    assert database.schema() == squashed.schema()
