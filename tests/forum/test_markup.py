import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from forum import markup
from forum.markup import Quoted
from forum.markup.sanitiser import TAGS, sanitise
from tests.chance import examples


def to_html(source, **values):
    """What is made of a source, but for directions, which every paragraph has (tests/forum/test_markup_scripts.py)."""
    return markup.to_html(source, **values).replace(' dir="auto"', "")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("The gate is **open**.", "<p>The gate is <strong>open</strong>.</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("~~shut~~", "<p><s>shut</s></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("# Road\n\ndry", "<p><strong>Road</strong></p>\n<p>dry</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("[here](/topics/1-x/)", '<p><a href="/topics/1-x/">here</a></p>'),
        ("```sh\nls\n```", "<pre><code>ls\n</code></pre>"),
        ("Торугарт ئۈرۈمچى བོད 👩🏽‍🔧", "<p>Торугарт ئۈرۈمچى བོད 👩🏽‍🔧</p>"),
    ],
)
def test_markdown_becomes_plain_honest_html(source, html):
    assert to_html(source) == html


# One of each block that Unicode has for them.
COMBINING = ["\u0305", "\u0487", "\u1ab0", "\u20d2", "\ufe22"]


@pytest.mark.parametrize("mark", COMBINING, ids=ascii)
@pytest.mark.parametrize(("typed", "left"), [(1, 1), (8, 8), (9, 8), (500, 8)])
def test_a_letter_carries_eight_combining_marks_at_most(mark, typed, left):
    assert to_html(f"x{mark * typed}y{mark * typed}") == f"<p>x{mark * left}y{mark * left}</p>"


def test_combining_marks_of_several_blocks_count_together():
    html = to_html("x" + "".join(COMBINING) * 4)

    assert sum(html.count(mark) for mark in COMBINING) == 8


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "javascript:1", "JaVaScRiPt:x", "java\tscript:x", "&#106;avascript:x",
        "%6aavascript:x", "vbscript:x", "data:text/html,x", "//evil.example", "/\\evil.example", "ftp://a.example",
        "tel:1", "#here", "relative/path", "http://", "https:evil",
    ],
)  # fmt: skip
def test_addresses_that_are_neither_ours_nor_the_webs_are_no_links(url):
    assert "<a" not in to_html(f"[x]({url})")
    assert "<a" not in to_html(f"[x](<{url}>)")


def test_outside_links_are_marked_and_show_their_host():
    html = to_html("[cheap visas](https://visa.example/x)")

    assert 'rel="nofollow ugc noopener"' in html
    assert html.endswith("</a> (visa.example)</p>")


def test_a_bare_address_becomes_a_link_once():
    html = to_html("See https://visa.example/x and mail me@example.org")

    assert html.count("<a ") == 2
    assert "(visa.example)" not in html


def test_a_host_of_look_alike_letters_is_shown_as_it_really_is():
    assert "(xn--" in to_html("[bank](https://раypal.example/)")


def test_pictures_from_elsewhere_become_links():
    html = to_html("![The arch](https://pictures.example/a.jpg)")

    assert "<img" not in html
    assert ">The arch</a> (pictures.example)" in html


def test_members_are_mentioned_when_they_exist():
    source = "Thanks @yak_rider, not @nobody. Not `@yak_rider`, not me@yak_rider.example."

    assert [names[-1] for names in markup.references(source).mentions] == ["yak_rider", "nobody"]
    html = to_html(source, mentions={"yak_rider": "/members/yak_rider/"})
    assert html.count('<a href="/members/yak_rider/">@yak_rider</a>') == 1
    assert "@nobody" in html


def test_at_most_ten_members_are_mentioned():
    source = " ".join(f"@member{number}" for number in range(50))

    assert len(markup.references(source).mentions) == 10


QUOTE = "> [Somebody else](/posts/12/)\n> Bring cash.\n\nYes."


def test_a_quote_names_its_real_author():
    html = to_html(QUOTE, quotes={12: Quoted("yak_rider", "/posts/12/")})

    assert markup.references(QUOTE).posts == (12,)
    assert '<cite><a href="/posts/12/">yak_rider</a></cite>' in html
    assert "Somebody else" not in html
    assert "Bring cash." in html


def test_a_quote_of_a_post_that_is_not_shown_names_nobody():
    html = to_html(QUOTE, quotes={})

    assert "<cite>A post that is not shown</cite>" in html
    assert "/posts/12/" not in html


def test_what_quoting_writes_is_understood_again():
    source = markup.quote("odd]_name*", 7, "One.\n\n- two")

    assert markup.references(source).posts == (7,)
    assert "odd]_name*</a></cite>" in to_html(source)


def test_quotes_in_quotes_in_quotes_are_enough():
    html = to_html("> a\n> > b\n> > > c\n> > > > d\n> > > > > e")

    assert html.count("<blockquote>") == 3
    assert html.count("<p>…</p>") == 1
    assert "e" not in re.sub("<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x" * 20_001, "Shorten it"),
        (">" * 11 + " a", "deep in each other"),
        ("".join("  " * level + "- a\n" for level in range(12)), "deep in each other"),
        ("[" * 1_501, "brackets"),
        (f"[a]: http://e.example/{'b' * 9_000}\n\n" + "[a] " * 400, "far too long"),
    ],
)
def test_what_is_too_much_is_refused_in_words(source, words):
    with pytest.raises(ValidationError, match=words):
        to_html(source)


def test_a_table_is_a_table_until_it_is_too_wide():
    wide = "|" + "a|" * 13

    assert "<table>" in to_html("| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<table>" not in to_html(f"{wide}\n{wide.replace('a', '-')}\n{wide}")


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\x86", "\u202e", "\u2066", "\ud800", "\ufeff"])
def test_invisible_controls_are_taken_out(letter):
    assert to_html(f"a{letter}b") == "<p>ab</p>"


def test_an_excerpt_is_plain_words_cut_at_a_word():
    source = "> quoted\n\nThe **gate** [is](https://a.example) open <b>today</b> at nine."

    assert markup.excerpt(source) == "The gate is open <b>today</b> at nine."
    assert markup.excerpt(source, 15) == "The gate is…"


TYPED = st.text(
    alphabet=st.one_of(st.sampled_from(list("*_`~>-#[]()!<&@|:/\\\n 1a")), st.characters(codec="utf-8")),
    max_size=300,
)


@settings(max_examples=examples(300))
@given(TYPED)
def test_whatever_is_typed_gives_safe_html_or_words(source):
    try:
        html = to_html(source)
    except ValidationError:
        return
    assert {tag.lower() for tag in re.findall(r"</?([a-zA-Z0-9]+)", html)} <= TAGS
    assert len(html) <= 60 * max(len(source), 1) + 60
    assert sanitise(html) == html


@settings(max_examples=examples(150))
@given(TYPED)
def test_an_excerpt_never_fails_and_is_never_long(source):
    assert len(markup.excerpt(source, 50)) <= 50


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<x-map>b</x-map>", "b"), ("<script>b</script>", "b"), ("a<img src=x>b", "ab"),
        ('<p class="x">b</p>', "<p>b</p>"),
        ('<a href="/b" target="_blank">b</a>', '<a href="/b">b</a>'),
        ('<a id="/b">b</a>', "<a>b</a>"),
        ('<a rel="opener">b</a>', "<a>b</a>"),
        ('<ol start="3"><li>b</li></ol>', '<ol start="3"><li>b</li></ol>'),
        ('<ol start="x"><li>b</li></ol>', "<ol><li>b</li></ol>"),
        ('<ol class="3"><li>b</li></ol>', "<ol><li>b</li></ol>"),
        ('<ul start="3"><li>b</li></ul>', "<ul><li>b</li></ul>"),
        (
            "<table><tbody><tr>" + '<td id="align-left" class="align-right">b</td>' + "</tr></tbody></table>",
            "<table><tbody><tr>" + '<td class="align-right">b</td>' + "</tr></tbody></table>",
        ),
    ],
)  # fmt: skip
def test_what_no_text_may_hold_is_taken_out_and_not_shown(html, left):
    assert sanitise(html) == left
