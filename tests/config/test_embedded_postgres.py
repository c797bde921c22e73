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

    with psycopg.connect(database.url("owner")) as connection:
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
        owner.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON things TO borderpost")
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


def test_making_the_roles_leaves_other_databases_as_they_are(home):
    """A server may be shared; and what stands in template1 would come with every database that is made later."""
    database = EmbeddedPostgres(home)
    database.start()
    with psycopg.connect(database.url("superuser", "postgres"), autocommit=True) as superuser:
        superuser.execute("CREATE DATABASE neighbour")
        before = [rights_in(database, name) for name in ("template1", "postgres", "neighbour")]

    (database.place.directory / "roles.done").unlink()
    database.start()

    after = [rights_in(database, name) for name in ("template1", "postgres", "neighbour")]
    assert after == before == [([], None)] * 3
    assert rights_in(database, "borderpost") == (
        [],
        "{pg_database_owner=UC/pg_database_owner,borderpost=U/pg_database_owner}",
    )


def rights_in(database, name):
    """Default privileges, and the rights over the schema public if they are not those of a new server."""
    with psycopg.connect(database.url("superuser", name)) as superuser:
        defaults = superuser.execute("SELECT defaclacl::text FROM pg_default_acl").fetchall()
        ((schema,),) = superuser.execute(
            "SELECT nullif(nspacl::text, '{pg_database_owner=UC/pg_database_owner,=U/pg_database_owner}')"
            " FROM pg_namespace WHERE nspname = 'public'"
        ).fetchall()
    return defaults, schema


def test_making_the_roles_again_gives_them_the_passwords_of_the_environment(home):
    database = EmbeddedPostgres(home.parent / ("deep" * 30))
    database.start()
    old, place = database.url("app"), database.place
    password = place.password
    roles = (Path(ROOT) / "config/devserver/roles.sql").read_text()
    host, port = place.way_in
    environment = {
        **os.environ, "PGHOST": host, "PGPORT": port, "PGUSER": "postgres", "PGPASSWORD": password,
        "BORDERPOST_OWNER_PASSWORD": "it's: new / 1", "BORDERPOST_APP_PASSWORD": "it's: new / 2",
    }  # fmt: skip

    for _ in range(2):
        made = subprocess.run(
            [database.binaries.directory / "psql", "--no-psqlrc", "--quiet", "--dbname=postgres"],
            input=roles, env=environment, text=True, capture_output=True,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr

    with psycopg.connect(host=host, port=port, user="borderpost", password="it's: new / 2", dbname="borderpost"):
        pass
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(old)


@pytest.mark.parametrize(
    ("gigabytes", "megabytes"), [(0.25, 128), (2, 512), (8, 2048), (64, 4096)], ids=lambda size: f"{size}"
)
def test_a_quarter_of_the_memory_is_shared_within_bounds(monkeypatch, gigabytes, megabytes):
    pages = {"SC_PHYS_PAGES": int(gigabytes * 2**30 / 4096), "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr("os.sysconf", pages.__getitem__)

    settings = EmbeddedPostgres(Path("nowhere"), settings={"autovacuum": "off"})._settings()

    assert settings["shared_buffers"] == f"{megabytes}MB"
    assert settings["random_page_cost"] == "1.1"
    assert settings["autovacuum"] == "off"
