"""Every title and name has a direction of its own, on pages and in letters: `dir="auto"` or <bdi> right around it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "templates"
NAMES = r"(?:[\w.]*\.)?(?:title|username|last_author|author_name|topic_title|last_title)|[\w.]*subforum\.(?:label|name)"
TYPED = re.compile(r"\{\{\s*(?:" + NAMES + r")(?=[\s|}])[^}]*\}\}")
PIECE = re.compile(
    r"<script.*?</script>|</?[a-zA-Z](?:\{%.*?%\}|\{\{.*?\}\}|\"(?:\{%.*?%\}|\{\{.*?\}\}|[^\"])*\"|[^>\"])*>"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|[^<{]+|.",
    re.DOTALL,
)
EMPTY = {"br", "hr", "img", "input", "link", "meta", "use"}
FIELD = re.compile(r"<textarea\b[^>]*>|<input\b(?![^>]*type=\"(?!text|search))[^>]*>")


def without_direction(template: str) -> list[str]:
    """Titles and names in the text of a template whose element says nothing of their direction."""
    found, opened, blocks = [], [""], [""]
    for piece in (match.group() for match in PIECE.finditer(template)):
        if block := re.match(r"\{%\s*(block|endblock)\s*(\w*)", piece):
            blocks = [*blocks, block[2]] if block[1] == "block" else blocks[:-1]
        elif piece.startswith("</"):
            opened = opened[:-1] or [""]
        elif tag := re.match(r"<([a-zA-Z0-9]+)", piece):
            opened += [] if tag[1] in EMPTY or piece.endswith("/>") else [piece]
        elif TYPED.fullmatch(piece) and "as_crispy_field" not in piece:
            is_told = "dir=" in opened[-1] or opened[-1].startswith("<bdi") or "|isolated" in piece
            if not is_told and blocks[-1] not in {"description", "head"} and not opened[-1].startswith("<textarea"):
                found.append(piece)
    return found


TEMPLATES = [
    path.relative_to(ROOT).as_posix()
    for path in sorted(ROOT.rglob("*.html"))
    if not path.is_relative_to(ROOT / "account/email")
]


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_title_and_name_has_a_direction_of_its_own(name):
    assert without_direction((ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_field_for_words_has_the_direction_of_what_is_typed(name):
    fields = FIELD.findall((ROOT / name).read_text())

    assert [field for field in fields if "dir=" not in field] == []


@pytest.mark.parametrize(
    "template",
    ["<h1>{{ topic.title }}</h1>", "<p>By {{ user.username }}</p>", "{% block title %}{{ topic.title }}{% endblock %}"],
)
def test_what_has_no_direction_is_found(template):
    assert without_direction(template)
