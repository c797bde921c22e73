"""The stylesheets hold what the templates use and nothing else, and take sizes of letters and radii from tokens.css."""

import re
from pathlib import Path

import pytest

from config import bundles

ROOT = Path(__file__).parent.parent
STYLES = sorted(bundles.SOURCE.parent.rglob("*.css"))
APPS = ["accounts", "config", "crossings", "forum", "moderation", "notifications"]
# Set by htmx itself, while a request is under way.
OF_SCRIPTS = {"htmx-request", "mentions"}

_COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|"[^"]*"|url\([^)]*\)', re.DOTALL)
_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_ATTRIBUTE = re.compile(r'(?<![\w-])class="((?:\{%[^%]*%\}|\{\{[^}]*\}\}|[^"\n])*)"')
_IN_PYTHON = re.compile(r'"class": "([^"]+)"|"(m-[a-z]+)"')
_BRANCH = re.compile(r"\{% el[^%]*%\}")
_TAG = re.compile(r"\{%[^%]*%\}|\{\{[^}]*\}\}|\{\w*\}")
_IMPORTANT = re.compile(r"[^{};]*!important")
_SIZES = re.compile(r"(?<![\w-])(?:font|font-size|border-radius|border-[a-z]+-[a-z]+-radius|z-index):\s*([^;}]+)")
_LENGTH = re.compile(r"(?<![\w.-])(?:\d*\.)?\d+(?:rem|em|px|%|vw)")


def classes_of_styles(css):
    return set(_CLASS.findall(_COMMENT_OR_STRING.sub("", css)))


def classes_of_html(html):
    """The words of all class attributes; what ends with a hyphen is the beginning of several (`status-`)."""
    values = [_TAG.sub("", _BRANCH.sub(" ", value)) for value in _ATTRIBUTE.findall(html)]
    return {word for value in values for word in value.split()}


def classes_of_python(source):
    named = {word for found in _IN_PYTHON.findall(source) for value in found for word in value.split()}
    return named | classes_of_html(source)


def sizes_outside_of_tokens(css):
    """Lengths written into fonts and radii, and numbers into z-index, instead of a custom property's name."""
    values = [value for value in _SIZES.findall(_COMMENT_OR_STRING.sub("", css)) if "var(--avatar-size" not in value]
    return [value for value in values if _LENGTH.search(value) or (re.fullmatch(r"-?\d+", value) and value != "0")]


def in_styles():
    return {name for path in STYLES for name in classes_of_styles(path.read_text())}


def in_templates():
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    return {name for path in pages for name in classes_of_html(path.read_text())}


def in_python():
    modules = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return {name for path in modules for name in classes_of_python(path.read_text())}


def has_user(name, used):
    return name in used or any(name.startswith(word) for word in used if word.endswith("-"))


def test_every_class_of_a_template_has_a_style():
    known = in_styles()

    unknown = {name for name in in_templates() if name not in known and not name.endswith("-")}

    assert unknown == set()


def test_every_class_with_a_style_is_used():
    used = in_templates() | in_python() | OF_SCRIPTS

    assert {name for name in in_styles() if not has_user(name, used)} == set()


def test_classes_are_words():
    assert {name for name in in_styles() | in_templates() if len(name) < 3} == set()


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_nothing_is_important_but_print_and_hidden(path):
    important = [rule.strip() for rule in _IMPORTANT.findall(path.read_text())]

    assert important == (["display: none !important"] if path.stem in {"print", "reset"} else [])


@pytest.mark.parametrize("path", [path for path in STYLES if path.stem != "tokens"], ids=lambda path: path.stem)
def test_sizes_and_radii_come_from_the_tokens(path):
    assert sizes_outside_of_tokens(path.read_text()) == []


def test_every_token_is_used():
    tokens = set(re.findall(r"(--[\w-]+):", (bundles.SOURCE.parent / "tokens.css").read_text()))
    used = {name for path in STYLES for name in re.findall(r"var\((--[\w-]+)", path.read_text())}

    assert tokens - used == set()


@pytest.mark.parametrize(
    ("css", "found"),
    [
        (".a-b .c:has(> .d) { margin: 0.5rem; background: url(x.svg); } /* .not */", {"a-b", "c", "d"}),
        ('.post { &.answer { content: ".no"; } }', {"post", "answer"}),
    ],
)
def test_classes_are_found_in_styles(css, found):
    assert classes_of_styles(css) == found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p class="post{% if a == "b" %} new{% endif %}">', {"post", "new"}),
        ('<p class="{% if a %}one{% else %}two{% endif %}">', {"one", "two"}),
        ('<p class="stamp status-{{ colour }}{% if a %} old{% endif %}">', {"stamp", "status-", "old"}),
        ('<p class="big status-{% block sign %}closed{% endblock %}">', {"big", "status-closed"}),
        ('<p data-class="not">', set()),
    ],
)
def test_classes_are_found_in_templates(html, found):
    assert classes_of_html(html) == found


@pytest.mark.parametrize(
    "css",
    ["a { font-size: 1rem; }", "a { font: 600 0.75rem/1 var(--cond); }", "a { border-radius: 2px; }", "a{z-index: 5}"],
)
def test_sizes_outside_of_tokens_are_found(css):
    assert len(sizes_outside_of_tokens(css)) == 1


@pytest.mark.parametrize(
    "css", ["a { font: 600 var(--text-s) / 1.3 var(--cond); }", "a { border-radius: 0 0 var(--radius) var(--radius); }"]
)
def test_sizes_from_tokens_are_left_alone(css):
    assert sizes_outside_of_tokens(css) == []
