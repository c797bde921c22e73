import os
import subprocess
import sys
from pathlib import Path

from config import bundles


def test_the_bundle_holds_every_stylesheet_in_order():
    text = bundles.bundled(bundles.SOURCE)

    assert "@import" not in text
    assert text.index("@layer reset") < text.index("--paper") < text.index(".post")
    written = set(bundles.SOURCE.parent.rglob("*.css"))
    assert written == {*bundles.parts_of(bundles.SOURCE), bundles.SOURCE}


def test_the_bundle_is_served(client):
    answer = client.get("/static/css/borderpost.css")

    assert answer.status_code == 200
    assert b"--paper" in b"".join(answer)


def test_files_are_collected_under_names_with_their_hash(tmp_path):
    """As in production, where every address inside a stylesheet must lead somewhere."""
    environment = os.environ | {"STATIC_ROOT": str(tmp_path), "COLLECT_STATIC": "1"}
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]

    answer = subprocess.run(command, cwd=Path(__file__).parent.parent, env=environment, capture_output=True, text=True)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    (bundle,) = (tmp_path / "css").glob("borderpost.*.css")
    assert "../img/contours." in bundle.read_text()
    assert "contours.svg" not in bundle.read_text()
    assert list((tmp_path / "css").glob("borderpost.*.css.br"))
