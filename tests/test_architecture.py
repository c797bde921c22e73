"""What holds the house together, beyond the layers that import-linter keeps."""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
APPS = ["accounts", "forum", "crossings", "moderation", "notifications", "config", "bench"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(template):
    text = template.read_text()

    assert not re.search(r"\sstyle=|<style|\son\w+=|<script>|javascript:", text)
    assert not re.search(r"(src|href)=\"(https?:)?//", text)


def test_html_is_declared_safe_only_where_markup_made_it():
    found = {
        f"{path.relative_to(ROOT / 'templates')}: {match}"
        for path in TEMPLATES
        for match in re.findall(r"{{ ([\w.]+)\|safe }}", path.read_text())
    }

    assert {place.split(": ")[1] for place in found} == {
        "post.html", "rule", "preview", "post.found_words", "discussion", "country.article_html",  # by forum.markup
        "fields", "field.help_text",  # by crispy's layouts, and our own words
        "place",  # by forum.markup.as_data
        "map.drawing.svg",  # by crossings.maps.paths, which escapes names
    }  # fmt: skip
    code = {path.name: path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")}
    assert "mark_safe" not in "".join(code.values())
    assert [name for name, text in code.items() if "SafeString(" in text] == ["finished.py"]  # what templates made


def test_no_view_goes_without_the_token_of_its_form():
    code = "".join(path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py"))

    assert "csrf_exempt" not in code


def test_every_route_of_ours_has_a_name():
    nameless = [pattern for pattern in get_resolver().url_patterns if getattr(pattern, "name", "x") is None]

    assert nameless == []


def test_what_we_write_stays_small_enough_to_read():
    long = {
        str(path.relative_to(ROOT)): lines
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 330
    }

    assert long == {}
