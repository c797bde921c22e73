"""The sanitiser holds against what has broken others: upstream of bleach is quiet, so its choice is guarded here.

`xss_payloads.jsonl` is a sample, each line with the project that it comes from and its licence. With the variable
XSS_PAYLOADS, the lines of another file besides, each a JSON object with a "payload".
"""

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from forum import markup
from forum.markup.sanitiser import TAGS, sanitise

HERE = Path(__file__).parent
ATTRIBUTES = {"href", "rel", "start", "align", "dir", "class"}
OUR_CLASSES = {"mention"}
SCHEMES = {"http", "https", "mailto"}


def payloads():
    files = [HERE / "xss_payloads.jsonl", *map(Path, filter(None, [os.environ.get("XSS_PAYLOADS")]))]
    found = ['<a href="http://[x">no address</a>', "[no address](http://[x)"]
    return found + [
        json.loads(line)["payload"] for file in files for line in file.read_text().splitlines() if line.strip()
    ]


class Judge(HTMLParser):
    """Collects all that a browser could act on: another parser than that of bleach."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.problems = []
        self.tags = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, attributes))
        if tag not in TAGS:
            self.problems.append(f"tag {tag}")
        for name, value in attributes:
            if name not in ATTRIBUTES:
                self.problems.append(f"attribute {name}")
            if name == "href" and not is_safe(value or ""):
                self.problems.append(f"address {value}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data):
        self.problems.append("comment")

    def handle_decl(self, decl):
        self.problems.append("declaration")

    def handle_pi(self, data):
        self.problems.append("instruction")


def is_safe(address):
    """As browsers read it: without leading blanks, and without tabs and line breaks anywhere."""
    seen = address.strip("".join(map(chr, range(33))))
    for character in "\t\r\n":
        seen = seen.replace(character, "")
    head = seen.split("/")[0].split("?")[0].split("#")[0]
    return ":" not in head or head.split(":")[0].lower() in SCHEMES


def judged(html):
    judge = Judge()
    judge.feed(html)
    judge.close()
    return judge


def problems_of(html):
    return judged(html).problems


@pytest.mark.parametrize("render", [markup.to_html, sanitise], ids=["as Markdown", "as HTML"])
def test_nothing_that_a_browser_acts_on_comes_through(render):
    found = {}
    for payload in payloads():
        try:
            html = render(payload)
        except ValidationError:
            continue
        if problems := problems_of(html):
            found[payload] = problems

    assert found == {}


def test_what_is_clean_stays_as_it_is():
    """No mutation: reading the result again, as a browser does, makes no other tags of it."""
    changed = [
        payload for payload in payloads() if judged(sanitise(once := sanitise(payload))).tags != judged(once).tags
    ]

    assert changed == []


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>", "<a onclick=x>", "<img src=x>", '<a href="java\nscript:x">', "<!-- x -->",
        '<a href=" javascript:x">', '<a href="data:text/html,x">', "<svg><p>",
    ],
)  # fmt: skip
def test_the_judge_sees_what_is_bad(bad):
    assert problems_of(bad)
