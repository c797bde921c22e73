"""Backups: what an archive is checked for, which are kept, and what is refused in words before anything is written."""

import errno
import io
import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config
from accounts.logs import erasure_list
from accounts.logs.erasure_list import Erasure
from config.backup import erasures, half_restored, media_files, postgres_client, rotation, tables
from config.backup.archive import Archive, ArchiveWriter
from config.backup.manifest import Manifest, Unreadable
from config.backup.postgres_client import Client, NoClient, choose_client
from config.backup.words import of_full_disk
from config.health import endpoints
from config.startup import in_words
from moderation.actions import post_acts
from moderation.log.entries import Why, erase_words
from moderation.models import ModerationEntry
from tests.chance import examples
from tests.factories import make_user
from tests.forum.factories import make_post

ROOT = Path(__file__).resolve().parent.parent.parent
FACTS = {
    "format": 1, "version": "0.1.0", "begun_at": "2026-11-29T03:00:00+00:00", "seconds": 1.0, "postgres": "18.6",
    "client_major": 18, "migrations": [["forum", "0001_subforums_topics_posts"]], "counts": {"forum_post": [2, "17"]},
    "settings": ["SITE_URL"], "promise": "…",
}  # fmt: skip


def write_archive(path, *, files=(("database.dump", b"rows" * 400), ("media/a/bridge.webp", b"a picture")), **facts):
    with path.open("w+b") as file:
        writer = ArchiveWriter(file)
        for name, text in files:
            writer.add_text(name, text)
        members = {name: list(member) for name, member in writer.members.items()}
        writer.finish(Manifest(**(FACTS | {"members": members} | facts)).to_json())
    return Archive(path)


# --- An archive is whole, or it is not restored ---


def test_what_was_written_is_read(tmp_path):
    archive = write_archive(tmp_path / "a.tar")

    assert archive.verify().counts == {"forum_post": [2, "17"]}
    assert b"".join(archive.chunks("database.dump")) == b"rows" * 400


def test_any_tar_program_can_open_it(tmp_path):
    write_archive(tmp_path / "a.tar")

    with tarfile.open(tmp_path / "a.tar") as tar:
        assert tar.getnames() == ["database.dump", "media/a/bridge.webp", "manifest.json", "manifest.sha256"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(60))
@given(data=st.data())
def test_a_bit_that_flipped_anywhere_is_seen(tmp_path, data):
    write_archive(tmp_path / "a.tar")
    damaged = bytearray((tmp_path / "a.tar").read_bytes())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    (tmp_path / "b.tar").write_bytes(damaged)

    with pytest.raises(Unreadable):
        Archive(tmp_path / "b.tar").verify()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(40))
@given(data=st.data())
def test_an_archive_that_was_cut_off_is_seen(tmp_path, data):
    write_archive(tmp_path / "a.tar")
    whole = (tmp_path / "a.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1500))])

    with pytest.raises(Unreadable):
        Archive(tmp_path / "b.tar").verify()


@pytest.mark.parametrize("name", ["media/../../etc/cron.d/evil", "media//etc/evil"])
def test_a_name_that_leads_out_of_the_media_directory_is_refused(tmp_path, name):
    archive = write_archive(tmp_path / "a.tar", files=[(name, b"evil")])
    target = tmp_path / "media"
    target.mkdir()

    with pytest.raises(Unreadable, match="leads out"):
        archive.extract_media(target)

    assert list(target.rglob("*")) == []


def test_a_link_in_an_archive_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        link = tarfile.TarInfo("media/a")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(link)

    with pytest.raises(Unreadable, match="is no file"):
        Archive(tmp_path / "a.tar").verify()


def test_a_tar_of_somebody_else_is_no_backup(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("holiday.txt"), io.BytesIO())

    with pytest.raises(Unreadable, match="no backup of Borderpost"):
        Archive(tmp_path / "a.tar").verify()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"format": 2}, "a newer Borderpost .* wrote it"),
        ({"migrations": [["forum", "9999_of_tomorrow"]]}, "forum.9999_of_tomorrow"),
    ],
)
def test_an_archive_of_a_newer_version_is_refused(tmp_path, facts, words):
    archive = write_archive(tmp_path / "a.tar", **facts)

    with pytest.raises(Unreadable, match=words):
        archive.verify().refuse_newer()


def test_an_older_migration_that_was_put_together_with_others_since_is_no_newer_version(tmp_path):
    write_archive(tmp_path / "a.tar", migrations=[["forum", "0001_before_it_was_put_together"]]).verify().refuse_newer()


class TestSquashedMigrations:
    """Also when the files of the migrations that they replace are gone."""

    KNOWN = frozenset({("forum", "0001_topics_squashed_0043_slugs")})

    @pytest.fixture(autouse=True)
    def known(self, monkeypatch):
        monkeypatch.setattr(endpoints, "known_migrations", lambda: self.KNOWN)

    @pytest.mark.parametrize("name", ["0001_topics", "0042_profiles", "0043_slugs", "0001_topics_squashed_0043_slugs"])
    def test_what_they_replace_is_no_newer_version(self, tmp_path, name):
        write_archive(tmp_path / "a.tar", migrations=[["forum", name]]).verify().refuse_newer()

    @pytest.mark.parametrize("name", ["0044_polls", "0001_topics_squashed_0052_polls"])
    def test_what_came_after_them_is_a_newer_version(self, tmp_path, name):
        archive = write_archive(tmp_path / "a.tar", migrations=[["forum", name]]).verify()

        with pytest.raises(Unreadable, match=f"forum.{name}"):
            archive.refuse_newer()


def test_an_app_that_this_version_has_not_is_of_a_newer_one(tmp_path):
    with pytest.raises(Unreadable, match=r"satellites\.0001_initial"):
        write_archive(tmp_path / "a.tar", migrations=[["satellites", "0001_initial"]]).verify().refuse_newer()


def test_a_manifest_of_another_kind_is_not_understood():
    with pytest.raises(Unreadable, match="not understood"):
        Manifest.from_json(b'{"format": 1, "surprise": true}')


def test_the_command_says_whether_an_archive_is_whole(tmp_path, capsys):
    write_archive(tmp_path / "a.tar")

    call_command("backup", "--check", tmp_path / "a.tar")

    said = capsys.readouterr().out
    assert "Whole. Taken 2026-11-29T03:00:00+00:00" in said
    assert "forum_post: 2" in said
    assert "SECRET_KEY and passwords, SITE_URL" in said


def test_the_command_ends_with_an_error_for_one_that_is_not(tmp_path):
    (tmp_path / "a.tar").write_bytes(b"no tar at all")

    with pytest.raises(CommandError, match="cannot be used"):
        call_command("backup", "--check", tmp_path / "a.tar")


def test_the_version_is_that_of_the_project():
    assert f'version = "{config.VERSION}"' in (ROOT / "pyproject.toml").read_text()


def test_only_names_of_settings_are_written_down(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")

    assert "SECRET_KEY" in config.environment.given()
    assert "a secret" not in str(config.environment.given())


# --- The client of PostgreSQL ---


@pytest.mark.parametrize(
    ("server", "oldest", "majors", "chosen"),
    [(15, 0, [15, 18], 15), (16, 0, [15, 18], 18), (18, 0, [18, 19], 18), (15, 18, [15, 18], 18)],
)
def test_the_client_of_the_server_s_own_version_is_taken_or_the_next_newer(server, oldest, majors, chosen):
    found = [Client(Path("/usr/bin"), major) for major in majors]

    assert choose_client(server, oldest, found).major == chosen


@pytest.mark.parametrize(
    ("found", "words"),
    [([Client(Path("/usr/bin"), 15)], "the newest pg_dump here is of PostgreSQL 15"), ([], "there is no pg_dump here")],
)
def test_a_client_older_than_the_server_is_refused_with_what_to_install(found, words):
    with pytest.raises(NoClient, match=f"PostgreSQL 18.*{words}.*postgresql-client-18"):
        choose_client(18, 0, found)


def test_a_program_that_does_not_run_is_no_client(tmp_path, monkeypatch):
    (tmp_path / "pg_dump").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    assert tmp_path not in [client.directory for client in postgres_client.found_clients()]


# --- Names, rotation, and files that become whole or are gone ---


def make_backups(directory, *days):
    for day in days:
        (directory / rotation.name_at(datetime(2026, 11, day, 3, tzinfo=UTC))).write_text("")


def test_the_newest_are_kept_and_only_names_of_ours_removed(tmp_path):
    make_backups(tmp_path, 1, 2, 3, 4)
    for name in ("borderpost-before-upgrade.tar", "borderpost-20261101T030000Z.tar.gpg", "erasures.jsonl"):
        (tmp_path / name).write_text("")

    removed = rotation.remove_old(tmp_path, 2)

    assert [path.name for path in removed] == ["borderpost-20261101T030000Z.tar", "borderpost-20261102T030000Z.tar"]
    assert len(list(tmp_path.iterdir())) == 5


def test_fewer_than_are_kept_are_left_alone(tmp_path):
    make_backups(tmp_path, 1, 2)

    assert rotation.remove_old(tmp_path, 14) == []


@pytest.mark.parametrize("keep", ["0", "-1", "x", "٣"])
def test_to_keep_none_is_refused(keep):
    with pytest.raises(CommandError, match="1 or more"):
        call_command("backup", "--keep", keep)


def test_a_file_is_private_and_gets_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "a.tar"
    with rotation.written_whole(path) as file:
        file.write(b"half")
        before = sorted(found.name for found in tmp_path.iterdir())

    assert before == ["a.tar.unfinished"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["a.tar"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_nothing_half_is_left_when_it_fails(tmp_path, error):
    def write_half():
        with rotation.written_whole(tmp_path / "a.tar") as file:
            file.write(b"half")
            raise error

    with pytest.raises(type(error)):
        write_half()

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_backup_left_is_removed_but_not_what_another_writes(tmp_path):
    (tmp_path / "borderpost-20261101T030000Z.tar.unfinished").write_text("half")
    with rotation.written_whole(tmp_path / "borderpost-20261102T030000Z.tar"):
        rotation.remove_unfinished(tmp_path)
        left = [path.name for path in tmp_path.iterdir()]

    assert left == ["borderpost-20261102T030000Z.tar.unfinished"]


def test_a_full_disk_is_said_in_words():
    said = of_full_disk(OSError(errno.ENOSPC, "No space left on device", "/backups/a.tar"), "Nothing half is left.")

    assert said == "The disk is full. Make room, or choose a directory on another disk. Nothing half is left."


# --- What the command refuses ---


@pytest.mark.django_db
class TestRefusals:
    def test_a_place_that_is_served_to_everybody(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path / "media"

        with pytest.raises(CommandError, match="is served to everybody"):
            call_command("backup", tmp_path / "media" / "backups")

    def test_a_name_that_is_taken(self, tmp_path):
        (tmp_path / "a.tar").write_text("last night's")

        with pytest.raises(CommandError, match="is there already"):
            call_command("backup", tmp_path / "a.tar")

        assert (tmp_path / "a.tar").read_text() == "last night's"

    def test_a_client_older_than_the_server(self, monkeypatch, tmp_path):
        monkeypatch.setattr(postgres_client, "found_clients", lambda: [Client(Path("/usr/bin"), 9)])

        with pytest.raises(CommandError, match=r"apt-get install postgresql-client-\d+.* Nothing was written"):
            call_command("backup", tmp_path)

        assert list(tmp_path.iterdir()) == []

    def test_a_database_that_is_half_restored(self, tmp_path):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {half_restored.SCHEMA}")

        with pytest.raises(CommandError, match=r"Run manage\.py restore again"):
            call_command("backup", tmp_path)

    def test_a_database_without_tables(self, monkeypatch, tmp_path):
        monkeypatch.setattr(connection.introspection, "table_names", lambda *words: [])

        with pytest.raises(CommandError, match=r"no tables yet.* Run manage\.py migrate"):
            call_command("backup", tmp_path)

    @pytest.mark.parametrize("error", [psycopg.OperationalError("connection refused"), OperationalError("away")])
    def test_a_database_that_goes_away(self, monkeypatch, tmp_path, error):
        def fail(*words):
            raise error

        monkeypatch.setattr(tables, "count_rows", fail)

        with pytest.raises(
            CommandError, match=f"The database does not answer as it should: {error} Nothing was written"
        ):
            call_command("backup", tmp_path)

    def test_a_restore_of_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(CommandError, match=r"No such file or directory\. Nothing was changed"):
            call_command("restore", tmp_path / "a.tar")


@pytest.mark.django_db
def test_migrations_and_a_worker_refuse_a_database_that_is_half_restored():
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {half_restored.SCHEMA}")
        cursor.execute(f"COMMENT ON SCHEMA {half_restored.SCHEMA} IS 'A restore of a.tar began and did not end.'")

    for command in ("migrate", "worker"):
        with pytest.raises(
            CommandError, match=r"A restore of a.tar began and did not end. Run manage.py restore again"
        ):
            call_command(command)


@pytest.mark.django_db
def test_on_a_full_disk_nothing_half_is_left(tmp_path, monkeypatch):
    def fail(*words):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ArchiveWriter, "finish", fail)

    with pytest.raises(CommandError, match="The disk is full"):
        call_command("backup", tmp_path)

    assert [path.name for path in tmp_path.iterdir() if ".tar" in path.name] == []


def test_every_command_that_the_database_lets_in_no_more_says_that_a_restore_did_not_end():
    error = OperationalError('FATAL:  permission denied for database "borderpost"\nDETAIL:  No CONNECT privilege.')

    assert half_restored.REMEDY in in_words(error)


# --- Media ---


def test_media_are_put_in_the_place_of_what_was_there(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("old.webp", "a/older.webp", ".restored/half.webp"):
        (tmp_path / "media" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "media" / name).write_text("old")
    archive = write_archive(tmp_path / "a.tar")

    assert media_files.replace_by(archive) == 1

    assert [path.relative_to(tmp_path / "media") for path in media_files.listed(tmp_path / "media")] == [
        Path("a/bridge.webp")
    ]
    assert sorted(os.listdir(tmp_path / "media")) == ["a"]


# --- Erasures ---


def test_a_list_of_erasures_is_added_to_and_read(tmp_path):
    one, other = (Erasure.of("entry-words", pk, datetime(2026, 11, pk, tzinfo=UTC)) for pk in (1, 2))

    erasure_list.add([one], tmp_path / "e.jsonl")
    erasure_list.add([other, other], tmp_path / "e.jsonl")

    assert erasure_list.read(tmp_path / "e.jsonl") == [one, other]
    assert (tmp_path / "e.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_cut_off_is_left_out(tmp_path):
    (tmp_path / "e.jsonl").write_text('{"kind": "entry-words", "pk": 1, "made_at": "2026-11-29T03:00:00+00:00"}\n{"kin')

    assert len(erasure_list.read(tmp_path / "e.jsonl")) == 1


@pytest.mark.django_db
class TestErasures:
    @pytest.fixture
    def entry(self):
        moderator = make_user(is_staff=True, is_superuser=True)
        entry = post_acts.hide(moderator, make_post(), Why(reason="Spam about a seaman's book"))
        entry = ModerationEntry.objects.get(pk=entry.pk)
        entry.moderator = moderator
        return entry

    def test_it_is_noted_by_number_and_time_alone(self, entry, settings, tmp_path, django_capture_on_commit_callbacks):
        settings.ERASURES_LIST = tmp_path / "e.jsonl"

        with django_capture_on_commit_callbacks(execute=True):
            erase_words(entry.moderator, entry)

        assert erasure_list.read(tmp_path / "e.jsonl") == [Erasure.of("entry-words", entry.pk, entry.at)]
        assert "Spam" not in (tmp_path / "e.jsonl").read_text()
        assert erasures.known() == [Erasure.of("entry-words", entry.pk, entry.at)]

    def test_a_list_that_cannot_be_written_stops_no_erasure(
        self, entry, settings, tmp_path, django_capture_on_commit_callbacks, caplog
    ):
        (tmp_path / "file").write_text("")
        settings.ERASURES_LIST = tmp_path / "file" / "e.jsonl"

        with django_capture_on_commit_callbacks(execute=True):
            erase_words(entry.moderator, entry)

        entry.words.refresh_from_db()
        assert entry.words.reason == ""
        assert "The list of erasures could not be written" in caplog.text

    def test_it_is_repeated_once(self, entry):
        listed = [Erasure.of("entry-words", entry.pk, entry.at)]

        assert (erasures.repeat(listed), erasures.repeat(listed)) == (1, 0)
        entry.words.refresh_from_db()
        assert entry.words.reason == ""

    @pytest.mark.parametrize("other", [("entry-words", 0, 1), ("entry-words", 1, 0), ("something of tomorrow", 0, 0)])
    def test_another_row_of_that_number_is_left_alone(self, entry, other):
        """After a restore numbers are given again."""
        kind, further, later = other
        listed = Erasure(kind, entry.pk + further, entry.at.replace(year=entry.at.year + later).isoformat())

        assert erasures.repeat([listed]) == 0
        entry.words.refresh_from_db()
        assert entry.words.reason == "Spam about a seaman's book"

    def test_a_list_beside_backups_gets_what_only_the_site_or_the_database_knows(self, entry, settings, tmp_path):
        settings.ERASURES_LIST = tmp_path / "site.jsonl"
        earlier = Erasure.of("entry-words", 10**6, datetime(2026, 1, 1, tzinfo=UTC))
        erasure_list.add([earlier], settings.ERASURES_LIST)
        erasures.repeat([now := Erasure.of("entry-words", entry.pk, entry.at)])

        for _ in range(2):
            assert set(erasures.complete(tmp_path / "beside.jsonl")) == {earlier, now}

        assert len((tmp_path / "beside.jsonl").read_text().splitlines()) == 2
