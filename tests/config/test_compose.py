"""The containers' files say what docs/operating.md promises of them."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ["migrate", "web", "worker"]
LASTING = ["database", "web", "worker", "proxy"]
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "BORDERPOST_OWNER_PASSWORD", "BORDERPOST_APP_PASSWORD", "PGPASSWORD"}
every_service = pytest.mark.parametrize("name", SERVICES)


def stage(name):
    """The lines of one image in the Dockerfile."""
    return re.search(rf"^FROM [\w.:-]+ AS {name}\n(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL).group(1)


def text(value):
    return yaml.safe_dump(value)


def test_these_are_the_parts():
    assert set(SERVICES) == {"database", "migrate", "web", "worker", "proxy"}


@every_service
def test_no_part_has_more_powers_than_it_needs(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service
    assert "privileged" not in service


@every_service
def test_no_part_runs_as_root(name):
    service = SERVICES[name]
    of_image = re.findall(r"^USER (.+)$", stage(service["build"]["target"]), re.MULTILINE) if "build" in service else []

    users = [*of_image, service.get("user", of_image[-1] if of_image else "root")]

    assert users[-1] not in {"root", "0", "0:0"}


@every_service
def test_what_may_be_written_is_small_or_a_named_volume(name):
    service = SERVICES[name]
    mounts = [volume.split(":") for volume in service.get("volumes", [])]

    assert all(":size=" in place for place in service["tmpfs"])
    assert {mount[0] for mount in mounts if mount[-1] != "ro"} <= set(COMPOSE["volumes"])


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert all("network_mode" not in service for service in SERVICES.values())


def test_the_proxy_cannot_reach_the_database_and_the_database_nobody_outside():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["database"]["networks"] == SERVICES["migrate"]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["outside"]


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_watched_and_comes_back(name):
    service = SERVICES[name]

    assert service["healthcheck"]["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])
    assert service["restart"] == "unless-stopped"
    assert "stop_grace_period" in service


def test_migrations_run_once():
    assert SERVICES["migrate"]["restart"] == "no"


def test_each_waits_for_what_it_needs():
    on_database = {"condition": "service_healthy"}
    migrated = {"condition": "service_completed_successfully"}

    assert SERVICES["migrate"]["depends_on"] == {"database": on_database}
    assert SERVICES["web"]["depends_on"] == {"database": on_database, "migrate": migrated}
    assert SERVICES["worker"]["depends_on"] == {"database": on_database, "migrate": migrated}
    assert SERVICES["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}


@every_service
def test_secrets_come_from_the_environment_and_their_lack_is_said_in_words(name):
    found = {key: value for key, value in SERVICES[name].get("environment", {}).items() if key in SECRETS}

    assert [value for value in found.values() if not re.fullmatch(r"\$\{[A-Z_]+:\?[a-z ]{10,}\}", value)] == []
    assert not re.search(r"://[^/\s]*:[^/\s]*@", text(SERVICES[name]))


def test_there_is_a_secret_where_one_is_needed():
    assert {"SECRET_KEY", "PGPASSWORD"} <= set(SERVICES["web"]["environment"])
    assert {"SECRET_KEY", "PGPASSWORD"} <= set(SERVICES["worker"]["environment"])


def test_the_owner_s_password_is_known_to_the_database_and_the_migrations_alone():
    knowing = [name for name, service in SERVICES.items() if "OWNER_PASSWORD" in text(service)]

    assert knowing == ["database", "migrate"]
    assert "borderpost_owner@" not in text(SERVICES["web"]) + text(SERVICES["worker"])


def test_one_proxy_is_trusted():
    assert SERVICES["web"]["environment"]["TRUSTED_PROXIES"] == "1"


@pytest.mark.parametrize("name", OURS)
def test_each_start_script_is_there_and_can_be_run(name):
    (script,) = SERVICES[name]["command"]

    assert (ROOT / script).stat().st_mode & 0o111
    assert (ROOT / script).read_text().splitlines()[-1].startswith(("exec ", "    "))
    assert subprocess.run(["sh", "-n", ROOT / script]).returncode == 0


@pytest.mark.parametrize(("certificate", "kind"), [("", "http"), ("-----BEGIN CERTIFICATE-----", "https")])
def test_the_proxy_speaks_https_once_there_is_a_certificate(tmp_path, certificate, kind):
    (tmp_path / "nginx").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "nginx").chmod(0o755)
    (tmp_path / "fullchain.pem").write_text(certificate)
    script = (ROOT / "docker/proxy.sh").read_text().replace("/certificates/", f"{tmp_path}/")

    said = subprocess.run(["sh", "-c", script], env={"PATH": f"{tmp_path}:/bin"}, capture_output=True, text=True).stdout

    assert f"speaks {kind}." in said
    assert f"-c /etc/borderpost/{kind}.conf -g daemon off;" in said
    assert (ROOT / f"docker/proxy/{kind}.conf").exists()


def test_every_setting_that_is_passed_on_exists():
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    of_scripts = {"PGPASSWORD", "WEB_PROCESSES", "WEB_THREADS"}
    passed = {key for name in OURS for key in SERVICES[name]["environment"]}

    assert passed - documented - of_scripts == set()


def test_every_variable_is_explained():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    explained = (ROOT / "docs" / "operating.md").read_text() + (ROOT / "docs" / "settings.md").read_text()

    assert len(asked) > 10
    assert {name for name in asked if f"`{name}`" not in explained} == set()


# --- The images ---


def test_images_are_named_with_their_version():
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert images == ["python:3.13-slim", "nginx:stable-alpine", "python:3.13-slim"]
    assert SERVICES["database"]["image"] == "postgres:18"


def test_what_is_installed_is_checked_by_its_hash():
    assert "pip install --require-hashes --requirement /requirements.lock" in stage("build")
    assert "pip install" not in stage("app")


def test_static_files_are_collected_while_the_image_is_built():
    assert "COLLECT_STATIC=1" in stage("build")
    assert "--from=build /app/staticfiles /srv/static" in stage("proxy")


def test_no_secret_is_built_in():
    assert not re.search(r"(SECRET|PASSWORD|TOKEN)", DOCKERFILE)


def test_only_what_runs_goes_into_an_image():
    """A list of what may: so neither .env nor a database can slip in, and no application is forgotten."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    let_in = {line[1:] for line in lines if line.startswith("!")}
    apps = {app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()}

    assert lines[0] == "*"
    assert let_in == apps | {"static", "templates", "docker", "manage.py", "requirements.lock"}


def test_the_proxy_takes_as_much_as_the_settings_do():
    (limit,) = re.findall(r"client_max_body_size (\d+)k;", (ROOT / "docker/proxy/common.conf").read_text())

    assert int(limit) * 1024 == settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_the_proxy_waits_longer_than_the_longest_question():
    (patience,) = re.findall(r"proxy_read_timeout (\d+)s;", (ROOT / "docker/proxy/common.conf").read_text())
    (longest,) = re.findall(r"statement_timeout=(\d+)s", settings.DATABASES["default"]["OPTIONS"]["options"])

    assert int(patience) > int(longest)


def test_the_proxy_knows_the_kind_of_every_static_file():
    known = set(re.findall(r"\b([a-z0-9]+)(?=[ ;])", re.search(
        r"types \{(.*?)\}", (ROOT / "docker/proxy/common.conf").read_text(), re.DOTALL).group(1)))  # fmt: skip
    kinds = {path.suffix[1:] for path in (ROOT / "static").rglob("*.*") if path.is_file()}

    assert len(kinds) > 2
    assert kinds <= known
