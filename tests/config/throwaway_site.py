"""A forum on a server of its own, operated by commands in processes of their own."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.site_environment import running

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable


class Site:
    """One server, and the commands of one forum on it."""

    def __init__(self, home):
        self.database = EmbeddedPostgres(home)
        self.home = home

    @property
    def environment(self):
        urls = {"DATABASE_URL": self.database.url("app"), "DATABASE_OWNER_URL": self.database.url("owner")}
        left = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE") and k != "BORDERPOST_HOME"}
        return left | urls | {"BORDERPOST_HOME": str(self.home), "DEMO": "0"}

    def run(self, *words, **environment):
        command = [PYTHON, "manage.py", *map(str, words)]
        return subprocess.run(command, cwd=ROOT, env=self.environment | environment, capture_output=True, text=True)

    def start(self, *words, **environment):
        command = [PYTHON, "manage.py", *map(str, words)]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip

    def ask(self, question, role="owner"):
        with psycopg.connect(self.database.url(role), autocommit=True) as connection:
            cursor = connection.execute(question)
            return cursor.fetchall() if cursor.description else []

    def has_worker(self):
        health = [PYTHON, "-m", "config.health.container", "worker"]
        return subprocess.run(health, cwd=ROOT, env=self.environment, capture_output=True).returncode == 0

    def members(self):
        return [name for (name,) in self.ask("SELECT username FROM accounts_user ORDER BY 1")]


@contextmanager
def site_in(folder):
    site = Site(Path(folder) / "home")
    with running(site.database):  # as `./run` beside it does: who ends last stops it
        yield site


def wait_until(holds, process):
    for _ in range(1_200):
        if holds():
            return
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    raise AssertionError("It did not come to pass.")
