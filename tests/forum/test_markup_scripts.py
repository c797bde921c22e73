"""What people paste: addresses beside any punctuation, BBCode, dense scripts, directions, invisible characters."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.text.bare_links import bare_links, has_bare_link
from accounts.text.plain_text import visible, without_unseen
from forum import markup


def linked(source):
    return re.findall(r'<a href="([^"]*)"', markup.to_html(source))


def text_of(html):
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize("end", "«»“”‘’…–—。，、；：！？（）【】》」؟،؛।\u200b\u200e\u00ad")
def test_an_address_ends_before_closing_and_full_width_punctuation(end):
    assert linked(f"https://a.example/visa{end}然后 https://b.example") == [
        "https://a.example/visa",
        "https://b.example",
    ] or (
        end in "\u200b\u200e\u00ad"  # taken out, so that the next letter belongs to the address
    )
    assert linked(f"https://a.example/visa{end}") == ["https://a.example/visa"]
    assert linked(f"www.a.example/visa{end} x") == ["http://www.a.example/visa"]


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("https://a.example/wiki/边境", "https://a.example/wiki/%E8%BE%B9%E5%A2%83"),
        ("(https://a.example/wiki/Pass_(Alai))", "https://a.example/wiki/Pass_(Alai)"),
        ("~~https://a.example/a~~", "https://a.example/a"),
        ("_https://a.example/a_", "https://a.example/a"),
        ("**https://a.example/a**, and", "https://a.example/a"),
        ("*see https://a.example/a*", "https://a.example/a"),
        ("https://a.example/a_b_c", "https://a.example/a_b_c"),
        ("https://a.example/_b_/c", "https://a.example/_b_/c"),
        ("https://a.example\u200b", "https://a.example"),
        ("[url]https://a.example/b[/url]", "https://a.example/b"),
        ("[URL=https://a.example/b]the office[/URL]", "https://a.example/b"),
        ('[url="www.a.example/b"]the [b]office[/b][/url]', "http://www.a.example/b"),
        ("[img]https://a.example/arch.jpg[/img]", "https://a.example/arch.jpg"),
        ("[email]office@a.example[/email]", "mailto:office@a.example"),
        ("Write to office@a.example.", "mailto:office@a.example"),
        ("see t.me/roads, or evisa.gov.kg, or booking.com", "http://t.me/roads"),
    ],
)
def test_an_address_is_linked_whole_whatever_stands_around_it(source, href):
    assert linked(source)[0] == href


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("Look at www.caravanistan.com.Then go", "http://www.caravanistan.com"),
        ("Write to info@hotel.com.So we did", "mailto:info@hotel.com"),
        ("https://visa.example.org.Then we went", "https://visa.example.org"),
        ("https://www.Example.Com", "https://www.Example.Com"), ("www.example.Com/a", "http://www.example.Com/a"),
        ("https://example.org/a.Then", "https://example.org/a.Then"),
        ("https://a.example/visa։Հետո", "https://a.example/visa"),
        ("https://a.example/visa׃אחר", "https://a.example/visa"),
    ],
)  # fmt: skip
def test_a_sentence_that_follows_without_a_blank_is_no_part_of_a_host(source, href):
    assert linked(source)[0] == href


@pytest.mark.parametrize(
    "source",
    [
        "We got the visa.It took a day", "on Monday.In Osh", "40 km.So we slept", "Mr.Li", "readme.md", "tea.Coffee",
        "e.g.in Osh", "at 5 p.m.at the gate", "the M.41", "5.5km", "13.30", "Sary-Tash.Then", "evisa.kg",
        "`https://a.example`", "[url=javascript:alert(1)]x[/url]", "[url]vbscript:x[/url]",
        "[img]data:image/png,x[/img]",
        "[url]a.b", "http\\://a.example",
    ],
)  # fmt: skip
def test_what_is_no_address_stays_text(source):
    assert linked(source) == []


@pytest.mark.parametrize(
    ("typed", "is_link"),
    [("We got the visa.It took", False), ("readme.md", False), ("WWW.fast.example", True), ("fast-visa.com", True),
     ("see https://a.example。", True), ("谢谢。然后", False)],
)  # fmt: skip
def test_a_plain_text_has_a_link_by_the_same_rule(typed, is_link):
    assert has_bare_link(typed) is is_link


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[b]open[/b] and [i]dry[/i], [s]shut[/s]", "<strong>open</strong> and <em>dry</em>, <s>shut</s>"),
        ("[b]a [i]b[/b] c", "<strong>a [i]b</strong> c"),
        ("[color=red][size=150]red[/size][/color] [u]line[/u]", "red line"),
        ("[b]never closed", "[b]never closed"),
        ("`[b]x[/b]`", "<code>[b]x[/b]</code>"),
        ("closed [/b] only", "closed [/b] only"),
    ],
)
def test_marks_of_other_boards_mean_what_they_meant(source, html):
    assert markup.to_html(source) == f'<p dir="auto">{html}</p>'


def test_a_quote_of_another_board_is_a_quote_with_the_name_that_was_typed():
    html = markup.to_html('[quote="yak_*rider" post_id=5 time=9]Open.\n\n\n\n- cash[/quote]Thanks')

    assert re.sub(r'\n| dir="auto"', "", html) == (
        "<blockquote><p><strong>yak_*rider</strong></p><p>Open.</p><ul><li>cash</li></ul></blockquote><p>Thanks</p>"
    )
    assert "/members/" not in html


def test_quotes_lists_and_code_of_other_boards_stand_in_each_other():
    html = markup.to_html(
        "[quote=a][quote=b]x[/quote]y[/quote]\n[list]\n[*]one\n[*]two\n[/list]\n[code]a [b]b[/b][/code]"
    )

    assert html.count("<blockquote") == 2
    assert len(re.findall("<li", html)) == 2
    assert "<pre><code>a [b]b[/b]\n</code></pre>" in html


def test_code_of_another_board_ends_where_it_is_closed_whatever_stands_in_it():
    assert markup.to_html("[code]\n```\nx\n[/code]\nafter").endswith('<p dir="auto">after</p>')
    html = markup.to_html("[code]x = `a[/code] and `b`")
    assert "<pre><code>x = `a\n</code></pre>" in html
    assert "<code>b</code>" in html


@pytest.mark.parametrize("source", ["```\n[quote]a[/quote]\n```", "`[quote]a[/quote]`", "[quote]a", "a[/quote]"])
def test_code_and_what_is_not_closed_is_no_quote(source):
    assert "<blockquote" not in markup.to_html(source)


@pytest.mark.parametrize(
    ("source", "strong"),
    [
        ("这是**我想做的事。**所以", "我想做的事。"), ("他说**“好”**吗", "“好”"), ("**「是」**的", "「是」"),
        ("国境は**開いています。**はい", "開いています。"), ("**국경(북쪽)**은", "국경(북쪽)"), ("a **b** c", "b"),
    ],
)  # fmt: skip
def test_emphasis_needs_no_blanks_where_a_script_has_none(source, strong):
    assert f"<strong>{strong}</strong>" in markup.to_html(source)


def test_latin_words_keep_the_rules_of_commonmark():
    assert "<strong>" not in markup.to_html('a**"b"**c')


def test_cells_keep_their_alignment_as_a_class_of_ours():
    html = markup.to_html("|a|b|c|d|\n|:-|-:|:-:|-|\n|1|2|3|4|")

    assert re.findall(r"<td[^>]*>", html) == [
        f'<td dir="auto"{more}>'
        for more in (' class="align-left"', ' class="align-right"', ' class="align-center"', "")
    ]
    assert "style" not in html


def test_each_paragraph_item_cell_and_quote_has_its_own_direction():
    html = markup.to_html(
        "مرز باز است\n\n> Latin\n\n- یک\n\n|a|\n|-|\n|ب|\n\n@yak سلام", mentions={"yak": "/members/yak/"}
    )

    for element in ("p", "blockquote", "li", "td", "th"):
        assert re.findall(rf'<{element}(?! dir="auto")[ >]', html) == []
    # A link has a direction of its own, so that the words after it decide that of the paragraph.
    assert '<p dir="auto"><a href="/members/yak/" dir="auto">@yak</a> سلام</p>' in html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Khun\u00adje\u00adrab", "Khunjerab"), ("Tor\u200bugart\u200b", "Torugart"),
        ("a\u200db\u200cc\u2060d\ufeff", "abcd"),
        ("\u200eKulma\u200f\u202a\u2066\u061c", "Kulma"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",) * 2,
        ("क्\u200dष",) * 2,
        ("👨\u200d👩\u200d👧",) * 2, ("ด่าน\u200bแดน",) * 2,
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",) * 2,
        ("x\U000e0067y", "xy"), ("ᠮᠣᠩᠭᠣᠯ\u180e",) * 2,
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_taken_out_unless_its_script_needs_it(typed, kept):
    assert markup.clean(typed) == kept
    assert visible(typed) == kept


@pytest.mark.parametrize("end", ["\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_one(end):
    assert markup.to_html(f"one{end}two") == '<p dir="auto">one<br>\ntwo</p>'
    assert visible(f"one{end}two") == "one two"


@pytest.mark.parametrize("of", [markup.excerpt, lambda source: markup.words_of(markup.to_html(source))])
def test_marks_within_a_line_leave_no_blank_and_blocks_do(of):
    assert (
        of("**Zumbolat**, then (**closed**)! 5**km** un**believ**able") == "Zumbolat, then (closed)! 5km unbelievable"
    )
    assert of("- one\n- two\n\nthree") == "one two three"


@given(st.text(max_size=60))
def test_taking_out_what_cannot_be_seen_is_done_once_and_for_all(text):
    once = without_unseen(text)

    assert without_unseen(once) == once


PLAIN = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\\&`*_~[]<>#|+-=:/.@!()"),
    max_size=80,
)


@given(PLAIN)
def test_words_without_marks_are_shown_as_they_are_and_link_nowhere(text):
    html = markup.to_html(text)

    assert "<a" not in html
    assert "".join(text_of(html).split()) == "".join(re.sub(r"^\s*\d+[.)]\s", "", markup.clean(text)).split())


@given(st.text(alphabet="[]/=bquoteurlcdistmg*\n>` ax.:", max_size=120))
def test_any_bbcode_gives_safe_html(text):
    assert "<script" not in markup.to_html(text)


@given(st.text(max_size=100))
def test_links_stand_within_the_text_in_order(text):
    places = [place for link in bare_links(text) for place in (link.start, link.end)]

    assert places == sorted(places)
    assert not places or places[-1] <= len(text)
