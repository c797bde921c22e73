"""Blocks are sanitised with one letter for their words: the same as the whole HTML in one piece, and bleach sees every
tag and attribute."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from forum import markup
from forum.markup import pipeline, sanitiser
from forum.markup.sanitiser import sanitise, sanitise_block
from tests import naughty
from tests.chance import examples
from tests.forum.test_sanitiser_corpora import payloads, problems_of

PIECES = [
    "<p>", "</p>", '<p dir="auto">', "<ul>\n<li>", "</li>\n</ul>", "<a>", '<a href="/b">', '<a href="javascript:b">',
    '<a href="b>c">', "<a href='b\"c'>", "<a href=b>", '<a href="', '">', "</a>", "<script>", "</script>", "<textarea>",
    "</textarea>", "<plaintext>", "<table>", "<tr><td>", "</td></tr></table>", "<pre>\n", "<pre>", "<br />", "<hr/>",
    "<svg>", "<style>", "<!-- ", " -->", "<![CDATA[", "]]>", "&amp;", "&lt;", "&quot;", "&#x10fff3;", "&", "<", ">",
    '"', "'", " ", "\n", "\t", "\x0c", "\r", "\x00", "\x0b", "\xa0", "\U0010fff0", "\U0010fff3", "words", "two words",
    "Торугарт", "onclick=alert(1)", ' dir="auto"',
]  # fmt: skip


@settings(max_examples=examples(500))
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_html_is_the_same_as_by_bleach_alone(html):
    assert sanitise_block(html) == sanitise(html)
    assert problems_of(sanitise_block(html)) == []


def test_html_of_attacks_is_the_same_as_by_bleach_alone():
    assert [html for html in payloads() if sanitise_block(html) != sanitise(html)] == []


@pytest.mark.parametrize("texts", [payloads, naughty.strings], ids=["attacks", "naughty strings"])
def test_texts_are_the_same_as_if_all_their_html_were_sanitised_in_one_piece(texts, monkeypatch):
    changed = {text: both for text in texts() if len(set(both := both_ways(text, monkeypatch))) > 1}

    assert changed == {}


@settings(max_examples=examples(200))
@given(st.text(alphabet="ab >-*_#`[]()|\n\t!.1&<\"'\\~@:/\xa0\U0010fff3", max_size=120))
def test_any_text_is_the_same_as_if_all_its_html_were_sanitised_in_one_piece(source):
    with pytest.MonkeyPatch.context() as patch:
        in_blocks, as_whole = both_ways(source, patch)

    assert in_blocks == as_whole


def both_ways(source, patch):
    """The HTML by blocks, and the unsanitised HTML sanitised as a whole; twice "" above a limit."""
    try:
        pipeline._without_names.cache_clear()
        in_blocks = markup.to_html(source)
        with patch.context() as bare:
            bare.setattr(pipeline, "sanitise_block", lambda html: html)
            pipeline._without_names.cache_clear()
            as_whole = sanitise(markup.to_html(source)).strip()
    except ValidationError:
        return "", ""
    finally:
        pipeline._without_names.cache_clear()
    return in_blocks, as_whole


@pytest.fixture
def shown(monkeypatch):
    """What bleach is shown."""
    seen, cleaned = [], sanitiser._cleaned
    monkeypatch.setattr(sanitiser, "_cleaned", lambda html: seen.append(html) or cleaned(html))
    sanitiser._kept_shape.cache_clear()
    yield seen
    sanitiser._kept_shape.cache_clear()


def test_bleach_sees_a_shape_once_and_every_address(shown):
    for source in (
        "It was open.",
        "It was closed & <b>cold</b>.",
        "[one](https://a.example/1)",
        "[2](https://a.example/2)",
    ):
        markup.to_html(source)

    assert len(shown) == 3
    assert "https://a.example/1" in shown[1]
    assert "https://a.example/2" in shown[2]


def test_a_long_shape_is_not_kept(shown):
    html = "<ul>" + "<li>b</li>" * sanitiser.LONGEST_KEPT + "</ul>"

    assert sanitise_block(html) == sanitise_block(html) == html
    assert len(shown) == 2


@pytest.mark.parametrize("lost", [f"<p>{sanitiser._WORDS}</p>", "<p>b</p>", f'<p title="{sanitiser._WORDS}">b</p>'])
def test_where_bleach_does_not_leave_each_letter_between_tags_it_is_shown_the_words(lost, monkeypatch):
    sanitiser._kept_shape.cache_clear()
    cleaned = sanitiser._cleaned
    shapes = {f"<p>{sanitiser._WORDS}<em>{sanitiser._WORDS}</em></p>": lost}
    monkeypatch.setattr(sanitiser, "_cleaned", lambda html: shapes.get(html) or cleaned(html))

    assert sanitise_block("<p>one<em>two</em></p>") == "<p>one<em>two</em></p>"
    sanitiser._kept_shape.cache_clear()
