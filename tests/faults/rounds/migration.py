"""Migrations while members write, and a forgotten transaction that keeps them waiting."""

import signal
import subprocess
import threading

from tests.faults.processes import wait_until
from tests.faults.scene import Scene, fault
from tests.faults.site import PYTHON

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.faults.later.settings", "PYTHONUNBUFFERED": "1"}
BUSY = "A table is in use"


@fault("migration")
def tables_change_under_writers(scene: Scene) -> None:
    """The table of posts gets a column, an index and a constraint, and loses them again, while members write."""
    with scene.writing() as crowd:
        crowd.wait_for_posts(10)
        with scene.site.session("superuser") as session, session.transaction():
            session.execute("SELECT FROM forum_post LIMIT 1")
            migration = _migrate(scene)
            said = _Said(migration)
            wait_until(lambda: BUSY in said.words or migration.poll() is not None, "the migration meets the reader")
            crowd.wait_for_posts(5)
        _wait(scene, migration, said)
        crowd.wait_for_posts(10)
        back = _migrate(scene, "zero")
        _wait(scene, back, _Said(back))
        crowd.wait_for_posts(10)
    tries = said.words.count(BUSY)
    scene.note(f"{tries + 1} tries")
    if not tries:
        scene.result.wrong.append("the migration did not wait for the reader")


class _Said:
    """What a process says, as it says it."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.words, self._process = "", process
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.words += line


def _migrate(scene: Scene, *target: str) -> subprocess.Popen:
    return subprocess.Popen(
        [PYTHON, "manage.py", "migrate", "later", *target],
        env=scene.site.environment | SETTINGS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def _wait(scene: Scene, migration: subprocess.Popen, said: _Said) -> None:
    try:
        code = migration.wait(300)
    except subprocess.TimeoutExpired:
        migration.send_signal(signal.SIGKILL)
        code = migration.wait()
    said.thread.join()
    if code:
        scene.result.wrong.append(f"the migration ended with {code}: {said.words.strip()[-300:]}")
