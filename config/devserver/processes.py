"""Starting, watching and ending the processes of a forum."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from config.devserver import holders

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
GRACE = 15  # seconds that web and worker have to finish their requests and tasks


class Stop(Exception):
    """Ends `./run` with a message that says why and what to do."""


def web_command(application: str, port: int) -> list:
    return [
        BIN / "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "1", "--threads", "8", "--log-level", "warning", "--graceful-timeout", str(GRACE),
        "--no-control-socket", "--forwarded-allow-ips", "",
    ]  # fmt: skip


def start_process(command: list, environment: dict[str, str], holds: Sequence[int] = ()) -> subprocess.Popen:
    """Start a process in a session of its own, so that Ctrl-C reaches only us and we stop the processes in order. It
    inherits the open files `holds` (config/devserver/holders.py)."""
    words = [str(word) for word in command]
    return subprocess.Popen(words, cwd=ROOT, env=environment, start_new_session=True, pass_fds=holds)


def end_process(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE + 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_rest(process: subprocess.Popen, patience: float = 3) -> None:
    """End what a process that ended by itself has left of its session, such as the workers of a killed gunicorn, which
    keep its port: they have a moment to notice by themselves."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            os.killpg(process.pid, 0)  # raises when nobody is left
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGKILL)


def wait_for_port(port: int, web: subprocess.Popen) -> None:
    for _ in range(600):  # a minute: on a busy machine all of this is slow
        if web.poll() is not None:
            raise Stop("The web server did not start; the lines above say why.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise Stop("The web server does not answer. Stop what is left with: ./run stop")


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Stop(
                f"Port {port} is taken or not allowed ({error}).\n"
                "Is Borderpost running already? ./run stop ends it.\n"
                f"Or choose another port: ./run --port {port % 60000 + 1}"
            ) from None


# --- Stopping what is left ---


def stop_holders(home: Path) -> bool:
    """End all processes that use the database of a home; returns whether there were any.

    `./run` goes first, which ends its own in order and would start them again otherwise; then what a killed one left
    behind; what does not end is killed.
    """
    path = holders.users(home)
    found = holders.who(path)
    for whom, how, patience in (
        (_is_launcher, signal.SIGTERM, 2 * GRACE),
        (_is_any, signal.SIGTERM, GRACE + 5),
        (_is_any, signal.SIGKILL, 5),
    ):
        _signal_all(path, whom, how, patience)
    return bool(found)


def _signal_all(path: Path, whom: Callable[[int], bool], how: signal.Signals, patience: float) -> None:
    left = [pid for pid in holders.who(path) if whom(pid)]
    for pid in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, how)
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = [pid for pid in holders.who(path) if pid in left]


def _is_launcher(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"config.devserver.launcher" in words


def _is_any(pid: int) -> bool:
    return True
