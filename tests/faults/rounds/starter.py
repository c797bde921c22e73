"""`./run` is killed, with everything that it started."""

import signal
import subprocess
from pathlib import Path

from tests.faults.processes import Stuck, is_alive, kill, wait_until
from tests.faults.scene import Scene, fault
from tests.faults.site import PYTHON, ROOT, Site, free_port
from tests.faults.web import get

LAUNCHER = [PYTHON, "-m", "config.devserver.launcher"]


class Run:
    """`./run --empty` on the site's home."""

    def __init__(self, site: Site) -> None:
        self.site, self.port = site, free_port()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = self.site.start([*LAUNCHER, "--empty", "--port", self.port], self.site.outside)
        wait_until(lambda: self.has_ended() or get(self.port, "/health/ready") == 200, "./run serves")
        if self.has_ended():
            raise Stuck("./run ended instead of serving")

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop_what_is_left(self) -> None:
        subprocess.run([*LAUNCHER, "--empty", "stop"], cwd=ROOT, env=self.site.outside, check=True, capture_output=True)


@fault("run")
def the_starter_is_killed(scene: Scene) -> None:
    """kill -9 of `./run`: `./run stop` finds everything that it left, and `./run` goes on."""
    site = scene.site
    site.database.stop()
    others, run = _processes_of(site), Run(site)
    try:
        run.start()
        with scene.writing(4, web=run) as crowd:
            crowd.wait_for_posts(scene.some(5, 20))
            kill(run.process.pid)
            run.process.wait()
            run.stop_what_is_left()
            wait_until(lambda: not _processes_of(site) - others, "./run stop ends everything")
            run.start()
            crowd.wait_for_posts(10)
        run.process.send_signal(signal.SIGINT)
        run.process.wait(300)
        wait_until(lambda: not _processes_of(site) - others, "./run ends everything at its end")
    finally:
        kill(*[pid for pid in _processes_of(site) - others if is_alive(pid)])
        site.database.start()


def _processes_of(site: Site) -> set[int]:
    """Whose environment names this home, the database's processes among them."""
    found = set()
    for path in Path("/proc").iterdir():
        try:
            if path.name.isdecimal() and f"BORDERPOST_HOME={site.home}".encode() in (path / "environ").read_bytes():
                found.add(int(path.name))
        except OSError:
            continue
    return {pid for pid in found if is_alive(pid)}
