"""`./run check --supply` reports and never fails, whatever can be reached."""

import re
import subprocess
from pathlib import Path

import pytest

from config.devserver import launcher, supply

ROOT = Path(__file__).resolve().parents[2]


def test_it_ends_well_also_where_nothing_can_be_installed(monkeypatch, tmp_path, capsys):
    def fail(command):
        raise subprocess.CalledProcessError(1, command, stderr="no network here")

    monkeypatch.setattr(supply, "_run", fail)
    monkeypatch.setenv("BORDERPOST_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["run", "check", "--supply"])

    assert launcher.main() == 0
    assert "could not be installed (no network here)" in capsys.readouterr().out


@pytest.mark.parametrize("broken", ["_list_parts", "_audit"])
def test_one_step_that_fails_does_not_stop_the_other(monkeypatch, tmp_path, capsys, broken):
    def fail(folder):
        raise subprocess.TimeoutExpired("tool", 1)

    monkeypatch.setattr(supply, "_make_tools", lambda folder: None)
    for step in ("_list_parts", "_audit"):
        monkeypatch.setattr(supply, step, fail if step == broken else lambda folder: "Done.")

    supply.report(tmp_path)

    told = capsys.readouterr().out
    assert "Done." in told
    assert "could not be done" in told


def test_what_is_weak_is_named_and_what_is_unknown_counted():
    weak = {"name": "old", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}
    parts = [weak, {"name": "good", "version": "2.0", "vulns": []}, {"name": "odd", "skip_reason": "not found"}]

    told = supply.words_of(parts)

    assert told.splitlines() == [
        "2 of 3 parts were looked up, 1 with known weaknesses.",
        "The source of weaknesses does not know, or could not be asked about, 1 of them.",
        "  old 1.0: CVE-1, mended in 1.1",
    ]


def test_the_tools_are_pinned_by_hash_and_the_list_is_not_committed():
    lock = supply.TOOLS.read_text()

    assert {"pip-audit", "cyclonedx-bom"} <= set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    assert lock.count("==") <= lock.count("--hash=sha256:")
    assert "http" not in lock
    assert ".borderpost/" in (ROOT / ".gitignore").read_text()
