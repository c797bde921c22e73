"""A full disk: the whole forum on a small file system of its own, which only root can mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.faults.clients import Tally
from tests.faults.scene import LeftOut, Scene, count_posts, fault
from tests.faults.site import Site, copied_site, size_of

MEGABYTE = 1024 * 1024
ROOM = 48 * MEGABYTE  # for the log of the database, which grows while it is written to
LEFT = MEGABYTE // 2


@fault("disk-full")
def the_disk_is_full(scene: Scene) -> None:
    """The disk of the database (a small tmpfs) fills up while members write; then there is room again."""
    first = scene.site
    with _small_disk(first.folder / "disk", size_of(first.home) + ROOM) as disk, copied_site(first, disk) as site:
        scene.site = site
        with scene.serving() as web, scene.writing(web=web) as crowd:
            crowd.wait_for_posts(10)
            ballast = disk / "ballast"
            _fill(ballast)
            crowd.wait_for(503, scene.some(4, 10))
            _ask_for_more_log(site)
            crowd.wait_for(503, scene.some(4, 10))
            ballast.unlink()
            if not site.database.is_running():
                scene.note("the database had ended, and was started again")
                site.database.start()
            crowd.wait_for_posts(20)
        count_posts(scene)
    scene.site = first
    scene.tally = Tally()


def _ask_for_more_log(site: Site) -> None:
    """The next segment of the write-ahead log finds no room, and PostgreSQL ends in a PANIC."""
    for _ in range(4):
        with suppress(psycopg.Error):
            site.ask("SELECT pg_switch_wal()", role="superuser")
            site.ask("SELECT pg_logical_emit_message(true, 'faults', 'a word')", role="superuser")


def _fill(ballast: Path) -> None:
    room = os.statvfs(ballast.parent)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(0, room.f_bavail * room.f_frsize - LEFT))


@contextmanager
def _small_disk(place: Path, size: int) -> Iterator[Path]:
    if os.geteuid() != 0:
        raise LeftOut("only root can mount a small file system")
    place.mkdir(mode=0o711)
    options = f"size={size},mode=0711"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, text=True)
    if done.returncode:
        place.rmdir()
        raise LeftOut(f"a small file system cannot be mounted here ({done.stderr.strip()})")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()
