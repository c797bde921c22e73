"""`./run check --supply`: what we are built of, and whether any of it is known to be weak. It reports, and never fails.

The tools have a virtual environment of their own in BORDERPOST_HOME, made on demand from `requirements-supply.lock`,
which is pinned by hashes as the others are. The list of parts (SBOM, CycloneDX) is made there and never committed.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "requirements-supply.lock"
PARTS = ROOT / "requirements.lock"
PATIENCE = 300  # seconds for each step


def report(home: Path) -> None:
    """Print the report; what cannot be done is said, with the reason."""
    folder = home / "supply"
    try:
        _make_tools(folder)
    except (OSError, subprocess.SubprocessError) as error:
        say(f"The tools could not be installed ({_reason(error)}). Nothing was looked at.")
        return
    for step in (_list_parts, _audit):
        try:
            say(step(folder))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            say(f"{step.__doc__ or ''} This could not be done: {_reason(error)}")


def _make_tools(folder: Path) -> None:
    stamp, wanted = folder / "installed", hashlib.sha256(TOOLS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Installing the tools …")
    _run([sys.executable, "-m", "venv", "--clear", str(folder / "venv")])
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "--requirement", str(TOOLS)])
    stamp.write_text(wanted)


def _list_parts(folder: Path) -> str:
    """List of parts (SBOM)."""
    file = folder / "sbom.json"
    tool = str(folder / "venv" / "bin" / "cyclonedx-py")
    _run([tool, "requirements", str(PARTS), "--output-format", "JSON", "--output-file", str(file)])
    return f"{len(json.loads(file.read_text())['components'])} parts are listed in {file}."


def _audit(folder: Path) -> str:
    """Known weaknesses."""
    tool = [str(folder / "venv" / "bin" / "pip-audit"), "--requirement", str(PARTS), "--format", "json"]
    told = subprocess.run(
        [*tool, "--disable-pip", "--require-hashes", "--progress-spinner", "off"],
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    if not told.stdout.strip():
        raise ValueError(told.stderr.strip()[-500:] or f"pip-audit ended with {told.returncode}")
    return words_of(json.loads(told.stdout)["dependencies"])


def words_of(parts: list[dict]) -> str:
    """What pip-audit found, in words: what is weak by name, and how much its source did not know."""
    unknown = [part["name"] for part in parts if "skip_reason" in part]
    weak = [part for part in parts if part.get("vulns")]
    lines = [f"{len(parts) - len(unknown)} of {len(parts)} parts were looked up, {len(weak)} with known weaknesses."]
    if unknown:
        lines.append(f"The source of weaknesses does not know, or could not be asked about, {len(unknown)} of them.")
    for part in weak:
        for vuln in part["vulns"]:
            mended = ", ".join(vuln.get("fix_versions") or []) or "nowhere yet"
            lines.append(f"  {part['name']} {part['version']}: {vuln['id']}, mended in {mended}")
    return "\n".join(lines)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)


def _reason(error: Exception) -> str:
    told = getattr(error, "stderr", None)
    return str(told).strip()[-500:] if told else str(error)


def say(words: str) -> None:
    print(words, flush=True)
