"""The worker is killed while it sends letters; it is started again."""

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.processes import SECONDS, Stuck, wait_until
from tests.faults.scene import Scene, fault
from tests.faults.site import PYTHON, Site
from tests.notifications.letters.smtp_sink import STAGES, Sink, listening

KILLS, LETTERS = 4, 4
# Why a letter need not come: 20 to one member in a day, and the rest is in the digest; or its post was hidden since.
NOT_SENT = ("More than", "Nothing to tell any more")
# The mail server has the whole letter: a kill from then on explains that it comes once more.
TAKEN = {"read", "kept", "confirmed"}
CONVERSATION = STAGES[1:]  # a conversation that stays open has no other beginning


class Killer:
    """Kills the worker when the conversation about a letter has come to a stage. Once, each time it is armed."""

    def __init__(self) -> None:
        self.stage, self.process = "", None
        self.kills_after_taking = 0

    def arm(self, stage: str, process: subprocess.Popen) -> None:
        self.process, self.stage = process, stage

    def __call__(self, stage: str) -> None:
        if stage == self.stage and self.process is not None:
            self.stage = ""
            self.kills_after_taking += stage in TAKEN
            self.process.kill()  # nothing, if that one has ended by itself
            self.process.wait()


@fault("worker")
def the_worker_is_killed_while_it_sends(scene: Scene) -> None:
    """kill -9 of the worker at a stage of a letter: each letter comes, and once more for each kill that cut it off."""
    killer, sent_before = Killer(), set(scene.site.inside("letters")["sent"])
    with listening(killer) as sink:
        for _ in range(KILLS):
            with scene.writing(3, topics=scene.site.planted["topics"][:1]) as crowd:
                crowd.wait_for_posts(scene.some(1, 5))
            scene.site.inside("tell", watchers=scene.random.sample(scene.site.planted["watchers"], LETTERS))
            with _working(scene.site, sink) as worker:
                killer.arm(scene.random.choice(CONVERSATION), worker)
                wait_until(lambda worker=worker: worker.poll() is not None, "the worker comes to this letter")
        with _working(scene.site, sink):
            _wait_for_all(scene.site)
    _count_letters(scene, sink, sent_before, killer.kills_after_taking)


@contextmanager
def _working(site: Site, sink: Sink) -> Iterator[subprocess.Popen]:
    mail_server = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port), "SMTP_TLS": "0"}
    worker = site.start([PYTHON, "manage.py", "worker"], site.environment | mail_server)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def _wait_for_all(site: Site) -> None:
    """Until no letter and no task waits. What was begun and broken off may wait for its time, which is let pass."""
    deadline = time.monotonic() + SECONDS
    while (standing := site.inside("letters"))["open"]:
        if time.monotonic() > deadline:
            raise Stuck(f"{standing['open']} letters and tasks still wait")
        site.inside("wait_a_quarter_of_an_hour")
        time.sleep(0.5)


def _count_letters(scene: Scene, sink: Sink, sent_before: set[str], repeats_explained: int) -> None:
    standing = scene.site.inside("letters")
    came = Counter(str(message["Message-ID"]) for message in sink.messages())
    repeated = sum(came.values()) - len(came)
    new = set(standing["ids"]) - sent_before
    scene.result.acked += len(new)
    scene.result.stored += len(came)
    scene.result.lost += len(new - set(came))
    scene.result.doubled += max(0, repeated - repeats_explained)
    scene.note(f"{KILLS} kills; {len(new)} letters among them, {repeated} came again with the same Message-ID")
    if unexpected := {why for why in standing["dropped"] if not why.startswith(NOT_SENT)}:
        scene.result.wrong.append(f"letters were dropped: {unexpected}")
    if standing["failed"]:
        scene.result.wrong.append(f"{standing['failed']} tasks failed")
