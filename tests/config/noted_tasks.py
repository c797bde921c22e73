"""A task that notes when it begins and ends, for tests with several workers."""

import os
import time
from pathlib import Path

from django.tasks import task


@task()
def note(log: str, number: int) -> None:
    """One line is one write, so lines of two processes are never mixed."""
    _write(log, f"begin {number} {os.getpid()}\n")
    time.sleep(0.2)  # long enough for another worker to come in between
    _write(log, f"end {number} {os.getpid()}\n")


def _write(log: str, line: str) -> None:
    with Path(log).open("a") as file:
        file.write(line)
