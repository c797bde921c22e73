"""Read by gunicorn by itself: where the processes of one site count together for /metrics (config/telemetry)."""

import os
import shutil
import tempfile

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # as prometheus-client reads it


def on_starting(server):
    """A new directory at each start; without METRICS_TOKEN none."""
    os.environ.pop(_FOLDER, None)
    if os.environ.get("METRICS_TOKEN"):
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="borderpost-metrics-")
        # deploy/systemd forbids chown, and does not need it.
        if (server.cfg.uid, server.cfg.gid) != (os.geteuid(), os.getegid()):
            os.chown(os.environ[_FOLDER], server.cfg.uid, server.cfg.gid)


def pre_fork(server, worker):
    """The lowest number that no process has: one that takes another's place goes on with its counters."""
    taken = {getattr(other, "number", None) for other in server.WORKERS.values()}
    worker.number = next(number for number in range(len(taken) + 1) if number not in taken)


def post_fork(server, worker):
    os.environ["BORDERPOST_WEB_PROCESS"] = str(worker.number)


def on_exit(server):
    shutil.rmtree(os.environ.get(_FOLDER, ""), ignore_errors=True)
