"""Paths of a home directory's PostgreSQL, and how to connect to it, known from files alone.

    home/database.lock    locked while the server is started or stopped
    home/database.users   open in all processes that use it (config/devserver/holders.py)
    home/database/        0700, of the account the server runs as
        data/  log        the cluster
        socket/           the only way in; where its path is too long, TCP on 127.0.0.1 with a password
        password  port    for that way

When root starts it and the server's account cannot enter home, home/database is a link to a directory below
/var/lib/borderpost (not /var/tmp: systems clean that by age). No directory but these is touched.
"""

import contextlib
import os
import secrets
import socket
import sys
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import quote

from config.devserver.postgres_binaries import Account, DatabaseError, account_for

Role = Literal["app", "owner", "superuser"]
ROLES: dict[Role, str] = {"app": "borderpost", "owner": "borderpost_owner", "superuser": "postgres"}
SHARED_PLACES = Path("/var/lib/borderpost")
LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
SOCKET_PORT = 5432  # only the last part of the socket's name


class WayIn(NamedTuple):
    """How to connect: parameters of libpq, and the server's settings for them."""

    host: str
    port: str

    @property
    def server_settings(self) -> dict[str, str]:
        if not self.host.startswith("/"):
            return {"listen_addresses": self.host, "port": self.port, "unix_socket_directories": ""}
        quoted = self.host.replace('"', '""')
        return {"listen_addresses": "", "port": self.port, "unix_socket_directories": f'"{quoted}"'}


class Place:
    def __init__(self, home: Path):
        self.home = Path(home).absolute()

    @property
    def directory(self) -> Path:
        return (self.home / "database").resolve()

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    @property
    def account(self) -> Account:
        """The account that the server runs as."""
        account = account_for(self.directory)
        if account.is_somebody_else and os.geteuid() != 0:
            raise DatabaseError(
                f"The database in {self.directory} belongs to the user {account.name}.\n"
                "Start Borderpost as that user or as root, or set BORDERPOST_HOME to a directory of your own."
            )
        return account

    @property
    def socket_directory(self) -> Path:
        return self.directory / "socket"

    @property
    def uses_tcp(self) -> bool:
        """Whether to use TCP: the socket's path is too long, or has a comma, at which libpq splits hosts."""
        socket_path = os.fsencode(self.socket_directory / f".s.PGSQL.{SOCKET_PORT}")
        return len(socket_path) > LONGEST_SOCKET_PATH or b"," in socket_path

    @property
    def way_in(self) -> WayIn:
        if self.uses_tcp:
            return WayIn("127.0.0.1", self._read("port", "0"))
        return WayIn(str(self.socket_directory), str(SOCKET_PORT))

    @property
    def password(self) -> str:
        return self._read("password", "")

    @property
    def cluster_major(self) -> int | None:
        """The major version of PostgreSQL that made the cluster."""
        return int(self._read("data/PG_VERSION", "0")) or None

    @property
    def postmaster(self) -> int | None:
        """The process of the server, as it noted it; it may be gone."""
        first = self._read("data/postmaster.pid", "").partition("\n")[0]
        return int(first) if first.isdecimal() else None

    def url(self, role: Role, database: str) -> str:
        host, port = self.way_in
        if self.uses_tcp:
            return f"postgresql://{ROLES[role]}:{self.password}@{host}:{port}/{database}"
        return f"postgresql://{ROLES[role]}@/{database}?host={quote(host)}&port={port}"

    def make_home(self) -> None:
        with contextlib.suppress(FileExistsError):  # concurrently: without a home there is no lock yet
            self.home.mkdir(parents=True)
            self.home.chmod(0o711 if os.geteuid() == 0 else 0o700)

    def make(self) -> None:
        """Create a directory of the server's account: in home, or linked from home if that account may not enter it."""
        entry = self.home / "database"
        if not entry.exists():
            entry.unlink(missing_ok=True)  # a dangling link
            account = self.account
            if account.can_enter(self.home):
                _make_private(entry, account)
            else:
                entry.symlink_to(self._make_shared_place(account))
        _make_private(self.socket_directory, self.account)

    def make_password(self) -> None:
        path, account = self.directory / "password", self.account
        path.unlink(missing_ok=True)
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(32))
        if account.is_somebody_else:
            os.chown(path, account.uid, account.gid)

    def choose_port(self) -> None:
        """The last used port if it is free, else any free one."""
        if not self.uses_tcp:
            return
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(self.way_in.port)))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            (self.directory / "port").write_text(str(probe.getsockname()[1]))

    def _make_shared_place(self, account: Account) -> Path:
        SHARED_PLACES.mkdir(mode=0o755, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f"{self.home.parent.name}-", dir=SHARED_PLACES))
        _make_private(place, account)
        return place

    def _read(self, name: str, default: str) -> str:
        path = self.directory / name
        return path.read_text().strip() if path.exists() else default


def _make_private(directory: Path, account: Account) -> None:
    directory.mkdir(mode=0o700, exist_ok=True)
    if account.is_somebody_else:
        os.chown(directory, account.uid, account.gid)
