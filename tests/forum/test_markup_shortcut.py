"""Harmless HTML does not go through bleach: it must come out as if it had."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.demo.texts import Writer
from forum.markup import pipeline
from tests.naughty import strings

PIECES = [
    "a", " ", "\n", "\n\n", "*", "**", "_", "`", "```\n", "> ", "- ", "1. ", "3. ", "~~", "<b>", "</p>", "&amp;",
    "&", '"',
    "[x](/posts/1/)", "[x](https://road.example/a?b=c)", "[x](javascript:1)", "![p](https://p.example/a.png)", "@rider",
    "https://road.example/", "---\n", "# ", "|a|b|\n|-|-|\n|1|2|\n", "<a href=/x>", "\\", "é", "吐", "'", "\t",
    "    code\n",
]  # fmt: skip


def is_rendered(source):
    """Whether no limit refuses it."""
    try:
        pipeline.to_html(source)
    except ValidationError:
        return False
    return True


def both_ways(source):
    """What is rendered with and without the shortcut, and whether it was taken."""
    taken = []
    shortcut = pipeline._is_harmless

    def note(html):
        taken.append(shortcut(html))
        return taken[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "_is_harmless", note)
        short = pipeline._render(source, pipeline._parse(source), pipeline.Names({}, None))
        patch.setattr(pipeline, "_is_harmless", lambda html: False)
        full = pipeline._render(source, pipeline._parse(source), pipeline.Names({}, None))
    return short, full, taken[0]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join).map(pipeline.clean))
def test_any_mixture_of_markup_comes_out_the_same(source):
    short, full, _ = both_ways(source)

    assert short == full


def test_what_members_write_comes_out_the_same_and_mostly_by_the_shortcut():
    found = [both_ways(source) for source in Writer("shortcut").sources(50)]

    assert [short for short, _, _ in found] == [full for _, full, _ in found]
    assert sum(taken for _, _, taken in found) > 40


def test_naughty_strings_come_out_the_same():
    sources = [pipeline.clean(text)[:2_000] for text in strings()]
    sources = [source for source in sources if is_rendered(source)]

    assert [source for source in sources if len({*both_ways(source)[:2]}) > 1] == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>", "<p onclick=x>", "<img src=x>", "<p>", "</p>", "<p><em></p></em>", '<a href="javascript:1">x</a>',
        '<a href="//evil.example/">x</a>', '<a href="/\\evil.example/">x</a>', '<a href="/x" onclick="y">x</a>',
        '<a href="https://evil.example:80/">x</a>', "a < b", "a > b", "&nbsp;", "&#x6a;", "<!--x-->", "<p/>",
        '<a href="/"><a href="/">x</a></a>', "<p><p>x</p></p>", "<a>x</a>", "<P>x</P>",
    ],
)  # fmt: skip
def test_anything_odd_goes_through_bleach(html):
    assert not pipeline._is_harmless(html)
