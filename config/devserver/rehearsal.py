"""`./run rehearse-restore`: a backup, restored on a throw-away server and looked at from all sides."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.site_environment import environment_of, running

ROOT = Path(__file__).resolve().parent.parent.parent
TABLES = ["moderation_moderationentry", "moderation_entrywords"]
CHANGES = [statement.format(table) for table in TABLES for statement in (
    "UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}")]  # fmt: skip
PATIENCE = 60  # seconds for the worker to begin
Say = Callable[[str], None]


class Failed(Exception):
    """A step did not do what it should; the message says which."""


def rehearse(home: Path, *, demo: bool, say: Say) -> int:
    """Back up the site of `home`, or a demo where that has no database, and restore it. Returns 0 if all is well.

    The site itself is only read. What is made for the rehearsal goes away at the end, also after Ctrl-C.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="borderpost-rehearsal-")))
        folder.chmod(0o711)
        try:
            _rehearse(home, folder, stack, demo=demo, say=say)
        except Failed as failure:
            say(f"The rehearsal failed: {failure}")
            return 1
    say("The rehearsal went well, and what it made is gone.")
    return 0


def _rehearse(home: Path, folder: Path, stack: ExitStack, *, demo: bool, say: Say) -> None:
    site = _environment_of_site(home, folder, stack, demo=demo, say=say)
    archive = folder / "rehearsal.tar"
    _step(say, "Backing up", site, "backup", str(archive))
    _step(say, "Comparing checksums", site, "backup", "--check", str(archive), quiet=True)
    manifest = _manifest_of(archive)
    committed = datetime.fromisoformat(manifest["begun_at"])
    lost = (datetime.now(UTC) - committed).total_seconds()
    say("Starting an empty server …")
    target = EmbeddedPostgres(folder / "target")
    stack.enter_context(_running_until_the_end(target))
    fresh = _environment_of_copy(target, demo=demo)
    begun = time.monotonic()
    _step(say, "Restoring", fresh, "restore", str(archive), quiet=True)
    recovered = time.monotonic() - begun
    _print_counts(say, manifest, target)
    _try_to_change_the_log(say, target.url("app"))
    _ask_doctor(say, fresh, folder / "worker.log")
    say(f"Files in the archive, each with its SHA-256: {len(manifest['members'])}.")
    say(f"RPO: {lost:.1f} s passed from its snapshot until this backup was whole and checked; what is written after "
        f"{committed:%H:%M:%S} UTC is not in it. With a backup each night, a day at most.")  # fmt: skip
    say(f"RTO: {recovered:.1f} s from an empty server to a forum that doctor has looked at.")


def _environment_of_site(home: Path, folder: Path, stack: ExitStack, *, demo: bool, say: Say) -> dict[str, str]:
    is_there = (home / "database").exists()
    source = EmbeddedPostgres(home if is_there else folder / "source")
    stack.enter_context(running(source) if is_there else _running_until_the_end(source))
    environment = environment_of(source, demo=demo, port=8000)
    if is_there:
        say(f"The site is that of {home}.")
        return environment
    say(f"There is no database in {home}: a demo is made.")
    _step(say, "Making its tables", environment, "migrate", "--verbosity", "0")
    if demo:
        _step(say, "Writing the demo", environment, "seed", quiet=True)
    return environment


def _environment_of_copy(target: EmbeddedPostgres, *, demo: bool) -> dict[str, str]:
    """Nothing of the site is written to, and no letter of the copy reaches a member."""
    home = target.place.home
    ours = {"MEDIA_ROOT": str(home / "media"), "ERASURES_LIST": str(home / "erasures.jsonl"), "SMTP_HOST": ""}
    return environment_of(target, demo=demo, port=8000) | ours


@contextmanager
def _running_until_the_end(database: EmbeddedPostgres) -> Iterator[None]:
    """Stopped also when Ctrl-C comes while it starts."""
    try:
        database.start()
        yield
    finally:
        database.stop()


def _step(say: Say, name: str, environment: dict[str, str], *words: str, quiet: bool = False) -> None:
    say(f"{name} …")
    command = [sys.executable, "manage.py", *words]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=quiet, text=True)
    if answer.returncode:
        raise Failed(f"manage.py {words[0]} ended with {answer.returncode}. {(answer.stderr or '').strip()[-800:]}")


def _manifest_of(archive: Path) -> dict[str, Any]:
    # Not by config.backup, which needs Django: this process has none.
    tar = ["tar", "--extract", "--to-stdout", f"--file={archive}", "manifest.json"]
    return json.loads(subprocess.run(tar, check=True, capture_output=True).stdout)


def _print_counts(say: Say, manifest: dict[str, Any], target: EmbeddedPostgres) -> None:
    say(f"{'Rows in':<46}{'the site':>10}{'restored':>10}")
    with psycopg.connect(target.url("owner")) as owner:
        for name, (count, _) in sorted(manifest["counts"].items()):
            found = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            restored = (found.fetchone() or [None])[0]
            if count or restored:
                say(f"  {name:<44}{count:>10}{restored:>10}")
            if count != restored:
                raise Failed(f"{name} has {restored} rows and not {count}.")
    say("What is in the rows was compared too, by a fingerprint for each table: all are the same.")


def _try_to_change_the_log(say: Say, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as application:
        for statement in CHANGES:
            try:
                application.execute(statement)
            except psycopg.errors.InsufficientPrivilege as error:
                if "permission denied for table" in str(error):
                    continue
                raise Failed(f"the application's role was stopped by a trigger alone: {statement}") from None
            raise Failed(f"the application's role could change moderators' log: {statement}")
    say(f"The application's role tried to change moderators' log in {len(CHANGES)} ways, and may not.")


def _ask_doctor(say: Say, environment: dict[str, str], log: Path) -> None:
    """With a worker at work, whose lack would be wrong, and when it has done what was waiting in the backup."""
    _step(say, "Doing what was waiting", environment, "worker", "--once", quiet=True)
    command = [sys.executable, "manage.py", "worker"]
    with log.open("w") as said:
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    try:
        health = [sys.executable, "-m", "config.health.container", "worker"]
        deadline = time.monotonic() + PATIENCE
        while subprocess.run(health, cwd=ROOT, env=environment, capture_output=True).returncode:
            if worker.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"the worker did not begin on what was restored. {log.read_text()[-800:]}")
            time.sleep(0.5)
        _step(say, "Asking doctor", environment, "doctor")
    finally:
        worker.terminate()
        worker.wait()
