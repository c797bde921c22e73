"""Tables made by the migrations that squashed ones replace, one by one, for rehearsals of squashed migrations."""

from datetime import UTC, datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

# The last migrations of the release before the squashed ones.
RELEASE = [
    ("accounts", "0009_members_are_listed"),
    ("crossings", "0018_evidence_is_kept"),
    ("forum", "0022_when_a_subforum_was_last_written_in"),
    ("moderation", "0027_notes_have_a_place"),
    ("notifications", "0007_letters_by_category_and_bounces"),
]
# A first installation that was stopped: other applications have no table yet.
STOPPED = [("forum", "0029_revisions_know_whether_they_were_public")]
WRITTEN_AT = datetime(2026, 11, 29, 12, tzinfo=UTC)


def former(loader):
    """The last migrations of all applications, were there no squashed ones."""
    return [leaf for leaf in loader.graph.leaf_nodes() if leaf not in loader.replacements]


def apply(targets=None):
    """Apply the former migrations up to `targets`, or all, and forget that squashed ones count as applied by that."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    targets = targets or former(executor.loader)
    executor.migrate(targets)
    for app, name in executor.loader.replacements:
        executor.recorder.record_unapplied(app, name)
    return executor.loader.project_state(targets).apps


def write_a_post(apps):
    """A member, who is a moderator, and a topic of theirs, as the models were then."""
    member = apps.get_model("accounts", "User").objects.create(username="Marmot", username_skeleton="marmot")
    section = apps.get_model("forum", "Section").objects.create(name="Roads")
    subforum = apps.get_model("forum", "Subforum").objects.create(name="Passes", slug="passes", section=section)
    subforum.moderators.add(member)
    topic = apps.get_model("forum", "Topic").objects.create(
        title="A pass", author=member, subforum=subforum, opened_at=WRITTEN_AT, last_post_at=WRITTEN_AT
    )
    apps.get_model("forum", "Post").objects.create(
        topic=topic, author=member, number=1, heading="A pass", source="Snow on the bridge.", html="", markup_version=1,
        written_at=WRITTEN_AT,
    )  # fmt: skip
