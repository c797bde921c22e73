"""The documents say what the code does."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_of_the_environment_is_documented():
    files = [*(ROOT / "config" / "settings").glob("*.py"), ROOT / "config" / "environment.py"]
    code = "".join(file.read_text() for file in files)
    read = set(re.findall(r'(?:\benvironment\.\w+|\btext)\(\s*"([A-Z_]+)"', code))
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))

    assert len(read) > 20
    assert read == documented


def test_the_readme_is_short_and_names_the_two_commands():
    readme = (ROOT / "README.md").read_text()

    assert len(readme.splitlines()) < 100
    assert "./run\n" in readme
    assert "./run test" in readme


def test_the_readme_names_only_what_is_there():
    readme = (ROOT / "README.md").read_text()
    links = re.findall(r"\]\(([\w./-]+)\)", readme)

    assert [link for link in links if not (ROOT / link).exists()] == []


DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_files_that_are_there(document):
    """A file is named by its path, or by its name alone beside others of its folder."""
    named = set(re.findall(r"`([\w/-]+\.(?:py|css|js|sql|sh))`", document.read_text()))
    tracked = [path for path in ROOT.glob("*/**/*.*") if not set(path.parts) & {".venv", ".borderpost"}]
    there = {str(path.relative_to(ROOT)) for path in tracked}

    assert [name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in there)] == []
