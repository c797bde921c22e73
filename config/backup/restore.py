"""Restoring a backup in the place of what a database and a media directory hold."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection, transaction

from accounts.logs import erasure_list
from config.backup import erasures, half_restored, media_files, tables
from config.backup.archive import DUMP, Archive
from config.backup.manifest import Manifest
from config.backup.postgres_client import Programs, choose_client
from config.worker.lock import IS_HELD
from config.worker.lock import LOCK as WORKER

Tell = Callable[[str], None]
LOCK = 7_215_003  # an advisory lock that no other code uses
STEP = 64 * 1024 * 1024  # bytes between two lines of progress
SESSIONS = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND usename = %s AND pid <> pg_backend_pid()
"""


class CannotRestore(Exception):
    """The message says why and what to do. Whether anything was changed says the mark (half_restored)."""


def restore(path: Path, tell: Tell, *, replace: bool = False) -> Manifest:
    """Restore an archive into the database of the settings, as the owner, and return its manifest.

    Refuses, before anything is changed: an archive that is not whole or of a newer version (Unreadable), a client that
    does not fit (NoClient), a forum that runs, and, without `replace`, one with content (CannotRestore). Cut off
    later, the database stays marked as half restored; run again it begins from the start.
    """
    begun = time.monotonic()
    archive = Archive(path)
    tell("Comparing checksums …")
    manifest = archive.verify()
    manifest.refuse_newer()
    server = connection.pg_version // 10_000  # type: ignore[attr-defined]
    programs = Programs(choose_client(server, manifest.client_major))
    with _target(replace) as cursor:
        _collect_erasures(archive)
        connection.close()
        _empty(cursor, path.name)
        _fill(archive, programs, tell)
        _compare(cursor, manifest, server)
        _bring_up_to_date(tell)
        tell(f"Media: {media_files.replace_by(archive)} files.")
        cursor.execute("ANALYZE")
        with cursor.connection.transaction():
            half_restored.end(cursor)
    tell(f"Restored what was there at {manifest.begun_at}, in {time.monotonic() - begun:.1f} s.")
    return manifest


@contextmanager
def _target(replace: bool) -> Iterator[Any]:
    """Context manager: a cursor on the database, from which the application is locked out. Raises CannotRestore."""
    if why := tables.not_the_owner():
        raise CannotRestore(why)
    connection.close()
    with connection.get_new_connection(connection.get_connection_params()) as guard, guard.cursor() as cursor:
        guard.autocommit = True
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = '10s'; SET borderpost.restores = on")
        if not cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()[0]:
            raise CannotRestore("Another restore is at work on this database.")
        if not (replace or half_restored.is_marked(cursor)):
            _refuse_content(cursor)
        half_restored.lock_out(cursor)
        try:
            _refuse_running(cursor)
            yield cursor
        finally:
            with suppress(psycopg.OperationalError):  # without a server the lock stays, and migrate lifts it
                if not half_restored.is_marked(cursor):
                    half_restored.let_in(cursor)


def _refuse_content(cursor: Any) -> None:
    used = tables.in_use(cursor)
    if used or media_files.listed(Path(settings.MEDIA_ROOT)):
        what = f"rows in {', '.join(used)}" if used else f"files in {settings.MEDIA_ROOT}"
        raise CannotRestore(
            f"There is a forum already ({what}). Back it up if you may need it, then run this again with --replace."
        )


def _refuse_running(cursor: Any) -> None:
    sessions = cursor.execute(SESSIONS, [settings.APPLICATION_ROLE]).fetchone()[0]
    works = cursor.execute(IS_HELD, [WORKER]).fetchone()[0]
    if sessions or works:
        what = "its worker is at work" if works else f"connections of {settings.APPLICATION_ROLE}: {sessions}"
        raise CannotRestore(f"The forum is running ({what}). Stop web and worker, then run this again.")


def _collect_erasures(archive: Archive) -> None:
    """Before the database is emptied, all lists go into the site's own: also what only the database knows."""
    with suppress(Error):  # a database without tables, or half restored, knows none
        erasures.complete(settings.ERASURES_LIST)
    kept = set(erasure_list.read(settings.ERASURES_LIST))
    packed = b"".join(archive.chunks(erasures.LIST)).decode()
    found = [*erasure_list.parse(packed), *erasure_list.read(archive.path.parent / erasures.LIST)]
    erasure_list.add([erasure for erasure in found if erasure not in kept], settings.ERASURES_LIST)


def _empty(cursor: Any, name: str) -> None:
    """Raises CannotRestore, and changes nothing, if somebody holds the tables or others own some of them."""
    try:
        with cursor.connection.transaction():
            half_restored.begin(cursor, name)
            if left := tables.names(cursor):
                raise CannotRestore(f"Tables of another owner are in this database: {', '.join(left[:5])}. Move them.")
    except psycopg.errors.LockNotAvailable:
        raise CannotRestore("Somebody uses the tables, perhaps a backup. Wait until it has ended.") from None
    except psycopg.errors.DependentObjectsStillExist as error:
        raise CannotRestore(f"The database cannot be emptied: {error}. Use the role of roles.sql as owner.") from None


def _fill(archive: Archive, programs: Programs, tell: Tell) -> None:
    """Rights and owners are not taken from the archive: its roles may have other names here."""
    tell("Restoring the database …")
    words = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--exit-on-error"]
    with programs.running("pg_restore", *words, stdin=subprocess.PIPE) as process:
        done = told = 0
        # A program that fails takes no more; its own words say why.
        with suppress(BrokenPipeError):
            for chunk in archive.chunks(DUMP):
                cast(IO[bytes], process.stdin).write(chunk)
                done += len(chunk)
                if done - told >= STEP:
                    told = done
                    tell(f"  {done / 1e6:.0f} MB")


def _compare(cursor: Any, manifest: Manifest, server: int) -> None:
    """Row by row, if the same major version reckons the fingerprints."""
    same_version = manifest.postgres.split(".")[0] == str(server)
    names = tables.differing(tables.count_rows(cursor), manifest.counts, counts_only=not same_version)
    if names:
        raise CannotRestore(f"What was restored differs from what was written in: {', '.join(names[:5])}.")


def _bring_up_to_date(tell: Tell) -> None:
    """Migrations since the backup, the rights of the application's role, and erasures since the backup."""
    tell("Migrations, rights, erasures …")
    with connection.cursor() as cursor:
        cursor.execute("SET borderpost.restores = on; SET statement_timeout = 0")
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        again = erasures.repeat(erasure_list.read(settings.ERASURES_LIST))
    tell(f"Erased again since the backup: {again}.")
    connection.close()
