"""Taking a backup: one snapshot of the database, the media, and what is needed to check and restore them."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple, cast

from django.conf import settings
from django.db import connection

from accounts.logs.erasure_list import Erasure
from config import VERSION, environment
from config.backup import erasures, half_restored, media_files, rotation, tables
from config.backup.archive import DUMP, MEDIA, ArchiveWriter
from config.backup.manifest import FORMAT, Manifest
from config.backup.postgres_client import Programs, choose_client

Tell = Callable[[str], None]
LOCK = 7_215_002  # an advisory lock that no other code uses
STEP = 64 * 1024 * 1024  # bytes between two lines of progress
PROMISE = "What was committed before begun_at is in it; what came later is lost with the server."


class CannotBackUp(Exception):
    """Nothing was written; the message says why and what to do."""


class Snapshot(NamedTuple):
    """What pg_dump and the counts of rows both look at."""

    name: str
    begun_at: datetime
    server: str
    counts: dict[str, list]
    migrations: list[list[str]]


def back_up(target: Path, tell: Tell, *, keep: int = 0) -> Path:
    """Write a backup to a file, or under a name of ours into a directory, and return its path.

    With `keep`, remove all but so many of our own names from the directory once the new one is whole. Raises
    CannotBackUp, NoClient, ClientFailed and OSError; then nothing half is left and nothing is removed.
    """
    begun = time.monotonic()
    half_restored.refuse()
    if why := tables.not_the_owner() or tables.not_there():
        raise CannotBackUp(why)
    directory, path = _place(target)
    programs = Programs(choose_client(connection.pg_version // 10_000))  # type: ignore[attr-defined]
    with _snapshot(tell) as snapshot:
        rotation.remove_unfinished(directory)
        every = erasures.complete(directory / erasures.LIST)
        path = path or directory / rotation.name_at(snapshot.begun_at)
        with rotation.written_whole(path) as file:
            archive = ArchiveWriter(file)
            _add_database(archive, programs, snapshot, tell)
            _add_media(archive, tell)
            _add_list(archive, every)
            archive.finish(_manifest(snapshot, archive, programs, time.monotonic() - begun).to_json())
    tell(f"{path} is whole: {path.stat().st_size / 1e6:.1f} MB in {time.monotonic() - begun:.1f} s.")
    for old in rotation.remove_old(directory, keep) if keep else []:
        tell(f"Removed {old.name}: the newest {keep} are kept.")
    return path


def _place(target: Path) -> tuple[Path, Path | None]:
    """The directory, and the file in it unless we name it. A target that ends in .tar is a file."""
    target = target.absolute()
    directory, path = (target.parent, target) if target.suffix == ".tar" else (target, None)
    for served in (settings.MEDIA_ROOT, settings.STATIC_ROOT):
        if directory.resolve().is_relative_to(Path(served).resolve()):
            raise CannotBackUp(f"{directory} is served to everybody. Choose a directory of its own.")
    if path and path.exists():
        raise CannotBackUp(f"{path} is there already. Choose another name, or a directory.")
    if not directory.exists():
        directory.mkdir(parents=True, mode=0o700)
    return directory, path


@contextmanager
def _snapshot(tell: Tell) -> Iterator[Snapshot]:
    """Context manager: a transaction that sees the database as of one moment, for as long as it is open."""
    with connection.get_new_connection(connection.get_connection_params()) as asking:
        asking.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        if not asking.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()[0]:
            raise CannotBackUp("Another backup is being made. Wait until it has ended.")
        asking.commit()
        asking.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tell("Counting rows …")
        name, begun_at, server = asking.execute(
            "SELECT pg_export_snapshot(), clock_timestamp(), current_setting('server_version')"
        ).fetchone()
        migrations = [list(row) for row in asking.execute("SELECT app, name FROM django_migrations").fetchall()]
        yield Snapshot(name, begun_at.astimezone(UTC), server, tables.count_rows(asking), migrations)


def _add_database(archive: ArchiveWriter, programs: Programs, snapshot: Snapshot, tell: Tell) -> None:
    tell("Dumping the database …")
    words = ["--format=custom", f"--snapshot={snapshot.name}", "--lock-wait-timeout=60s"]
    with programs.running("pg_dump", *words, stdout=subprocess.PIPE) as process:
        told = 0
        for size in archive.add(DUMP, cast(IO[bytes], process.stdout)):
            if size - told >= STEP:
                told = size
                tell(f"  {size / 1e6:.0f} MB")


def _add_media(archive: ArchiveWriter, tell: Tell) -> None:
    """After the snapshot, so that every file is there that a row of it names. One removed since then is left out."""
    root = Path(settings.MEDIA_ROOT)
    paths = media_files.listed(root)
    tell(f"Copying media: {len(paths)} files …")
    for path in paths:
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue
        with source:
            for _ in archive.add(MEDIA + path.relative_to(root).as_posix(), source):
                pass


def _add_list(archive: ArchiveWriter, every: list[Erasure]) -> None:
    archive.add_text(erasures.LIST, "".join(erasure.line() for erasure in every).encode())


def _manifest(snapshot: Snapshot, archive: ArchiveWriter, programs: Programs, seconds: float) -> Manifest:
    return Manifest(
        format=FORMAT,
        version=VERSION,
        begun_at=snapshot.begun_at.isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        postgres=snapshot.server,
        client_major=programs.client.major,
        migrations=snapshot.migrations,
        counts=snapshot.counts,
        members={name: list(member) for name, member in archive.members.items()},
        settings=environment.given(),
        promise=PROMISE,
    )
