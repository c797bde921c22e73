"""The web server of a round, as in production: one master, two processes, eight threads each."""

import http.client
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from config.devserver.launcher import BIN
from tests.faults.processes import Stuck, children_of, is_alive, kill, wait_until
from tests.faults.site import Site, free_port

PROCESSES, THREADS = 2, 8


class Web:
    """gunicorn with config.wsgi, or with a careless application of tests/faults/careless.py.

    A careless one dies often: forked from a master that has read the code (--preload), it is soon back.
    """

    def __init__(self, site: Site, *, processes: int = PROCESSES, careless: str = "", after: int = 0) -> None:
        self.site, self.port = site, free_port()
        self.command = [
            BIN / "gunicorn", "tests.faults.careless" if careless else "config.wsgi", "--bind",
            f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--workers", processes, "--threads", THREADS,
            "--log-level", "error", "--graceful-timeout", 15, "--no-control-socket", "--forwarded-allow-ips", "",
            *(["--preload"] if careless else []),
        ]  # fmt: skip
        self.environment = {
            "SITE_URL": f"http://127.0.0.1:{self.port}", "WEB_THREADS": str(THREADS), "CARELESS": careless,
            "CARELESS_AFTER": str(after),
        }  # fmt: skip
        self.process: subprocess.Popen | None = None

    @property
    def master(self) -> int:
        assert self.process is not None
        return self.process.pid

    def workers(self) -> list[int]:
        return children_of(self.master)

    def start(self) -> None:
        """Started again while it does not come up: the port of a killed one may be taken for a moment."""
        for _ in range(5):
            self.process = self.site.start(self.command, self.site.environment | self.environment)
            wait_until(lambda: self.answers() or self._has_ended(), "the web server answers")
            if not self._has_ended():
                return
        raise Stuck("the web server does not start")

    def _has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def answers(self) -> bool:
        return get(self.port, "/health/live") == 200

    def kill_master(self) -> list[int]:
        """kill -9 of the master alone; returns the workers, which end by themselves."""
        orphans = self.workers()
        kill(self.master)
        assert self.process is not None
        self.process.wait()
        return orphans

    def stop(self) -> None:
        if self.process is None:
            return
        everybody = [self.master, *self.workers()]
        if self.process.poll() is None:
            os.kill(self.master, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
        kill(*[pid for pid in everybody if is_alive(pid)])
        self.process.wait()
        self.process = None


@contextmanager
def serving(site: Site, **words: object) -> Iterator[Web]:
    web = Web(site, **words)  # type: ignore[arg-type]
    try:
        web.start()
        yield web
    finally:
        web.stop()


def get(port: int, path: str, seconds: float = 60) -> int:
    """The status; 0 if there was no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
