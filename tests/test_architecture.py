"""What holds the house together, beyond the layers that import-linter keeps."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# E-mails have no stylesheet but their own; they are not pages.
PAGES = [path for path in TEMPLATES if path.parent.name != "emails"]
# Names that say a role: each app may have one of its own in several rooms.
ROLES = {
    "__init__", "actions", "admin", "apps", "base", "data", "fields", "forms", "listing", "log", "panels",
    "permissions",
    "queries", "receivers", "rules", "signals", "spam", "staff", "tasks", "urls", "views", "wording",
}  # fmt: skip
# A view and the action that it calls have one name all the way (the route, the template, the test).
ONE_NAME_ALL_THE_WAY = {"reactions"}
NOUNS_IN_ING = {"crossing", "listing", "ranking", "reading", "spelling", "warning", "wording"}
APPS = ["pagecache", "accounts", "forum", "crossings", "moderation", "notifications", "demo", "config", "bench"]


@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(template):
    text = template.read_text()

    assert not re.search(r"\sstyle=|<style|\son\w+=|<script>|javascript:", text)
    assert not re.search(r"(src|href)=\"(https?:)?//", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_text_field_holds_nothing_but_the_text(template):
    """A browser leaves out the first line end after the tag, and nothing else: blanks would be typed text."""
    assert not re.search(r"<(textarea|pre)[^>]*>\n?[ \t]", template.read_text())


def test_html_is_declared_safe_only_where_markup_made_it():
    found = {
        f"{path.relative_to(ROOT / 'templates')}: {match}"
        for path in TEMPLATES
        for match in re.findall(r"{{ ([\w.]+)\|safe }}", path.read_text())
    }

    assert {place.split(": ")[1] for place in found} == {
        "post.html", "rule", "preview", "post.found_words", "discussion", "country.article_html",
        "text.html", "notice.html", "shown.bio", "shown.signature", "post.signature",  # by forum.markup
        "fields", "field.help_text",  # by crispy's layouts, and our own words
        "place", "website",  # by forum.markup.as_data
    }  # fmt: skip
    code = {path.name: path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")}
    assert "mark_safe" not in "".join(code.values())
    assert [name for name, text in code.items() if "SafeString(" in text] == [
        "fragment_cache.py"
    ]  # what templates made


def test_no_view_goes_without_the_token_of_its_form():
    code = {path.name: path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")}

    # Mail programs post to the address of List-Unsubscribe without one (RFC 8058); it is signed.
    assert {name: text.count("@csrf_exempt") for name, text in code.items() if "csrf_exempt" in text} == {
        "stop_letters.py": 1
    }


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


def modules() -> list[Path]:
    return [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if not {"migrations", "management"} & set(path.parts)
    ]


def own_imports(path: Path) -> list[tuple[str, ast.alias]]:
    """What a file imports from packages of ours: the module it imports from, and the name with its `as`."""
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    return [
        (node.module, alias)
        for node in imports
        if node.module and node.module.split(".")[0] in [*APPS, "tests"]
        for alias in node.names
    ]


def is_module(name: str) -> bool:
    place = ROOT / name.replace(".", "/")
    return place.with_suffix(".py").exists() or place.is_dir()


def test_no_module_of_ours_is_imported_under_another_name():
    """If it needs `as`, its name is wrong: rename it."""
    files = [*modules(), *sorted((ROOT / "tests").rglob("*.py"))]
    renamed = [
        f"{path.relative_to(ROOT)}: {alias.name} as {alias.asname}"
        for path in files
        for module, alias in own_imports(path)
        if alias.asname and is_module(f"{module}.{alias.name}")
    ]

    assert renamed == []


def test_a_module_is_named_by_a_noun_or_by_the_verb_that_it_holds():
    gerunds = [path.stem for path in modules() if path.stem.endswith("ing") and path.stem not in NOUNS_IN_ING]

    assert gerunds == []


def test_no_two_modules_share_a_name_unless_it_is_a_role():
    by_name = defaultdict(list)
    for path in modules():
        by_name[path.stem].append(str(path.relative_to(ROOT)))
    shared = {name: places for name, places in by_name.items() if len(places) > 1}

    assert {name: places for name, places in shared.items() if name not in ROLES | ONE_NAME_ALL_THE_WAY} == {}


def test_no_two_modules_of_ours_import_each_other():
    """Not even for their types: a circle hides which of the two stands lower."""
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in modules()}
    imports = {
        name: {found for module, alias in own_imports(path) for found in (module, f"{module}.{alias.name}")}
        for name, path in names.items()
    }
    circles = [(name, other) for name in names for other in imports[name] & names.keys() if name in imports[other]]

    assert circles == []


def test_nothing_is_imported_that_a_library_keeps_for_itself():
    private = [
        f"{path.relative_to(ROOT)}: {node.module}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and {part for part in (node.module or "").split(".") if part == "internal" or part.startswith("_")}
    ]

    assert private == []


def test_in_production_nothing_needs_the_demo():
    """Of what runs a forum only the command that seeds it imports the demo; the benchmark measures on it."""
    importers = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        for module, _ in own_imports(path)
        if module.split(".")[0] == "demo" and app not in ("demo", "bench")
    }

    assert importers == {"config/management/commands/seed.py"}
