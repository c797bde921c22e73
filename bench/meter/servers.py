"""The servers under measurement: the forum and the constant view, each with one gunicorn worker, and PostgreSQL."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from bench.meter.client import Answer, Client
from bench.meter.cpu import Family
from bench.pages import Page
from config.devserver.processes import end_process, start_process, wait_for_port, web_command


class Rig:
    """Requests pages, and measures CPU time."""

    def __init__(self, forum: "Server", constant: "Server", postmaster: int) -> None:
        self.forum, self.constant, self.database = forum, constant, Family(postmaster)

    def ask(self, page: Page) -> Answer:
        """One response, after the page's `prepare`, checked. Raises WrongAnswer."""
        page.prepare()
        answer = self._request(page)
        page.check(answer)
        return answer

    def cpu_of_page(self, page: Page, requests: int) -> tuple[float, float]:
        """CPU seconds of the web server and of PostgreSQL, without the backend of our own connection."""
        ours = {_own_backend()}
        web, database = self.forum.family.cpu(), self.database.cpu(without=ours)
        for _ in range(requests):
            self.ask(page)
        return self.forum.family.cpu() - web, self.database.cpu(without=ours) - database

    def cpu_of_constant(self, requests: int) -> float:
        before = self.constant.family.cpu()
        for _ in range(requests):
            self.constant.client.get("/")
        return self.constant.family.cpu() - before

    def _request(self, page: Page) -> Answer:
        if page.form is None:
            return self.forum.client.get(page.path, page.cookies)
        return self.forum.client.post(page.path, page.form(), page.cookies)


class Server:
    def __init__(self, pid: int, port: int) -> None:
        self.family, self.client = Family(pid), Client(port)


@contextlib.contextmanager
def serving(application: str, port: int) -> Iterator[Server]:
    """Context manager: a gunicorn as `./run` starts it."""
    process = start_process(web_command(application, port), dict(os.environ))
    try:
        wait_for_port(port, process)
        server = Server(process.pid, port)
        yield server
        server.client.close()
    finally:
        end_process(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postmaster_of(data: Path) -> int:
    """The pid of a cluster's postmaster."""
    return int((data / "postmaster.pid").read_text().split()[0])


def _own_backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
