"""What ./run says when it cannot go on, and that it starts and stops the whole forum."""

import ast
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from config.devserver import homes, launcher
from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.site_environment import environment_of

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def launch(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "config.devserver.launcher", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=120, env=os.environ | environment,
    )  # fmt: skip


def test_old_pythons_can_read_the_command_to_say_what_is_needed():
    ast.parse((ROOT / "run").read_text(), feature_version=(3, 8))


def test_without_a_new_enough_python_it_says_what_to_install():
    code = (
        "import runpy, sys; run = runpy.run_path('run'); run['find_python'].__globals__['OLDEST'] = (9, 9); "
        "run['find_python']()"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert answer.returncode == 1
    assert "needs Python 3.12 or newer" in answer.stderr


def test_a_lock_that_does_not_fit_is_named(tmp_path):
    for name in ("run", "requirements.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "requirements.lock").write_text("six==1.16.0 --hash=sha256:" + "0" * 64 + "\n")

    answer = subprocess.run([sys.executable, "run"], cwd=tmp_path, capture_output=True, text=True)

    assert answer.returncode == 1
    assert "get a fresh copy of requirements.lock" in answer.stderr


def test_a_taken_port_is_named_with_two_ways_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        answer = launch("--port", str(port))

    assert answer.returncode == 1
    assert f"Port {port} is taken" in answer.stderr
    assert "./run stop" in answer.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["crossings"], ["tests/crossings"]),
        (
            ["crossings/maps", "forum/test_drafts.py", "-x"],
            ["tests/crossings/maps", "tests/forum/test_drafts.py", "-x"],
        ),
        (["-q", "bench"], ["-q", "tests/bench"]),
        (["config/test_run.py::test_a"], ["tests/config/test_run.py::test_a"]),
        (["tests/forum"], ["tests/forum"]),
        (["-k", "forum", "-m", "browser"], ["-k", "forum", "-m", "browser"]),
        (["crossing"], ["crossing"]),
    ],
)
def test_a_bare_word_names_a_folder_of_tests_and_the_rest_is_for_pytest(words, told):
    assert launcher.narrowed(words) == told


def begin(home):
    (home / "database").mkdir(parents=True)


@pytest.mark.parametrize(
    ("begun", "flags", "opens"),
    [
        ([], {}, "demo"),
        (["demo"], {}, "demo"),
        (["own"], {}, "own"),
        (["demo", "own"], {}, "own"),
        (["demo", "own"], {"demo": True}, "demo"),
        (["own"], {"demo": True}, "demo"),
        (["demo"], {"empty": True}, "own"),
        ([], {"empty": True}, "own"),
    ],
)
def test_an_own_forum_that_was_begun_is_what_a_later_run_opens(tmp_path, begun, flags, opens):
    places = {"demo": tmp_path, "own": tmp_path / "empty"}
    for name in begun:
        begin(places[name])

    site = homes.choose(tmp_path, **flags)

    assert (site.home, site.is_demo) == (places[opens], opens == "demo")


def test_it_says_which_forum_it_opens_and_how_to_get_the_other(tmp_path):
    assert "./run --empty begins a forum of your own" in homes.choose(tmp_path).words

    begin(tmp_path)
    begin(tmp_path / "empty")

    assert "your own forum" in homes.choose(tmp_path).words
    assert "./run --demo opens that" in homes.choose(tmp_path).words
    assert "./run without --demo opens that" in homes.choose(tmp_path, demo=True).words


def test_an_own_forum_behind_a_link_is_found(tmp_path):
    """Started as root, the database may be elsewhere, and `database` a link to it."""
    begin(tmp_path / "elsewhere")
    (tmp_path / "home" / "empty").mkdir(parents=True)
    (tmp_path / "home" / "empty" / "database").symlink_to(tmp_path / "elsewhere" / "database")

    assert not homes.choose(tmp_path / "home").is_demo


def test_stop_is_for_both_forums_unless_one_is_named(tmp_path):
    own = tmp_path / "empty"

    assert homes.asked_for(tmp_path, empty=False, demo=False) == [tmp_path, own]
    assert homes.asked_for(tmp_path, empty=True, demo=False) == [own]
    assert homes.asked_for(tmp_path, empty=False, demo=True) == [tmp_path]


def test_both_forums_at_once_are_refused():
    answer = launch("--empty", "--demo")

    assert answer.returncode == 2
    assert "not allowed with" in answer.stderr


def test_no_setting_of_the_surroundings_leads_to_another_role(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_ROLE", "owner")
    monkeypatch.setenv("DATABASE_OWNER_PASSWORD", "of-another-database")
    monkeypatch.setenv("LANG", "C.UTF-8")

    found = environment_of(EmbeddedPostgres(tmp_path), demo=False, port=8000)

    assert found["LANG"] == "C.UTF-8"
    assert not {"DATABASE_ROLE", "DATABASE_OWNER_PASSWORD"} & set(found)


def test_where_nothing_runs_stop_says_so(tmp_path):
    answer = launch("stop", BORDERPOST_HOME=str(tmp_path / "home"))

    assert (answer.returncode, answer.stdout) == (0, "Nothing was running.\n")
    assert not (tmp_path / "home").exists()


@pytest.mark.proof
@pytest.mark.parametrize("words", [(), ("--empty",)])
def test_the_forum_starts_answers_and_stops_cleanly(words):
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        Path(folder).chmod(0o711)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
        forum = subprocess.Popen(
            [sys.executable, "-m", "config.devserver.launcher", *words, "--port", str(port)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=environment | {"BORDERPOST_HOME": folder, "HOME": folder},
        )  # fmt: skip
        try:
            page = wait_for(f"http://127.0.0.1:{port}/", forum)
        finally:
            forum.send_signal(signal.SIGINT)
            said = forum.communicate(timeout=120)[0]

        assert ("This is a demo" in page) == (not words)
        assert ("Make the first administrator" in page) == bool(words)
        assert "Stopping" in said
        assert not list(Path(folder).rglob("postmaster.pid"))
        assert not (Path(folder) / ".gunicorn").exists()


def wait_for(url, process):
    for _ in range(2_400):
        assert process.poll() is None, process.stdout.read()
        try:
            return urllib.request.urlopen(url, timeout=60).read().decode()  # noqa: S310
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"{url} does not answer")
