"""The units of systemd for the way without Docker, as systemd itself reads them."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = ROOT / "deploy" / "systemd"
SERVICES = ["borderpost-web", "borderpost-worker", "borderpost-backup"]
ANALYZE = shutil.which("systemd-analyze")
with_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="No systemd-analyze is here (Debian: apt-get install systemd)"
)
LARGEST_EXPOSURE = 2.0  # of 10, as systemd counts what a service could do


@pytest.fixture
def installed(tmp_path):
    """The units with a program that is there, because the forum is not in /srv."""
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    for unit in tmp_path.glob("*.service"):
        unit.write_text(re.sub(r"(?<==)/srv/borderpost/\.venv/bin/\w+", "/bin/true", unit.read_text()))
    return tmp_path


def analyze(folder, *words):
    environment = {"SYSTEMD_UNIT_PATH": f"{folder}:", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run([ANALYZE, *map(str, words)], env=environment, capture_output=True, text=True)


def options(name, section="Service"):
    """The options of a unit that are given once."""
    found = configparser.RawConfigParser(strict=False, interpolation=None)
    found.optionxform = str
    found.read(UNITS / name)
    return dict(found[section])


@with_systemd
def test_systemd_has_nothing_against_them(installed):
    done = analyze(installed, "verify", "--man=no", *sorted(installed.glob("borderpost-*.*[rte]")))

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@with_systemd
def test_the_control_a_wrong_unit_is_noticed(installed):
    unit = installed / "borderpost-worker.service"
    unit.write_text(unit.read_text().replace("Restart=always", "Restart=sometimes\nNoNewPriviliges=yes"))

    done = analyze(installed, "verify", "--man=no", unit)

    assert "NoNewPriviliges" in done.stderr
    assert "sometimes" in done.stderr


@with_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_do_little(installed, name):
    done = analyze(installed, "security", "--offline=yes", "--no-pager", installed / f"{name}.service")

    exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)[1])
    assert exposure <= LARGEST_EXPOSURE


@with_systemd
def test_the_control_without_the_hardening_it_could_do_much(installed):
    shutil.rmtree(installed / "borderpost-.service.d")

    done = analyze(installed, "security", "--offline=yes", "--no-pager", installed / "borderpost-web.service")

    assert float(re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)[1]) > 9


def test_the_owner_s_password_is_given_to_backups_alone():
    given = [unit.name for unit in UNITS.glob("*.service") if "/etc/borderpost/owner" in unit.read_text()]

    assert given == ["borderpost-backup.service"]


@pytest.mark.parametrize("name", ["borderpost-web", "borderpost-worker"])
def test_what_lasts_comes_back(name):
    service = options(f"{name}.service")

    assert service["Restart"] == "always"
    assert options(f"{name}.service", "Unit")["StartLimitIntervalSec"] == "0"
    assert options(f"{name}.service", "Install")["WantedBy"] == "multi-user.target"


def test_the_web_server_is_started_as_in_the_container_but_on_the_socket():
    in_container = set(re.findall(r"--[a-z-]+", (ROOT / "docker/web.sh").read_text())) - {"--bind"}
    here = options("borderpost-web.service")["ExecStart"]

    assert set(re.findall(r"--[a-z-]+", here)) == in_container
    assert '--forwarded-allow-ips ""' in here


def test_it_waits_for_answers_longer_than_gunicorn_does():
    graceful = int(re.search(r"--graceful-timeout (\d+)", options("borderpost-web.service")["ExecStart"])[1])

    assert int(options("borderpost-web.service")["TimeoutStopSec"].removesuffix("s")) > graceful


def test_nginx_alone_reaches_the_socket_and_knows_where_it_is():
    socket = options("borderpost-web.socket", "Socket")

    assert (socket["SocketUser"], socket["SocketMode"]) == ("www-data", "0600")
    assert f"server unix:{socket['ListenStream']} " in (ROOT / "deploy/nginx/borderpost").read_text()
