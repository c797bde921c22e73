"""Each command in docs/operating.md does what the document says: it is run, or what can be known of it is looked at.

A command of a kind that is not listed here fails the test.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.db import connection

from config.devserver import launcher
from tests.config.test_run import free_port
from tests.config.throwaway_site import ROOT, site_in, wait_until

DOCUMENT = (ROOT / "docs/operating.md").read_text()
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
UNITS = ROOT / "deploy/systemd"
BIN = Path(sys.executable).parent
BACKUPS = {"/var/backups/borderpost", "/backups"}  # places that become one of the throw-away site


def fenced(kind):
    blocks = re.findall(rf"^```{kind}\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def written():
    """Every command line of the document, without its comment, and those of cron without their times."""
    of_cron = [re.sub(r"^(\S+\s+){5}", "", line) for line in fenced("crontab")]
    lines = [re.sub(r"\s+#.*", "", line) for line in fenced("sh") + of_cron]
    parts = [part.strip() for line in lines for part in line.split("&&")]
    # Where the files are does not matter for what is done with them.
    here = [part.replace(" --project-directory /srv/borderpost", "") for part in parts if part != "cd /srv/borderpost"]
    return list(dict.fromkeys(here))


def as_management(words):
    """A command of manage.py that a line runs, whether in a container or not; None if it runs none.

    The services for backups have the command in their entrypoint, and arguments of their own if none are given.
    """
    match words:
        case [".venv/bin/python", "manage.py", *rest] | [
            "docker",
            "compose",
            "exec",
            "web",
            "python",
            "manage.py",
            *rest,
        ]:
            return rest
        case ["COLLECT_STATIC=1", *rest]:
            return as_management(rest)
        case ["docker", "compose", "run", "--rm", name, *rest]:
            service = SERVICES[name]
            given = rest or [re.sub(r"\$\{\w+:-(.*?)\}", r"\1", word) for word in service["command"]]
            return [*service["entrypoint"], *given][2:]
    return None


# --- What is looked at, because it needs Docker, an authority, systemd or a network ---


def look_at_compose(words):
    verb, *rest = words[2:]
    known = {"up": {"--detach", "--build"}, "stop": set(), "restart": set()}
    assert {word for word in rest if word.startswith("-")} <= known[verb]
    assert {word for word in rest if not word.startswith("-")} <= set(SERVICES)


def look_at_certbot(words):
    """The challenges are where the proxy looks for them, in the directory that it is given."""
    place = Path(words[words.index("--webroot-path") + 1])
    assert place.name == "challenges"
    assert f"${{CERTIFICATES:-./{place.parent}}}:/certificates:ro" in SERVICES["proxy"]["volumes"]
    assert "root /certificates/challenges;" in (ROOT / "docker/proxy/challenges.conf").read_text()


def look_at_install(words):
    """Files for the proxy belong to its account, the directory of backups to that of the application."""
    owner = words[words.index("-o") + 1] if "-o" in words else None
    if words[-1] == "backups":
        assert f"useradd --uid {owner} " in (ROOT / "Dockerfile").read_text()
        assert "${BACKUPS:-./backups}:/backups" in SERVICES["backup"]["volumes"]
    elif owner and owner != "borderpost":
        assert SERVICES["proxy"]["user"].startswith(f"{owner}:")
    assert subprocess.run(["sh", "-nc", shlex.join(words)]).returncode == 0


def look_at_systemd(words):
    """The units are there; what has a socket is stopped with it, because the next request would start it again."""
    assert words[1] in {"start", "stop", "restart", "reload", "enable", "daemon-reload"}
    units = [word for word in words[2:] if word != "--now"]
    ours = [unit for unit in units if unit != "nginx"]
    assert [unit for unit in ours if not (UNITS / (unit if "." in unit else f"{unit}.service")).exists()] == []
    assert words[1] != "stop" or "borderpost-web.socket" in units


def look_at_copies(words):
    """What is copied is there, and nginx finds the site where it was put."""
    verb, *names = [word for word in words if word != "-r"]
    if verb == "cp":
        assert (ROOT / names[0]).exists()
    else:
        assert f"cp deploy/nginx/borderpost {words[2]}" in DOCUMENT
    assert names[-1].startswith(("/etc/systemd/system/", "/etc/nginx/sites-"))


def look_at_account(words):
    """The account is that of the units."""
    assert "borderpost" in words
    assert "User=borderpost" in (UNITS / "borderpost-.service.d/hardening.conf").read_text()


def look_at_settings(words):
    """The files of settings are those of the units, and the shell reads them as systemd does."""
    read = (UNITS / "borderpost-.service.d/hardening.conf").read_text() + (
        UNITS / "borderpost-backup.service"
    ).read_text()
    if words[0] == ".":
        assert f"EnvironmentFile={words[1]}" in read
    elif words[0] != "set":
        assert f"Environment={words[0]}" in read


def look_at_nginx(words):
    assert words == ["nginx", "-t"]


def look_at_python(words):
    files = [word for word in words if word.endswith(".lock")]
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert "--require-hashes" in words or words[:3] == ["python3", "-m", "venv"]


def look_at_git(words):
    assert words == ["git", "pull"]


LOOKED_AT = [
    (r"docker compose (up|stop|restart)\b", look_at_compose),
    (r"certbot certonly ", look_at_certbot),
    (r"install -", look_at_install),
    (r"systemctl ", look_at_systemd),
    (r"(cp|ln -s) ", look_at_copies),
    (r"(adduser|runuser) ", look_at_account),
    (r"(set [-+]a$|\. /|BORDERPOST_HOME=)", look_at_settings),
    (r"nginx ", look_at_nginx),
    (r"(python3 -m venv|\.venv/bin/pip install) ", look_at_python),
    (r"git pull$", look_at_git),
]


# --- What is run ---


class Operator:
    """Runs commands of the document on a site of its own, with places that are its own."""

    def __init__(self, site, folder):
        self.site, self.backups = site, folder / "backups"
        self.own = {"STATIC_ROOT": str(folder / "static"), "BACKUPS": str(self.backups)}
        for name in ("cur", "new", "tmp"):
            (folder / "Maildir" / name).mkdir(parents=True)
        self.maildir = folder / "Maildir"

    def manage(self, words, **environment):
        done = self.site.run(*map(self._own_place, words), **self.own, **environment)
        assert done.returncode == 0, done.stdout + done.stderr

    def _own_place(self, word):
        """The archive of the document is the newest of ours."""
        place, _, name = word.rpartition("/")
        if place in BACKUPS and name.endswith(".tar"):
            return str(max(self.backups.glob("borderpost-*.tar")))
        return str(self.backups if word in BACKUPS else self.maildir if name == "Maildir" else word)

    def make_administrator(self, words):
        """It asks for a name and a password; here the environment answers, once for both ways to run a forum."""
        if not self.site.ask("SELECT username FROM accounts_user"):
            named = {"USERNAME": "tea_house", "EMAIL": "tea@example.org", "PASSWORD": "a kettle of tea"}
            self.manage([*words, "--no-input"], **{f"DJANGO_SUPERUSER_{name}": value for name, value in named.items()})

    def work(self, words, while_at_work=lambda: None):
        worker = self.site.start(*words)
        try:
            wait_until(self.site.has_worker, worker)
            while_at_work()
        finally:
            worker.terminate()
            worker.communicate()

    def ask_doctor(self, words):
        self.work(["worker"], lambda: self.manage(words))

    def collect(self, words):
        self.manage(words, COLLECT_STATIC="1")

    def serve(self, words):
        bind = f"127.0.0.1:{free_port()}"
        environment = self.site.environment | {"GUNICORN_CMD_ARGS": f"--bind {bind} --no-control-socket", "BIND": bind}
        web = subprocess.Popen(
            [BIN / "gunicorn", *words[1:]], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        health = [sys.executable, "-m", "config.health.container", "web"]
        try:
            wait_until(
                lambda: not subprocess.run(health, cwd=ROOT, env=environment, capture_output=True).returncode, web
            )
        finally:
            web.terminate()
            web.communicate()

    def rehearse(self, words):
        home = {"BORDERPOST_HOME": str(self.site.home)}
        done = subprocess.run(
            [sys.executable, "-m", "config.devserver.launcher", *words[1:]],
            cwd=ROOT, env=os.environ | home, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert "RPO: " in done.stdout
        assert "RTO: " in done.stdout
        assert "may not." in done.stdout


# Others are run as they are written.
SPECIAL = {
    "createsuperuser": "make_administrator",
    "worker": "work",
    "doctor": "ask_doctor",
    "collectstatic": "collect",
}


def how_to_run(command):
    """The method of Operator for a command, and its words; None for a command that is not run."""
    words = shlex.split(command)
    if (management := as_management(words)) is not None:
        return SPECIAL.get(management[0], "manage"), management
    if words[0] == ".venv/bin/gunicorn":
        return "serve", words
    if words[:2] == ["./run", "rehearse-restore"]:
        return "rehearse", words
    return None


def ways_to_look(command):
    return [look for pattern, look in LOOKED_AT if re.match(pattern, command)]


def test_there_are_commands_in_the_document():
    assert len(written()) > 30


def test_blocks_are_of_kinds_that_are_known():
    """Commands stand in sh and crontab; a line of another program's file and SQL are no commands."""
    assert set(re.findall(r"^```(\w*)$", DOCUMENT, re.MULTILINE)) == {"", "sh", "crontab", "aliases", "sql", "yaml"}


@pytest.mark.parametrize("chapter", ["With Docker", "Without"])
def test_an_upgrade_names_every_step_in_order(chapter):
    upgrade = DOCUMENT.partition("## A new version of Borderpost")[2].partition("\n## ")[0]
    docker, without = re.findall(r"^```sh\n(.*?)^```", upgrade, re.MULTILINE | re.DOTALL)
    steps = ["backup", "git pull", "rerender", "reindex", "rebuild_similarity", "recount --check", "doctor"]
    places = [(docker if chapter == "With Docker" else without).index(step) for step in steps]

    assert places == sorted(places)


@pytest.mark.django_db
def test_the_sql_of_the_document_is_understood():
    (block,) = re.findall(r"^```sql\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)

    with connection.cursor() as cursor:
        cursor.execute(block)


@pytest.mark.parametrize("command", written())
def test_each_command_is_run_or_looked_at(command):
    ways = [*ways_to_look(command), *filter(None, [how_to_run(command)])]

    assert len(ways) == 1


@pytest.mark.parametrize("command", ["docker compose frobnicate", "rm -rf /srv/borderpost", "docker run --rm x"])
def test_the_control_an_unknown_command_is_neither(command):
    assert how_to_run(command) is None
    assert ways_to_look(command) == []


@pytest.mark.parametrize("command", [command for command in written() if how_to_run(command) is None])
def test_what_is_not_run_is_looked_at(command):
    (look,) = ways_to_look(command)

    look(shlex.split(command))


@pytest.mark.parametrize("command", [command for command in written() if (how_to_run(command) or " ")[0] == "manage"])
def test_a_command_of_ours_takes_what_it_is_given(command):
    """Quick beside the run below: the command is there, and knows its options."""
    name, *options = how_to_run(command)[1]
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)

    parser.parse_args(options)


def test_what_the_document_names_within_its_sentences_is_there():
    manage = set(re.findall(r"manage(?:\.py)? ([a-z_]+)", DOCUMENT))
    run = set(re.findall(r"`\./run (?:--[a-z]+ )*([a-z][a-z-]*)", DOCUMENT))

    assert manage <= set(get_commands())
    assert run <= set(launcher._COMMANDS)


@pytest.fixture(scope="module")
def operator():
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        Path(folder).chmod(0o711)
        with site_in(Path(folder)) as site:
            migrated = site.run("migrate", "--verbosity", "0")
            assert migrated.returncode == 0, migrated.stderr
            operator = Operator(site, Path(folder))
            operator.manage(["backup"])  # of a night before
            yield operator


@pytest.mark.rehearsal
@pytest.mark.parametrize("command", [command for command in written() if how_to_run(command)])
def test_each_command_that_can_be_run_here_does_its_work(operator, command):
    method, words = how_to_run(command)

    getattr(operator, method)(words)
