"""What `./run` does once .venv is there: database, web and worker together, tests, checks, measuring, management."""

import argparse
import contextlib
import errno
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.devserver import holders, homes, rehearsal, supply
from config.devserver.embedded_postgres import DatabaseError, EmbeddedPostgres
from config.devserver.postgres_binaries import Binaries, system_binaries
from config.devserver.processes import (
    BIN,
    PYTHON,
    ROOT,
    Stop,
    refuse_taken_port,
    stop_holders,
    wait_for_port,
    web_command,
)
from config.devserver.site_environment import environment_of, running
from config.devserver.supervisor import DatabasePart, ProcessPart, Supervisor
from config.startup import in_words

# What programs say of a full disk: the system, and PostgreSQL where it wrote a part.
FULL = (os.strerror(errno.ENOSPC), "Check free disk space")

CHECKS = [
    ("Format", ["ruff", "format", "--check", "."]),
    ("Lint", ["ruff", "check", "."]),
    ("Layers", ["lint-imports"]),
    ("Templates", ["djlint", "--lint", "--quiet", "templates"]),
    ("Types", ["mypy"]),
    ("Migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("Deployment", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
]


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # the terminal was closed; nohup ignores it
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    # Shells start background processes with SIGINT ignored; but a SIGINT that is sent to this process should stop it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments, rest = _read_arguments()
    try:
        return _COMMANDS[arguments.command](arguments, rest)
    except (Stop, DatabaseError) as error:
        print(error, file=sys.stderr)
        if any(sign in str(error) for sign in FULL):
            print("The disk is full. Make room, or set BORDERPOST_HOME to a folder elsewhere.", file=sys.stderr)
        return 1
    except OSError as error:
        if (words := in_words(error)) is None:
            raise
        print(words, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _read_arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="./run", add_help=False)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--empty", action="store_true")
    which.add_argument("--demo", action="store_true")
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
    refuse_taken_port(arguments.port)
    site = homes.choose(_home(), empty=arguments.empty, demo=arguments.demo)
    say(site.words)
    database = EmbeddedPostgres(site.home)
    say("Starting the database …")
    with running(database) as hold:
        environment = environment_of(database, demo=site.is_demo, port=arguments.port)
        say("Bringing its tables up to date …")
        _manage(environment, "migrate", "--verbosity", "0")
        if site.is_demo:
            say("Looking after the demo data …")
            _manage(environment, "seed")
        return _serve_until_stopped(database, environment, arguments.port, hold)


def _serve_until_stopped(database: EmbeddedPostgres, environment: dict[str, str], port: int, hold: holders.Hold) -> int:
    of_port = holders.Hold(holders.port_file(database.place.home, port))
    holds = [hold.descriptor, of_port.descriptor]
    web = ProcessPart("The web server", web_command("config.wsgi", port), environment, holds)
    worker = ProcessPart("The worker", [PYTHON, "manage.py", "worker"], environment, holds[:1])
    try:
        web.start()
        worker.start()
        if web.process is not None:
            wait_for_port(port, web.process)
        say(f"Borderpost is at http://127.0.0.1:{port} (Ctrl-C stops it)")
        Supervisor([DatabasePart(database), web, worker], say).watch()
        return 0
    finally:
        say("Stopping …")
        web.end()
        worker.end()
        of_port.let_go()


# --- Management commands, and stopping what is left ---


def manage(arguments: argparse.Namespace, rest: list[str]) -> int:
    site = homes.choose(_home(), empty=arguments.empty, demo=arguments.demo)
    print(site.words, file=sys.stderr, flush=True)
    database = EmbeddedPostgres(site.home)
    with running(database) as hold:
        port = holders.serving_port(database.place.home) or arguments.port
        environment = environment_of(database, demo=site.is_demo, port=port)
        command = [PYTHON, "manage.py", *rest]
        return subprocess.run(command, cwd=ROOT, env=environment, pass_fds=[hold.descriptor]).returncode


def stop(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Stop what runs in the home: without --demo or --empty both of its forums."""
    asked = homes.asked_for(_home(), empty=arguments.empty, demo=arguments.demo)
    stopped = [_stop_in(home) for home in asked]
    say("Stopped." if any(stopped) else "Nothing was running.")
    return 0


def _stop_in(home: Path) -> bool:
    found = stop_holders(home.absolute())
    return EmbeddedPostgres(home).stop() or found


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
    if "--rehearsals" in rest:
        rest = [word for word in rest if word != "--rehearsals"] + ["-m", "rehearsal"]
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


def mutants(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Small changes of the code, each of which a test should notice. What is known of the tests is kept in the home."""
    with _temporary_database(None) as environment:
        command = [PYTHON, "-m", "tests.mutants", "--home", str(_home() / "mutants"), *rest]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode


def check(arguments: argparse.Namespace, rest: list[str]) -> int:
    if "--supply" in rest:
        supply.report(_home())
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
        # Tests roll back: where it found no rows, thousands in a transaction would be joined as if there were none.
        "autovacuum": "off",
    }
    with tempfile.TemporaryDirectory(prefix="borderpost-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "home", binaries=binaries, settings=hurried)
        with running(database):
            environment = environment_of(database, demo=False, port=8000)
            yield environment | {"DATABASE_ROLE": "owner"}


# --- Rehearsing a restore ---


def rehearse_restore(arguments: argparse.Namespace, rest: list[str]) -> int:
    """A backup of this site, or of a demo where there is none yet, restored on a server made for it."""
    site = homes.choose(_home(), empty=arguments.empty, demo=arguments.demo)
    say(site.words)
    return rehearsal.rehearse(site.home, demo=site.is_demo, say=say)


# --- Measuring ---


def bench(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Replaces this process by exec, so that Ctrl-C reaches the one that cleans up."""
    os.chdir(ROOT)
    os.execv(PYTHON, [PYTHON, "-m", "bench", "--home", str(_home() / "bench"), *rest])  # noqa: S606


# --- Breaking ---


def faults(arguments: argparse.Namespace, rest: list[str]) -> int:
    """On a forum of its own in a temporary folder; by exec, as bench."""
    os.chdir(ROOT)
    os.execv(PYTHON, [PYTHON, "-m", "tests.faults", *rest])  # noqa: S606


# --- What all of them need ---


def _home() -> Path:
    return Path(os.environ.get("BORDERPOST_HOME", ROOT / ".borderpost"))


def _manage(environment: dict[str, str], *words: str) -> None:
    if subprocess.run([PYTHON, "manage.py", *words], cwd=ROOT, env=environment).returncode:
        raise Stop(f"manage.py {words[0]} failed; the lines above say why.")


def say(words: str) -> None:
    print(words, flush=True)


_COMMANDS = {
    "serve": serve, "manage": manage, "stop": stop, "test": test, "check": check, "bench": bench,
    "faults": faults, "mutants": mutants, "rehearse-restore": rehearse_restore,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
