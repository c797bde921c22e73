import contextlib
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_a_request_writes_no_file(client, settings, tmp_path, monkeypatch):
    """On a full disk pages stay dressed: what the web server made at its start is served, even if it is old."""
    settings.HOME = tmp_path
    bundle = bundles.make_bundle()
    os.utime(bundle, (0, 0))
    monkeypatch.setattr(bundles, "make_bundle", lambda: pytest.fail("a request made the bundle"))

    assert bundles.BundleFinder().find(bundles.BUNDLE) == str(bundle)
    assert client.get("/static/css/borderpost.css").status_code == 200


@pytest.mark.parametrize("is_there", [True, False])
def test_at_a_start_on_a_full_disk_an_older_bundle_is_good_enough(settings, tmp_path, monkeypatch, is_there):
    def fail(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.HOME, settings.WHITENOISE_USE_FINDERS = tmp_path, True
    if is_there:
        os.utime(bundles.make_bundle(), (0, 0))
    monkeypatch.setattr(Path, "write_text", fail)

    with contextlib.nullcontext() if is_there else pytest.raises(OSError, match="No space"):
        bundles.make_at_start()


def test_while_developing_a_changed_stylesheet_shows_at_once(settings, tmp_path):
    settings.HOME, settings.DEBUG = tmp_path, True

    assert Path(bundles.BundleFinder().find(bundles.BUNDLE)).exists()
