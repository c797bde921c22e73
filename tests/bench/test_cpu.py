"""CPU time of other processes."""

import subprocess
import sys
import time

import pytest

from bench.meter import cpu
from bench.meter.cpu import Family, Process, read_stat
from tests.races import wait_until

STAT = "4711 (a) b (c)) S 42 4711 4711 0 -1 4194560 100 200 0 0 7 8 30 20 20 0 1 0 1000 2000 300"


def test_a_name_with_brackets_and_spaces_does_not_shift_the_fields():
    assert read_stat(STAT) == Process(pid=4711, parent=42, of_the_ended=pytest.approx(50 * cpu.TICK))


def test_the_clock_of_a_process_is_its_cpu_time():
    spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        before, begun = cpu.cpu_of(spinner.pid), time.monotonic()
        wait_until(lambda: cpu.cpu_of(spinner.pid) > before + 0.1)
        taken, passed = cpu.cpu_of(spinner.pid) - before, time.monotonic() - begun
    finally:
        spinner.kill()
        spinner.wait()
    assert 0 < taken <= passed * 1.05


PARENT = """
import subprocess, sys
burn = "sum(i * i for i in range(3_000_000))"
child = subprocess.Popen([sys.executable, "-c", burn + "; print('burnt', flush=True); input()"], stdin=subprocess.PIPE)
print("at work", flush=True)
input()
child.communicate(b"\\n")
print("ended", flush=True)
input()
"""


def test_children_count_while_they_live_and_after_they_ended():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        lines = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
        assert lines == {"at work", "burnt"}
        family, (child,) = Family(parent.pid), [p.pid for p in cpu.processes() if p.parent == parent.pid]
        alive, of_child = family.cpu(), cpu.cpu_of(child)
        without = family.cpu(without={child})
        parent.stdin.write("\n")
        parent.stdin.flush()
        assert parent.stdout.readline() == "ended\n"
        ended = family.cpu()
        parent.communicate("\n")

    assert of_child > 0
    assert alive - without == pytest.approx(of_child, abs=0.01)
    assert ended > alive - 3 * cpu.TICK  # what has ended is told in whole ticks


def test_a_server_that_ended_is_no_zero():
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()

    with pytest.raises(ProcessLookupError):
        Family(process.pid).cpu()
