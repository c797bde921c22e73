"""What a text may be at most, at each border: the last that is taken, and the first that is not."""

import pytest
from django.core.exceptions import ValidationError

from forum import markup
from forum.markup import limits
from forum.markup.pipeline import cut

LINK, BARE = "[a](/b) ", "https://a.example "


def row(columns):
    return "|" + "a|" * columns


def table(lines, columns=2):
    return "\n".join([row(columns), "|" + "-|" * columns, *[row(columns)] * (lines - 2)])


@pytest.mark.parametrize(
    ("most", "make", "words"),
    [
        (limits.MAX_SOURCE_LENGTH, lambda n: "a" * n, "20,001 characters"),
        (limits.MAX_BRACKETS, lambda n: "[" * n, "more than 1,500 opening brackets"),
        (limits.MAX_NESTING, lambda n: ">" * n + " a", "more than 10 deep"),
        (limits.MAX_NESTING, lambda n: "- " * n + "a", "more than 10 deep"),
        (limits.MAX_NESTING, lambda n: "1. " * n + "a", "more than 10 deep"),
        (limits.MAX_NESTING, lambda n: "> b\n\n- c\n\n" * 3 + ">" * n + " a", "more than 10 deep"),
        (limits.MAX_LINKS, lambda n: LINK * n, "more than 500 links"),
        (limits.MAX_LINKS, lambda n: BARE * n, "more than 500 links"),
        (limits.MAX_LINKS, lambda n: LINK * 250 + BARE * (n - 250), "more than 500 links"),
        (limits.MAX_PARTS, lambda n: "a\n" * n, "too many small pieces"),
        (limits.MAX_PARTS, lambda n: "a\n" * 1_000 + "\n" + "`b`" + " `b`" * (n - 1_002), "too many small pieces"),
    ],
    ids=[
        "length", "brackets", "quotes", "lists", "numbered lists", "quotes after others", "links", "addresses",
        "links and addresses", "lines", "lines and code",
    ],
)  # fmt: skip
def test_the_last_that_is_taken_and_the_first_that_is_not(most, make, words):
    assert markup.to_html(make(most))

    with pytest.raises(ValidationError, match=words):
        markup.to_html(make(most + 1))


@pytest.mark.parametrize(
    ("lines", "columns", "is_table"),
    [
        (limits.MAX_TABLE_LINES, 2, True), (limits.MAX_TABLE_LINES + 1, 2, False),
        (3, limits.MAX_COLUMNS, True), (3, limits.MAX_COLUMNS + 1, False),
    ],
)  # fmt: skip
def test_a_table_that_is_too_large_stays_text(lines, columns, is_table):
    assert ("<table>" in markup.to_html(table(lines, columns))) == is_table


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[b]one[/b] two\n\nthree", "<strong>one</strong> two</p>|three</p>"),
        ("[b]one\n\ntwo[/b]\n\nthree", "<strong>one</strong></p>|<strong>two</strong></p>|three</p>"),
        ("[b]a[/b]\n\n[i]b\n\nc[/i]\n\nd", "<strong>a</strong></p>|<em>b</em></p>|<em>c</em></p>|d</p>"),
        (
            "[b]a [i]b\n\nc[/i] d\n\ne[/b]",
            "<strong>a <em>b</em></strong></p>|<strong><em>c</em> d</strong></p>|<strong>e</strong></p>",
        ),
    ],
)
def test_marks_are_repeated_for_the_paragraphs_that_they_hold_and_no_further(source, html):
    assert markup.to_html(source).replace('<p dir="auto">', "").replace("\n", "|").rstrip("|") == html


@pytest.mark.parametrize(("names", "are_marks"), [("bisu", True), ("bisub", False)])
def test_four_marks_in_each_other_are_repeated_and_no_fifth(names, are_marks):
    begin = "".join(f"[{name}]" for name in names)
    end = "".join(f"[/{name}]" for name in reversed(names))

    assert ("[" not in markup.to_html(f"{begin}one\n\ntwo{end}")) == are_marks


@pytest.mark.parametrize(
    "source",
    [
        "[see https://a.example/x now](/topics/1/)", "[https://a.example](https://a.example)", "https: the protocol",
        "my https:/ and //", "xhttps://a.example", "https://",
    ],
)  # fmt: skip
def test_an_address_is_no_link_within_a_link_nor_without_all_its_marks(source):
    assert markup.to_html(source).count("<a ") == source.count("](")


@pytest.mark.parametrize(
    ("words", "length", "shown"),
    [
        ("abcde", 5, "abcde"), ("abcdef", 5, "abcd…"), ("ab cdef", 7, "ab cdef"), ("ab cdefg", 7, "ab…"),
        ("ab, cdefg", 7, "ab…"), ("ab cd efgh", 7, "ab cd…"), ("", 5, ""),
    ],
)  # fmt: skip
def test_words_are_cut_after_a_whole_one_and_never_longer_than_asked(words, length, shown):
    assert cut(words, length) == shown
    assert len(shown) <= length


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("[url=https://a.example]x[/url]", 1), ("[url]https://a.example[/url]", 1),
        ("[url=javascript:alert(1)]x[/url]", 0), ("[url=]x[/url]", 0), ("[y [url=https://a.example]x[/url]](/b/)", 1),
        ("[url=https://a.example]y [url=https://b.example]x[/url][/url]", 1),
        ("[url=https://a.example][email]x@a.example[/email][/url]", 1),
    ],
)  # fmt: skip
def test_links_of_other_boards_have_an_address_and_hold_no_links(source, links):
    html = markup.to_html(source)

    assert html.count("<a ") == links
    assert html.count('<a href="') == links
