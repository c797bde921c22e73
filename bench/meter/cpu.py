"""CPU time of other processes, in seconds, as Linux counts it."""

import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

TICK = 1 / os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


class Process(NamedTuple):
    pid: int
    parent: int
    of_the_ended: float  # seconds of CPU of its children that have ended


def cpu_of(pid: int) -> float:
    """CPU seconds of all threads of a process, ended ones included, to the nanosecond."""
    clock = (~pid << 3) | 2  # id of the CPU clock of a process, as clock_getcpuclockid(3) computes it
    return time.clock_gettime(clock)


def read_stat(text: str) -> Process:
    """Parses /proc/<pid>/stat. The name in brackets may contain anything, also brackets."""
    pid, rest = text.split(" ", 1)
    fields = rest.rpartition(")")[2].split()
    return Process(int(pid), int(fields[1]), (int(fields[13]) + int(fields[14])) * TICK)


def processes() -> Iterator[Process]:
    for directory in PROC.iterdir():
        if directory.name.isdecimal():
            try:
                yield read_stat((directory / "stat").read_text())
            except OSError:
                continue  # the process has ended


class Family:
    """A process and its children, such as a server with its workers."""

    def __init__(self, root: int) -> None:
        self.root = root

    def cpu(self, *, without: Collection[int] = ()) -> float:
        """CPU seconds so far. Those of children that have ended are included."""
        members = [process for process in processes() if self.root in (process.pid, process.parent)]
        if self.root not in {process.pid for process in members}:
            raise ProcessLookupError(f"Process {self.root} has ended.")
        ended = sum(process.of_the_ended for process in members if process.pid == self.root)
        return ended + sum(_cpu_or_nothing(process.pid) for process in members if process.pid not in without)


def _cpu_or_nothing(pid: int) -> float:
    try:
        return cpu_of(pid)
    except OSError:
        return 0.0
