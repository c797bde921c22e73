"""What a container starts, run as it is run there: three roles apart, on a database that keeps what it acknowledges."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from config.devserver.embedded_postgres import EmbeddedPostgres
from tests.config.fake_smtp import fake_smtp
from tests.config.test_run import free_port

pytestmark = pytest.mark.proof
ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def server():
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "home")
        database.start()
        try:
            yield database
        finally:
            database.stop()


@pytest.fixture(scope="module")
def site(server):
    """The environment of web and worker, once migrations are applied."""
    owner = {"DATABASE_OWNER_URL": server.url("owner"), "BORDERPOST_HOME": f"{server.place.home}/made"}
    done = run(["docker/migrate.sh"], environment(owner))
    assert done.returncode == 0, done.stderr
    return settings_of(server.url("app"))


def settings_of(url):
    ours = {
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "forum.example.org",
        "SITE_URL": "https://forum.example.org",
        "SMTP_HOST": "mail.example.org",
        "MAIL_FROM": "post@example.org",
        "TRUSTED_PROXIES": "1",
        "BIND": f"127.0.0.1:{free_port()}",
        "WEB_PROCESSES": "1",
        "WEB_THREADS": "2",
    }
    return environment(ours)


def environment(ours):
    """As bare as a container's."""
    return {"PATH": f"{BIN}:{os.environ['PATH']}", "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"} | ours


def run(command, environment):
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@contextlib.contextmanager
def started(script, environment):
    process = subprocess.Popen(
        [script], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def is_healthy(part, environment):
    return run([sys.executable, "-m", "config.health.container", part], environment).returncode == 0


def wait_until(holds, process):
    for _ in range(300):
        assert process.poll() is None, process.stdout.read()
        if holds():
            return
        time.sleep(0.2)
    raise AssertionError("It did not come to pass.")


def get(environment, path, **headers):
    connection = http.client.HTTPConnection(environment["BIND"], timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def end(process):
    """Its exit code, when told to stop as a container is told."""
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    return process.returncode


def test_the_web_server_serves_and_ends_when_it_is_told(site):
    with started("docker/web.sh", site) as web:
        wait_until(lambda: is_healthy("web", site), web)
        ready = get(site, "/health/ready", Host="web")
        page = get(site, "/about/", Host="forum.example.org", **{"X-Forwarded-Proto": "https"})
        stranger = get(site, "/about/", Host="web", **{"X-Forwarded-Proto": "https"})
        ended = end(web)

    assert ready == (200, "ok\n")
    assert page[0] == 200
    assert stranger[0] == 400
    assert ended == 0
    assert not is_healthy("web", site)


def test_without_its_tables_the_web_server_is_unwell_and_says_which_are_missing(server):
    with psycopg.connect(server.url("owner", "postgres"), autocommit=True) as owner:
        owner.execute("CREATE DATABASE untouched")
    untouched = settings_of(server.url("owner", "untouched"))

    with started("docker/web.sh", untouched) as web:
        wait_until(lambda: is_answering(untouched), web)
        ready = get(untouched, "/health/ready")
        well = is_healthy("web", untouched)

    assert ready == (503, "missing: migrations\n")
    assert not well


def is_answering(environment):
    try:
        return get(environment, "/health/live") == (200, "ok\n")
    except OSError:
        return False


def test_the_worker_works_and_ends_when_it_is_told(site):
    before = is_healthy("worker", site)
    with started("docker/worker.sh", site) as worker:
        wait_until(lambda: is_healthy("worker", site), worker)
        ended = end(worker)

    assert not before
    assert ended == 0
    assert not is_healthy("worker", site)


def test_the_doctor_finds_nothing_wrong_with_such_a_site_while_its_worker_works(site, collected):
    doctor = [sys.executable, "manage.py", "doctor"]
    with fake_smtp() as mail_server, started("docker/worker.sh", site) as worker:
        # A mail server that is there wherever the test runs, with or without a network.
        here = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mail_server.server_address[1]), "SMTP_TLS": "0"}
        wait_until(lambda: is_healthy("worker", site), worker)
        with_worker = run(doctor, site | collected | here)
        worker.kill()
        worker.wait()
        without = run(doctor, site | collected | here)

    assert "\nwrong" not in f"\n{with_worker.stdout}"
    assert "The role borderpost reads and writes rows" in with_worker.stdout
    assert "What is acknowledged is on the disk." in with_worker.stdout
    assert with_worker.returncode == 0
    assert [line for line in without.stdout.splitlines() if line.startswith("wrong")] == [
        "wrong    No worker is at work: no news, no letters, no chores of the night."
    ]
    assert without.returncode == 1


@pytest.fixture
def collected(tmp_path):
    """Where static files were collected, as the image does it while it is built."""
    ours = {"STATIC_ROOT": str(tmp_path / "static"), "BORDERPOST_HOME": str(tmp_path / "home")}
    done = run(
        [sys.executable, "manage.py", "collectstatic", "--no-input"], environment(ours | {"COLLECT_STATIC": "1"})
    )
    assert done.returncode == 0, done.stderr
    return ours
