"""What `./run` does once .venv is there: database, web and worker together, tests, checks, measuring, management."""

import argparse
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from config.devserver import supply
from config.devserver.embedded_postgres import DatabaseError, EmbeddedPostgres
from config.devserver.postgres_binaries import Binaries, system_binaries

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
GRACE = 15  # seconds that web and worker have to finish their requests and tasks

CHECKS = [
    ("Format", ["ruff", "format", "--check", "."]),
    ("Lint", ["ruff", "check", "."]),
    ("Layers", ["lint-imports"]),
    ("Templates", ["djlint", "--lint", "--quiet", "templates"]),
    ("Types", ["mypy"]),
    ("Migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("Deployment", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
]


class Stop(Exception):
    """Ends `./run` with a message that says why and what to do."""


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Shells start background processes with SIGINT ignored; but a SIGINT that is sent to this process should stop it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments, rest = _read_arguments()
    try:
        return _COMMANDS[arguments.command](arguments, rest)
    except (Stop, DatabaseError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _read_arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="./run", add_help=False)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("command", nargs="?", default="serve", choices=list(_COMMANDS))
    words = sys.argv[1:]
    at = next((place for place, word in enumerate(words) if word in _COMMANDS), len(words) - 1)
    arguments, unknown = parser.parse_known_args(words[: at + 1])
    rest = words[at + 1 :]
    if arguments.command in {"serve", "stop"}:
        arguments = parser.parse_args(rest, arguments) if rest else arguments
    if unknown:
        parser.error(f"unknown: {' '.join(unknown)}. ./run --help says what there is.")
    return arguments, rest


# --- The forum ---


def serve(arguments: argparse.Namespace, rest: list[str]) -> int:
    _refuse_taken_port(arguments.port)
    database = EmbeddedPostgres(_home(arguments))
    say("Starting the database …")
    with running(database):
        environment = _environment(database, demo=not arguments.empty, port=arguments.port)
        say("Bringing its tables up to date …")
        _manage(environment, "migrate", "--verbosity", "0")
        if not arguments.empty:
            say("Looking after the demo data …")
            _manage(environment, "seed")
        return _serve_until_stopped(environment, arguments.port, database.place.home)


def _serve_until_stopped(environment: dict[str, str], port: int, home: Path) -> int:
    worker = [PYTHON, "manage.py", "worker"]
    processes = [start_process(command, environment) for command in (web_command("config.wsgi", port), worker)]
    _write_pids(home, processes)
    try:
        wait_for_port(port, processes[0])
        say(f"Borderpost is at http://127.0.0.1:{port} (Ctrl-C stops it)")
        while all(process.poll() is None for process in processes):
            time.sleep(0.3)
        raise Stop("The web server or the worker ended by itself; the lines above say why.")
    finally:
        say("Stopping …")
        for process in processes:
            end_process(process)
        (home / "pids").unlink(missing_ok=True)


def web_command(application: str, port: int) -> list:
    return [
        BIN / "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "1", "--threads", "8", "--log-level", "warning", "--graceful-timeout", str(GRACE),
        "--no-control-socket", "--forwarded-allow-ips", "",
    ]  # fmt: skip


def start_process(command: list, environment: dict[str, str]) -> subprocess.Popen:
    """Start a process in a session of its own, so that Ctrl-C reaches only us and we stop the processes in order."""
    return subprocess.Popen([str(word) for word in command], cwd=ROOT, env=environment, start_new_session=True)


def end_process(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE + 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_port(port: int, web: subprocess.Popen) -> None:
    for _ in range(200):
        if web.poll() is not None:
            raise Stop("The web server did not start; the lines above say why.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise Stop("The web server does not answer. Stop what is left with: ./run stop")


def _refuse_taken_port(port: int) -> None:
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


# --- Management commands, and stopping what is left ---


def manage(arguments: argparse.Namespace, rest: list[str]) -> int:
    database = EmbeddedPostgres(_home(arguments))
    with running(database):
        environment = _environment(database, demo=not arguments.empty, port=arguments.port)
        return subprocess.run([PYTHON, "manage.py", *rest], cwd=ROOT, env=environment).returncode


def stop(arguments: argparse.Namespace, rest: list[str]) -> int:
    home = _home(arguments)
    stopped = [_stop_process(pid) for pid in _read_pids(home)]
    (home / "pids").unlink(missing_ok=True)
    if EmbeddedPostgres(home).stop():
        stopped.append(True)
    say("Stopped." if any(stopped) else "Nothing was running.")
    return 0


def _stop_process(pid: int) -> bool:
    """Stop a leftover process of ours, unless its pid belongs to another process now."""
    if not is_ours(pid):
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    return True


def is_ours(pid: int) -> bool:
    """Whether a process runs this folder's web server or worker."""
    command = Path(f"/proc/{pid}/cmdline")
    try:
        words = command.read_bytes().split(b"\0")
        place = Path(f"/proc/{pid}/cwd").resolve()
    except OSError:
        return False
    return place == ROOT and any(word in {b"config.wsgi", b"worker"} for word in words)


def _write_pids(home: Path, processes: list[subprocess.Popen]) -> None:
    (home / "pids").write_text("\n".join(str(process.pid) for process in processes))


def _read_pids(home: Path) -> list[int]:
    path = home / "pids"
    return [int(line) for line in path.read_text().split() if line.isdecimal()] if path.exists() else []


# --- Tests and checks ---


def test(arguments: argparse.Namespace, rest: list[str]) -> int:
    binaries = None
    if "--system-postgres" in rest:
        rest = [word for word in rest if word != "--system-postgres"] + ["-m", "database"]
        binaries = system_binaries()
        if binaries is None:
            raise Stop("This system has no PostgreSQL server of its own. On Debian: apt-get install postgresql")
        say(f"Testing on the system's PostgreSQL {binaries.version} …")
    if "--proofs" in rest:
        rest = [word for word in rest if word != "--proofs"] + ["-m", "proof"]
    words = narrowed(rest)
    with _temporary_database(binaries) as environment:
        return subprocess.run([PYTHON, "-m", "pytest", *words], cwd=ROOT, env=environment).returncode


def narrowed(words: list[str]) -> list[str]:
    """pytest's arguments, in which bare words may name folders or files of tests/: `crossings`, `crossings/maps`."""
    return [_test_path(word, after=before) for before, word in zip(["", *words], words, strict=False)]


def _test_path(word: str, *, after: str) -> str:
    """An option may take the word after it: in `-k crossings` that is pytest's own, and in `-q crossings` a folder."""
    if word.startswith("-") or after in _TAKE_A_WORD:
        return word
    file, separator, test = word.partition("::")
    return f"tests/{file}{separator}{test}" if (ROOT / "tests" / file).exists() else word


_TAKE_A_WORD = {"-k", "-m", "-n", "-p", "-o", "-c", "-W", "-r", "--maxfail", "--durations", "--deselect", "--ignore"}


def check(arguments: argparse.Namespace, rest: list[str]) -> int:
    if "--supply" in rest:
        supply.report(_home(arguments))
        return 0
    failed = []
    with _temporary_database(None) as environment:
        for name, command in CHECKS:
            say(f"{name} …")
            extra = _DEPLOYED if name == "Deployment" else {}
            program = [str(BIN / command[0]) if "/" not in command[0] else command[0], *command[1:]]
            if subprocess.run(program, cwd=ROOT, env=environment | extra).returncode:
                failed.append(name)
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


_DEPLOYED = {
    "SITE_URL": "https://borderpost.example",
    "ALLOWED_HOSTS": "borderpost.example",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "SMTP_HOST": "mail.borderpost.example",
}


@contextlib.contextmanager
def _temporary_database(binaries: Binaries | None) -> Iterator[dict[str, str]]:
    """Context manager: a temporary cluster for tests, without fsync; yields the environment."""
    hurried = {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "200",
    }
    with tempfile.TemporaryDirectory(prefix="borderpost-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "home", binaries=binaries, settings=hurried)
        with running(database):
            environment = _environment(database, demo=False, port=8000)
            yield environment | {"DATABASE_ROLE": "owner"}


# --- Measuring ---


def bench(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Replaces this process by exec, so that Ctrl-C reaches the one that cleans up."""
    os.chdir(ROOT)
    os.execv(PYTHON, [PYTHON, "-m", "bench", "--home", str(_home(arguments) / "bench"), *rest])  # noqa: S606


# --- What all of them need ---


@contextlib.contextmanager
def running(database: EmbeddedPostgres) -> Iterator[None]:
    """Context manager: the database runs, and is stopped at the end if it was started here."""
    started = database.start()
    try:
        yield
    finally:
        if started:
            database.stop()


def _environment(database: EmbeddedPostgres, *, demo: bool, port: int) -> dict[str, str]:
    ours = {
        "DATABASE_URL": database.url("app"),
        "DATABASE_OWNER_URL": database.url("owner"),
        "BORDERPOST_HOME": str(database.place.home),
        "SITE_URL": os.environ.get("SITE_URL", f"http://127.0.0.1:{port}"),
        "DEMO": "1" if demo else "0",
    }
    return {**os.environ, **ours}


def _home(arguments: argparse.Namespace) -> Path:
    home = Path(os.environ.get("BORDERPOST_HOME", ROOT / ".borderpost"))
    return home / "empty" if arguments.empty else home


def _manage(environment: dict[str, str], *words: str) -> None:
    if subprocess.run([PYTHON, "manage.py", *words], cwd=ROOT, env=environment).returncode:
        raise Stop(f"manage.py {words[0]} failed; the lines above say why.")


def say(words: str) -> None:
    print(words, flush=True)


_COMMANDS = {"serve": serve, "manage": manage, "stop": stop, "test": test, "check": check, "bench": bench}

if __name__ == "__main__":
    sys.exit(main())
