"""What a text may be at most, at each border: the last that is taken, and the first that is not."""

import pytest
from django.core.exceptions import ValidationError

from forum import markup
from forum.markup import addresses, limits
from forum.markup.mentions import mentions_in
from forum.markup.parser import parser_of
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
        (limits.MAX_DEPTH - 1, lambda n: "*a " * n + "b" + "*" * n, "more than 10 deep"),
        (limits.MAX_LINKS, lambda n: LINK * n, "more than 500 links"),
        (limits.MAX_LINKS, lambda n: BARE * n, "more than 500 links"),
        (limits.MAX_LINKS, lambda n: LINK * 250 + BARE * (n - 250), "more than 500 links"),
        (limits.MAX_PARTS, lambda n: "a\n" * n, "too many small pieces"),
        (limits.MAX_PARTS, lambda n: "a\n" * 1_000 + "\n" + "`b`" + " `b`" * (n - 1_002), "too many small pieces"),
    ],
    ids=[
        "length", "brackets", "quotes", "lists", "numbered lists", "quotes after others", "emphasis", "links",
        "addresses", "links and addresses", "lines", "lines and code",
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


def test_lines_without_columns_count_to_no_table():
    assert "<table>" in markup.to_html(table(3) + "\n\n" + "line\n\n" * limits.MAX_TABLE_LINES)


def test_links_are_counted_while_a_text_is_parsed_and_html_by_the_length_of_its_source():
    env = {}
    for _ in range(limits.MAX_LINKS):
        limits.count_link(env)

    with pytest.raises(ValidationError, match="more than 500 links"):
        limits.count_link(env)
    limits.check_html("ab", "x" * 2 * limits.MAX_GROWTH)
    limits.check_html("", "x" * limits.MAX_GROWTH)
    with pytest.raises(ValidationError, match="far too long"):
        limits.check_html("ab", "x" * (2 * limits.MAX_GROWTH + 1))


@pytest.mark.parametrize("link", ["https://a.example ", "a.example ", "[url=/b]c[/url] "])
def test_too_many_links_of_ours_end_the_parsing_itself(link):
    parser = parser_of(has_tables=False)

    assert parser.parse(link * limits.MAX_LINKS)
    with pytest.raises(ValidationError, match="more than 500 links"):
        parser.parse(link * (limits.MAX_LINKS + 1))


def test_what_grows_is_refused_when_it_is_parsed_and_again_when_names_are_in_it():
    source = f"[a]: http://e.example/{'b' * 9_000}\n\n" + "[a] " * 400

    with pytest.raises(ValidationError, match="far too long"):
        limits.check_tokens(source, parser_of(has_tables=False).parse(source))
    with pytest.raises(ValidationError, match="far too long"):
        markup.to_html("@a " * 10, mentions={"a": "/members/" + "x" * 300})


@pytest.mark.parametrize(("count", "are_marks"), [(limits.MAX_DEPTH // 2, True), (limits.MAX_DEPTH // 2 + 1, False)])
@pytest.mark.parametrize("before", ["", "[b]x[/b]" * 30])
def test_marks_stand_in_each_other_to_a_depth_whatever_stands_before_them(before, count, are_marks):
    assert ("[b]" not in markup.to_html(f"{before}{'[b]' * count}a{'[/b]' * count}")) == are_marks


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
        ("[b]a [i]b[/b] c\n\nd[/i] [s]e\n\nf[/s]", "<strong>a [i]b</strong> c</p>|d[/i] <s>e</s></p>|<s>f</s></p>"),
        ("[b]a [i]b[/b] c[/i]", "<strong>a [i]b</strong> c[/i]</p>"),
        ("[b]a\n\n[code]b[/code]\n\nc[/b]", "[b]a</p>|<pre><code>b|</code></pre>|c[/b]</p>"),
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
        ("[url=https://a.example]x[/url] https://b.example/*c*/d", 2), ("see http://a", 1),
        ("[a](/b/) www.a.example", 2), ("[a](/b/) [c](/d/) www.a.example", 3), ("[a www.a.example](/b/)", 1),
        ("https://a.example/a*_", 1),
    ],
)  # fmt: skip
def test_links_of_other_boards_have_an_address_and_hold_no_links(source, links):
    html = markup.to_html(source)

    assert html.count("<a ") == links
    assert html.count('<a href="') == links


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[url=https://a.example]x[/url] https://b.example/*c*/d", ">https://b.example/*c*/d</a></p>"),
        ("https://a.example/a*_", ">https://a.example/a</a>*_</p>"),
        ("a [](/topics/1/) b", 'a <a href="/topics/1/" dir="auto">/topics/1/</a> b</p>'),
        ("[ ](/topics/1/) b", '<a href="/topics/1/" dir="auto">/topics/1/ </a> b</p>'),
        ("_x_ and @", "<em>x</em> and @</p>"),
        ("[url]www.a.example[/url]", ">www.a.example</a></p>"),
        ("**“a”**b谢", "**“a”**b谢</p>"),
    ],
)
def test_where_links_and_marks_end(source, html):
    assert markup.to_html(source).endswith(html)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[/quote] [quote]a[/quote]", "<p>[/quote]</p><blockquote><p>a</p></blockquote>"),
        ("[quote]a [list] b[/quote]", "<blockquote><p>a [list] b</p></blockquote>"),
        ("[list]intro [*]a[*]b[/list]", "<p>intro</p><ul><li>a</li><li>b</li></ul>"),
        ("[list][*]a[/list]", "<ul><li>a</li></ul>"),
        ("> [a](/posts/12/)", '<blockquote><cite><a href="/p/12/">yak</a></cite></blockquote>'),
        ("> [a](/posts/12/)\n> b", '<blockquote><cite><a href="/p/12/">yak</a></cite><p>b</p></blockquote>'),
        ("> [a](/posts/12/)\n>\n> b", '<blockquote><cite><a href="/p/12/">yak</a></cite><p>b</p></blockquote>'),
    ],
)
def test_where_blocks_begin_and_end(source, html):
    shown = markup.to_html(source, quotes={12: markup.Quoted("yak", "/p/12/")})

    assert shown.replace(' dir="auto"', "").replace("\n", "") == html


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@yak. Then", [("yak. Then", "yak")]), ("@a b.c-d e", [("a b.c-d e", "a b.c-d", "a b.c", "a b", "a")]),
        ("@a-", [("a",)]), ("@a@b", []), ("@a b@c", [("a",)]), ("@a @c", [("a",), ("c",)]),
        ("@张伟好", [("张伟好", "张伟", "张")]), ("@张a", [("张a", "张")]), ("@a张", [("a张", "a")]),
        ("@.a", []), ("a@b", []), ("@a\u3164b", [("a",)]),
        ("@a b c d e f g", [("a b c d e", "a b c d", "a b c", "a b", "a")]),
    ],
)  # fmt: skip
def test_which_names_may_be_meant(text, names):
    assert [mention.names for mention in mentions_in(text)] == names


@pytest.mark.parametrize(
    ("first_line", "is_attributed"),
    [
        ("[a](/posts/12/)", True), ("[a](/posts/12/)\\", True), ("[a](/posts/12/) said", False),
        ("x [a](/posts/12/)", False), ("[a](/posts/12/x)", False), ("[a](/topics/12/)", False), ("", False),
    ],
)  # fmt: skip
def test_a_quote_is_attributed_by_a_first_line_that_is_nothing_but_the_link(first_line, is_attributed):
    source = f"> {first_line}\n> b @yak"

    assert markup.references(source).posts == ((12,) if is_attributed else ())
    assert ("<cite " in markup.to_html(source, quotes={12: markup.Quoted("yak", "/posts/12/")})) == is_attributed


@pytest.mark.parametrize("value", ["/b/", '"/b/"', "'/b/'", "' /b/ '", "/b/ target=x", "&quot;/b/&quot;"])
def test_the_address_of_a_pasted_link_may_stand_in_quotes(value):
    assert '<a href="/b/" dir="auto">x</a>' in markup.to_html(f"[url={value}]x[/url]")


def test_who_is_named_in_code_or_in_a_link_is_not_mentioned():
    assert markup.references("`@yak` [@mule](/b/) ![@goat](/c) [a](/b/) @camel").names == ("camel",)


@pytest.mark.parametrize(
    ("url", "is_own", "is_safe"),
    [
        ("/a", True, True), ("//a.example", False, False), ("/\\a.example", False, False), ("a", False, False),
        ("https://a.example", False, True), ("/%2Fa.example", True, False), ("/%252Fa.example", True, False),
        ("/%25252Fa.example", True, False), ("/%2525252Fa.example", True, True),
        ("/&sol;a.example", True, False), ("mailto:a@a.example", False, True), ("http://", False, False),
    ],
)  # fmt: skip
def test_addresses_of_this_site_and_safe_ones_however_often_they_are_decoded(url, is_own, is_safe):
    assert (addresses.is_own(url), addresses.is_safe(url)) == (is_own, is_safe)
