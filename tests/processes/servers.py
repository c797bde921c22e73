"""Web servers of the site in processes of their own, on the test's database."""

import atexit
import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


OPTIONS = ["--worker-class", "gthread", "--workers", "1", "--threads", "4", "--log-level", "warning"]


class Server:
    """One gunicorn process; asks it over a connection that stays open, as browsers do."""

    def __init__(self, port):
        self.port = port
        self.process = None

    def start(self, **environment):
        self.process = self.begin(**environment)
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def begin(self, **environment):
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", *OPTIONS]
        return subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "DATABASE_URL": database_url(), "DATABASE_ROLE": "app", **environment}
        )

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def get(self, path, **headers):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        client.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = client.getresponse()
        answer.body = answer.read()
        client.close()
        return answer

    def text(self, path, **headers):
        return self.get(path, **headers).body.decode()


class ForkedServer(Server):
    """The same, of a process that has imported the application already."""

    def begin(self):
        return nursery().tell(f"start {self.port}")

    def stop(self):
        assert nursery().tell(f"stop {self.process}") == "ended"


class Nursery:
    """The process of nursery.py."""

    def __init__(self):
        environment = {"DATABASE_URL": database_url(), "DATABASE_ROLE": "app", "DATABASE_WORK": "web"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.processes.nursery", *OPTIONS], cwd=ROOT, env=os.environ | environment,
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def tell(self, words):
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@cache
def nursery():
    """One for all tests of this process."""
    found = Nursery()
    atexit.register(found.end)
    return found


def database_url():
    settings = connection.settings_dict
    port = settings["PORT"] or 5432
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}&port={port}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(count, **environment):
    """Web servers; those that want an environment of their own import everything themselves."""
    servers = [Server(free_port()) if environment else ForkedServer(free_port()) for _ in range(count)]
    try:
        for server in servers:
            server.start(**environment)
        yield servers
    finally:
        for server in servers:
            if server.process:
                server.stop()
