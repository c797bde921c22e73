"""Texts made to be slow. Time is processor time, and growth is a ratio within one run."""

import contextlib
import time

import pytest
from django.core.exceptions import ValidationError

from forum import markup
from forum.markup import pipeline

BOMBS = {
    "pictures": "![",
    "brackets": "[",
    "closed brackets": "[a](",
    "tags": "<",
    "closed tags": "<a>",
    "ampersands": "&",
    "entities": "&amp;",
    "emphasis": "*a_ ",
    "stars": "**",
    "underscores": "a__",
    "backticks": "`a",
    "growing backticks": "`" * 7 + "a",
    "quotes": "> ",
    "quoted lines": "> a\n",
    "lists": "- ",
    "list lines": "- a\n",
    "numbers": "1. ",
    "strikes": "~~a",
    "tables": "|a|b|c|d|e|f|g|h|i|j|k|l|\n|-|-|-|-|-|-|-|-|-|-|-|-|\n",
    "short rows": "|a\n",
    "definitions": "[a]: /b\n",
    "addresses": "http://a.example ",
    "long address": "http://a.example/" + "a/" * 5_000,
    "mails": "a@b.example ",
    "half mails": "a@",
    "mentions": "@a ",
    "colons": "http:",
    "slashes": "//",
    "marks": "a\u0301\u0302\u0303",
    "hard breaks": "a\\\n",
    "headings": "# a\n",
    "underlines": "a\n---\n",
    "fences": "```\na\n",
    "escapes": "\\[",
    "autolinks": "<http://a.example> ",
    "parentheses": "[a](" + "(" * 30,
    "dots": "www.",
    "schemes": "x://",
    "marks of other boards": "[b]" + "a" * 22 + "[/b]",
    "ticks in a quote": "[quote]a" + "`" * 19_990,
}


@pytest.mark.parametrize("unit", BOMBS.values(), ids=BOMBS)
def test_no_text_at_the_limit_takes_long(unit):
    source = (unit * markup.MAX_SOURCE_LENGTH)[: markup.MAX_SOURCE_LENGTH]

    whole, half = seconds_for(source), seconds_for(source[: len(source) // 2])

    # Half a second is the promise; a busy machine gets some grace, growth beyond linear gets none.
    assert whole < 1.0
    assert whole < 0.2 or whole / half < 4


def seconds_for(source):
    return min(_once(source) for _ in range(2))


def _once(source):
    pipeline._without_names.cache_clear()  # a text that was just rendered is remembered
    began = time.process_time()
    with contextlib.suppress(ValidationError):
        markup.to_html(source)
    return time.process_time() - began


@pytest.mark.parametrize(
    "link", ["[a](http://a.example) ", "![a](http://a.example/b.png) ", "<http://a.example> ", "[a][b] ", "a.example "]
)
def test_five_hundred_links_of_any_kind_are_taken_and_one_more_is_not(link):
    definition = "\n\n[b]: http://a.example"

    markup.to_html(link * 500 + definition)
    with pytest.raises(ValidationError, match="more than 500 links"):
        markup.to_html(link * 501 + definition)
