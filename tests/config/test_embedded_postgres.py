"""The database that comes with ./run: started twice, killed, left behind, and never in anybody's way."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from config.devserver.embedded_postgres import EmbeddedPostgres, database_urls

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"
        EmbeddedPostgres(Path(folder) / "home").stop()
        EmbeddedPostgres(Path(folder) / ("deep" * 30)).stop()


def postmaster(database):
    return int((database.place.data / "postmaster.pid").read_text().split()[0])


def test_nothing_that_was_committed_is_lost_when_the_server_is_killed(home):
    database = EmbeddedPostgres(home)
    database.start()
    with psycopg.connect(database.url("owner")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 5000) AS n")

    os.kill(postmaster(database), signal.SIGKILL)
    database.start()

    with psycopg.connect(database.url("app")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (5000,)


def test_of_two_starters_one_starts_and_both_find_the_server(home):
    code = (
        "from pathlib import Path; from config.devserver.embedded_postgres import EmbeddedPostgres; "
        f"print(EmbeddedPostgres(Path({str(home)!r})).start())"
    )
    starters = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]

    said = sorted(starter.communicate(timeout=90)[0].decode().strip() for starter in starters)

    # The starters have ended: what they left behind is found, used and stopped.
    assert said == ["False", "True"]
    database = EmbeddedPostgres(home)
    assert database.is_running()
    assert database.stop()
    assert not database.is_running()


def test_a_path_too_long_for_a_socket_is_reached_over_tcp_with_a_password(home):
    database = EmbeddedPostgres(home.parent / ("deep" * 30))
    database.start()

    url = database_urls(database.place.home).app
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT inet_server_addr()::text").fetchone() == ("127.0.0.1/32",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(database.place.password, "wrong"))


def test_started_as_root_it_runs_as_somebody_else_and_changes_no_directory_of_others(home):
    before = [(path, path.stat().st_mode, path.stat().st_uid) for path in home.parents]
    database = EmbeddedPostgres(home)
    database.start()

    runs_as = Path(f"/proc/{postmaster(database)}").stat().st_uid

    assert [(path, path.stat().st_mode, path.stat().st_uid) for path in home.parents] == before
    assert runs_as != 0
    assert database.place.directory.stat().st_mode & 0o777 == 0o700


def test_the_application_may_write_rows_but_not_change_tables(home):
    database = EmbeddedPostgres(home)
    database.start()
    with psycopg.connect(database.url("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE things (n int)")
        for extension in ("unaccent", "pg_trgm", "intarray"):
            owner.execute(f"CREATE EXTENSION {extension}")

    with psycopg.connect(database.url("app"), autocommit=True) as app:
        app.execute("INSERT INTO things VALUES (1)")
        for statement in (
            "CREATE TABLE x (n int)",
            "DROP TABLE things",
            "ALTER TABLE things ADD m int",
            "TRUNCATE things",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
