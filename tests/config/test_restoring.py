"""Backup and restore as an operator runs them, on two servers of their own: whole, cut off, refused, repeated."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from config.backup import half_restored
from config.backup.archive import Archive, ArchiveWriter
from config.devserver.rehearsal import CHANGES
from tests.config.test_run import free_port
from tests.config.throwaway_site import ROOT, site_in, wait_until

pytestmark = pytest.mark.rehearsal
PYTHON = sys.executable
# Of a program that we put in the place of PostgreSQL's: it hangs for as long as who started it lives.
FOREVER = "exec >/dev/null 2>&1; while kill -0 $PPID; do sleep 0.2; done"
# A member, and an act of moderation, whose words are erased later.
FORUM = """
from accounts.models import User
from moderation.log import entries
from moderation.models import ModerationEntry
admin = User.objects.create_superuser("tea_house", "tea@example.org", "a kettle of tea")
entry = entries.write(admin, "warn", entries.Why(reason="a secret reason"), member=admin)
print(entry.pk)
"""


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def source(folder):
    with site_in(folder / "source") as site:
        done = site.run("migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        made = site.run("shell", "--verbosity", "0", "--command", FORUM, DATABASE_ROLE="owner")
        assert made.returncode == 0, made.stderr
        site.entry = int(made.stdout.split()[-1])
        (site.home / "media" / "a").mkdir(parents=True)
        (site.home / "media" / "a" / "bridge.webp").write_text("a picture")
        yield site


@pytest.fixture(scope="module")
def archive(source, folder):
    """Taken while others write."""
    stop = threading.Event()
    writer = threading.Thread(target=write_until, args=(source, stop))
    writer.start()
    try:
        done = source.run("backup", folder / "backups", "--keep", "2")
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    (path,) = (folder / "backups").glob("borderpost-*.tar")
    return path


def write_until(site, stop):
    with psycopg.connect(site.database.url("app"), autocommit=True) as connection:
        while not stop.is_set():
            connection.execute("UPDATE forum_siteversion SET version = version + 1")


@pytest.fixture(scope="module")
def target(folder):
    (folder / "target").mkdir()
    with site_in(folder / "target") as site:
        yield site


@pytest.fixture
def restored(target, archive):
    done = target.run("restore", archive, "--replace")
    assert done.returncode == 0, done.stdout + done.stderr
    target.said = done.stdout
    return target


def may_change_the_log(site):
    """The statements that the application's role is not refused for want of a right."""
    allowed = []
    for statement in CHANGES:
        try:
            site.ask(statement, role="app")
        except psycopg.errors.InsufficientPrivilege as error:
            if "permission denied for table" in str(error):
                continue
        allowed.append(statement)
    return allowed


def program(folder, name, version, body):
    """A program of PostgreSQL's client that is ours, found before the others; returns the PATH for it."""
    folder.mkdir(exist_ok=True)
    for each in ("pg_dump", "pg_restore"):
        act = body if each == name else "exit 1"
        (folder / each).write_text(
            f'#!/bin/sh\nif [ "$1" = --version ]; then echo "{each} (PostgreSQL) {version}.1"; exit; fi\n{act}\n'
        )
        (folder / each).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def major(site):
    return site.ask("SELECT current_setting('server_version_num')::int / 10000")[0][0]


def test_what_was_backed_up_under_writers_is_restored_with_rights_and_media(restored, archive):
    assert restored.members() == ["tea_house"]
    assert (restored.home / "media/a/bridge.webp").read_text() == "a picture"
    assert may_change_the_log(restored) == []
    wrong = [line for line in restored.said.splitlines() if line.startswith("wrong")]
    assert wrong == ["wrong    No worker is at work: no news, no letters, no chores of the night."]
    assert archive.stat().st_mode & 0o777 == 0o600


def test_the_control_a_forum_whose_role_may_change_the_log_is_seen(restored):
    restored.ask("GRANT UPDATE, DELETE ON moderation_entrywords TO borderpost")

    assert len(may_change_the_log(restored)) == 2


def restore_plainly(source, target, folder):
    """As the documents said before there were commands for it."""
    programs, dump = source.database.binaries.directory, folder / "plain.dump"
    subprocess.run([programs / "pg_dump", "--format=custom", "-f", dump, source.database.url("owner")], check=True)
    command = [
        programs / "pg_restore",
        "--clean",
        "--if-exists",
        "--no-comments",
        "-d",
        target.database.url("owner"),
        dump,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_plain_dump_and_restore_too_gives_nobody_the_right_over_the_log(source, target, folder):
    target.ask("DROP OWNED BY CURRENT_USER CASCADE")

    restore_plainly(source, target, folder)
    restore_plainly(source, target, folder)

    assert may_change_the_log(target) == []


def test_the_control_with_default_privileges_as_they_were_it_did_until_migrate_takes_it_back(source, target, folder):
    target.ask("DROP OWNED BY CURRENT_USER CASCADE")
    target.ask("ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO borderpost")

    restore_plainly(source, target, folder)
    before = may_change_the_log(target)
    migrated = target.run("migrate", "--verbosity", "0")

    assert len(before) == 4
    assert migrated.returncode == 0, migrated.stderr
    assert may_change_the_log(target) == []
    assert target.ask("SELECT count(*) FROM pg_default_acl") == [(0,)]


def test_a_forum_with_content_is_not_replaced_unless_it_is_said(restored, archive):
    done = restored.run("restore", archive)

    assert done.returncode == 1
    assert "There is a forum already (rows in accounts_user" in done.stderr
    assert "--replace" in done.stderr
    assert restored.members() == ["tea_house"]


def test_a_forum_that_runs_is_not_restored(restored, archive):
    with psycopg.connect(restored.database.url("app")):
        with_pages = restored.run("restore", archive, "--replace")
    worker = restored.start("worker")
    try:
        wait_until(lambda: restored.has_worker(), worker)
        with_worker = restored.run("restore", archive, "--replace")
    finally:
        worker.terminate()
        worker.communicate()

    assert "The forum is running (connections of borderpost: 1). Stop web and worker" in with_pages.stderr
    assert "The forum is running (its worker is at work)" in with_worker.stderr
    assert "Nothing was changed." in with_worker.stderr
    assert restored.ask("SELECT 1", role="app") == [(1,)]  # it is let in again


def test_a_database_whose_tables_somebody_uses_is_left_as_it_is(restored, archive):
    with psycopg.connect(restored.database.url("owner")) as other:
        other.execute("LOCK TABLE forum_post IN ACCESS SHARE MODE")
        done = restored.run("restore", archive, "--replace")

    assert "Somebody uses the tables, perhaps a backup. Wait until it has ended. Nothing was changed." in done.stderr
    assert restored.members() == ["tea_house"]
    assert restored.ask("SELECT 1", role="app") == [(1,)]


def test_a_byte_that_flipped_changes_nothing(restored, archive, tmp_path):
    damaged = bytearray(archive.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "a.tar").write_bytes(damaged)

    done = restored.run("restore", tmp_path / "a.tar", "--replace")

    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Nothing was changed." in done.stderr
    assert restored.members() == ["tea_house"]


def test_an_archive_of_a_newer_version_changes_nothing(restored, archive, tmp_path):
    facts = json.loads(b"".join(Archive(archive).chunks("manifest.json")))
    facts["migrations"].append(["forum", "9999_of_tomorrow"])
    with (tmp_path / "a.tar").open("w+b") as file:
        writer = ArchiveWriter(file)
        for name in facts["members"]:
            writer.add_text(name, b"".join(Archive(archive).chunks(name)))
        writer.finish(json.dumps(facts).encode())

    done = restored.run("restore", tmp_path / "a.tar", "--replace")

    assert "of a newer Borderpost" in done.stderr
    assert "forum.9999_of_tomorrow" in done.stderr
    assert restored.members() == ["tea_house"]


def test_a_restore_that_was_killed_says_so_everywhere_and_is_completed_by_another(restored, archive, tmp_path):
    path = program(tmp_path / "bin", "pg_restore", major(restored), f"head -c 1000 >/dev/null; {FOREVER}")
    killed = restored.start("restore", archive, "--replace", PATH=path)
    wait_until(lambda: restored.ask(f"SELECT 1 FROM pg_namespace WHERE nspname = '{half_restored.SCHEMA}'"), killed)
    killed.kill()
    killed.communicate()

    said = {command: restored.run(command) for command in ("doctor", "migrate", "worker", "backup")}
    as_owner = restored.run("doctor", DATABASE_ROLE="owner")
    web = subprocess.run(
        [PYTHON, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{free_port()}", "--no-control-socket"],
        cwd=ROOT, env=restored.environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        restored.ask("SELECT 1", role="app")
    again = restored.run("restore", archive)

    assert {command: done.returncode for command, done in said.items()} == dict.fromkeys(said, 1)
    assert [command for command, done in said.items() if half_restored.REMEDY not in done.stdout + done.stderr] == []
    assert f"A restore of {archive.name} began" in as_owner.stdout
    assert web.returncode == half_restored.GUNICORN_ENDS
    assert half_restored.REMEDY in web.stderr
    assert again.returncode == 0, again.stderr
    assert restored.members() == ["tea_house"]
    assert restored.ask("SELECT 1", role="app") == [(1,)]


def test_a_restore_whose_program_fails_gives_its_words_and_is_half(restored, archive, tmp_path):
    path = program(tmp_path / "bin", "pg_restore", major(restored), "echo 'no room in the tablespace' >&2; exit 1")

    done = restored.run("restore", archive, "--replace", PATH=path)
    doctor = restored.run("doctor")
    again = restored.run("restore", archive)

    assert "pg_restore failed: no room in the tablespace" in done.stderr
    assert half_restored.REMEDY in done.stderr
    assert "Traceback" not in done.stderr
    assert "half" not in again.stderr
    assert half_restored.REMEDY in doctor.stdout
    assert again.returncode == 0


def test_a_backup_that_was_killed_leaves_nothing_that_looks_whole_and_the_next_removes_it(source, tmp_path):
    path = program(tmp_path / "bin", "pg_dump", major(source), f"head -c 5000 /dev/zero; {FOREVER}")
    killed = source.start("backup", tmp_path / "backups", PATH=path)
    wait_until(lambda: list((tmp_path / "backups").glob("*.unfinished")), killed)
    killed.kill()
    killed.communicate()
    left = [found.suffix for found in (tmp_path / "backups").glob("borderpost-*")]

    done = source.run("backup", tmp_path / "backups")

    assert left == [".unfinished"]
    assert done.returncode == 0, done.stderr
    assert [found.suffix for found in (tmp_path / "backups").glob("borderpost-*")] == [".tar"]


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_backup_that_is_told_to_stop_cleans_up(source, tmp_path, told):
    path = program(tmp_path / "bin", "pg_dump", major(source), f"head -c 5000 /dev/zero; {FOREVER}")
    process = source.start("backup", tmp_path / "backups", PATH=path)
    wait_until(lambda: list((tmp_path / "backups").glob("*.unfinished")), process)

    process.send_signal(told)
    process.communicate(timeout=120)

    assert process.returncode != 0
    assert list((tmp_path / "backups").glob("borderpost-*")) == []


def test_a_dump_that_fails_leaves_older_backups_and_nothing_half(source, tmp_path):
    (tmp_path / "backups").mkdir()
    older = tmp_path / "backups" / "borderpost-20261101T030000Z.tar"
    older.write_text("of another night")
    path = program(
        tmp_path / "bin", "pg_dump", major(source), "echo half; echo 'server closed the connection' >&2; exit 1"
    )

    done = source.run("backup", tmp_path / "backups", "--keep", "1", PATH=path)

    assert done.returncode == 1
    assert "pg_dump failed: server closed the connection Nothing was written." in done.stderr
    assert list((tmp_path / "backups").glob("borderpost-*")) == [older]


def test_a_role_that_does_not_own_the_tables_may_neither_back_up_nor_restore(source, archive, tmp_path):
    as_application = {"DATABASE_OWNER_URL": source.database.url("app")}

    for done in (source.run("backup", tmp_path, **as_application), source.run("restore", archive, **as_application)):
        assert done.returncode == 1
        assert "The role borderpost does not own" in done.stderr
        assert "DATABASE_OWNER_URL" in done.stderr


def test_words_erased_after_the_backup_are_erased_again(source, restored, archive, tmp_path):
    """From the list that the next backup leaves beside the archives, and from the database that is replaced."""
    secret = "SELECT reason FROM moderation_entrywords"
    before = restored.ask(secret)
    source.ask(f"SELECT bp_erase_entry_words({source.entry})")
    assert source.run("backup", archive.parent, "--keep", "2").returncode == 0

    by_list = restored.run("restore", archive, "--replace")
    by_list_left = restored.ask(secret)
    (archive.parent / "erasures.jsonl").unlink()
    by_own_list = restored.run("restore", archive, "--replace")

    assert before == [("a secret reason",)]
    assert "Erased again since the backup: 1." in by_list.stdout
    assert by_list_left == restored.ask(secret) == [("",)]
    assert "Erased again since the backup: 1." in by_own_list.stdout


def test_a_rehearsal_that_is_stopped_leaves_nothing(folder):
    place = folder / "rehearsal"
    place.mkdir(mode=0o711)
    environment = os.environ | {"BORDERPOST_HOME": str(place / "home"), "TMPDIR": str(place), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [PYTHON, "-m", "config.devserver.launcher", "rehearse-restore"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if line.startswith("Making its tables"):
            break

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)

    assert process.returncode == 130
    assert list(place.iterdir()) == []
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if str(place).encode() in read(path)]


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""
