"""Tables of what people paste: addresses, BBCode of other boards, emphasis and mentions in any script."""

import re
import unicodedata
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.text.slugs import slug_of
from forum import markup

ADDRESS = "https://a.example/visa"
NOTE_SIGNS = (
    ". , ; : ! ? ?! ... .) ). … – — « » “ ” „ ‟ ‘ ’ ‚ ‹ › 。 ． "
    "， 、 ； ： ！ ？ （ ） ［ ］ 【 】 〖 〗 《 》 〈 〉 「 」 『 』 〔 〕 ＜ ＞ "
    "؟ ، ؛ ۔ । ॥ ։ ՝ ՞ ՜ ። ፣ ፤ ፧ ၊ ။ ། ༎ ។ ៕ ๛ ᠂ ᠃ ׃ ״ • "
    '→ ′ ″ · ・ ～ ` | \\ 🙂 👨‍👩‍👧 🇰🇬 ❤️ ™ " ". '
)
NOTES = NOTE_SIGNS.split()


def links_of(source):
    return re.findall(r'<a href="([^"]*)"', markup.to_html(source))


def bare(source):
    """HTML without what every link and paragraph has."""
    html = re.sub(r' dir="auto"| rel="nofollow ugc noopener"|\n', "", markup.to_html(source))
    return html.removeprefix("<p>").removesuffix("</p>") if html.count("<p>") == 1 else html


@pytest.mark.parametrize("end", NOTES)
def test_an_address_ends_before_punctuation_and_signs_of_any_script(end):
    assert links_of(f"See {ADDRESS}{end} and") == [ADDRESS]
    assert links_of(f"({ADDRESS}{end})") == [ADDRESS]
    assert links_of(f"www.a.example/visa{end}") == ["http://www.a.example/visa"]
    assert end.replace("\\", "") in bare(f"{ADDRESS}{end}").replace("&quot;", '"')


@pytest.mark.parametrize(
    ("source", "hrefs"),
    [
        ("请看www.a.example/a吧", ["http://www.a.example/a%E5%90%A7"]),
        ("看booking.com吧", ["http://booking.com"]), ("访问evisa.gov.kg/apply", ["http://evisa.gov.kg/apply"]),
        ("https://a.example谢谢", ["https://a.example"]), ("me@a.example谢谢", ["mailto:me@a.example"]),
        ("谢谢me@a.example", ["mailto:me@a.example"]), ("ดูbooking.comครับ", ["http://booking.com"]),
        ("https://a.example/边境/開放", ["https://a.example/%E8%BE%B9%E5%A2%83/%E9%96%8B%E6%94%BE"]),
        ("https://a.example/विकि/सीमा।",
        ["https://a.example/%E0%A4%B5%E0%A4%BF%E0%A4%95%E0%A4%BF/%E0%A4%B8%E0%A5%80%E0%A4%AE%E0%A4%BE"]),
        ("https://例え.jp吧", ["https://xn--r8jz45g.jp"]), ("https://пример.рф/a",
        ["https://xn--e1afmkfd.xn--p1ai/a"]),
        ("https://a.example/🇰🇬", ["https://a.example/%F0%9F%87%B0%F0%9F%87%AC"]),
        ("https://a.example/a,https://a.example/b", ["https://a.example/a", "https://a.example/b"]),
        ("www.a.example;www.b.example", ["http://www.a.example", "http://www.b.example"]),
        ("https://a.example/2020/https://b.example/a", ["https://a.example/2020/https://b.example/a"]),
        ("https://a.example:8443/a?b=1&c=2#d", ["https://a.example:8443/a?b=1&amp;c=2#d"]),
        ("https://a.example/?a=1&amp;b=2", ["https://a.example/?a=1&amp;b=2"]),
        ("https://a.example/maps/@40.1,70.2,5z", ["https://a.example/maps/@40.1,70.2,5z"]),
        ("https://a.example/a[/url]", ["https://a.example/a"]), ("https://a.example/a[1]",
        ["https://a.example/a%5B1%5D"]),
        ("**see https://a.example/a.**", ["https://a.example/a"]), ("**_https://a.example/a_**",
        ["https://a.example/a"]),
        ("**www.a.example/a.**", ["http://www.a.example/a"]), ("**https://a.example/a_b_**",
        ["https://a.example/a_b_"]),
        ("[](https://a.example/a)", ["https://a.example/a"]),
        ("https://a.example/Pass_(Alai),_north", ["https://a.example/Pass_(Alai),_north"]),
        ("(https://a.example/(x)).", ["https://a.example/(x)"]), ("1.https://a.example/a", ["https://a.example/a"]),
    ],
)  # fmt: skip
def test_addresses_within_a_text_are_linked_whole_and_alone(source, hrefs):
    assert links_of(source) == hrefs


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('[url="https://a.example/b" target="_blank"]x[/url]', '<a href="https://a.example/b">x</a> (a.example)'),
        ("[url=https://a.example/b target=_blank]x[/url]", '<a href="https://a.example/b">x</a> (a.example)'),
        ("[url = https://a.example/b]x[/url]", '<a href="https://a.example/b">x</a> (a.example)'),
        ("[url=&quot;https://a.example/b&quot;]x[/url]", '<a href="https://a.example/b">x</a> (a.example)'),
        ("[url=https://a.example/b][/url]", '<a href="https://a.example/b">https://a.example/b</a>'),
        (
            "[url=https://a.example/b][img]https://a.example/a.jpg[/img][/url]",
            '<a href="https://a.example/b">Picture</a> (a.example)',
        ),
        ("[img=300x200]https://a.example/a.jpg[/img]", '<a href="https://a.example/a.jpg">Picture</a> (a.example)'),
        ("[b]one\n\ntwo[/b]", "<p><strong>one</strong></p><p><strong>two</strong></p>"),
        ("[color=red][i]a\n\nb[/i][/color]", "<p><em>a</em></p><p><em>b</em></p>"),
        (
            "[b]a\n\n- b\n- c\n\nd[/b]",
            "<p><strong>a</strong></p><ul><li><strong>b</strong></li><li><strong>c</strong></li></ul>"
            "<p><strong>d</strong></p>",
        ),
        ("[b]a\n\nb", "<p>[b]a</p><p>b</p>"),
        ("`[b]`a\n\nb[/b]", "<p><code>[b]</code>a</p><p>b[/b]</p>"),
        ("[list=1][*]a[*]b[/list]", "<ol><li>a</li><li>b</li></ol>"),
        ("[list]\n[*]a[/*]\n[*]b[/*]\n[/list]", "<ul><li>a</li><li>b</li></ul>"),
        ("> [quote]x[/quote] y", "<blockquote><blockquote><p>x</p></blockquote><p>y</p></blockquote>"),
        ("a[/code] `b` [code]c[/code] d", "<p>a[/code] <code>b</code></p><pre><code>c</code></pre><p>d</p>"),
        ("[url]https://a.example/*b*[/url]", '<a href="https://a.example/*b*">https://a.example/*b*</a>'),
        ("[url=javascript:a]*x* y[/url]", "<em>x</em> y"),
        ("[img]javascript:*a*[/img]", "javascript:<em>a</em>"),
        (
            "[url=https://a.example/b]x[/url] https://c.example/d",
            '<a href="https://a.example/b">x</a> (a.example) <a href="https://c.example/d">https://c.example/d</a>',
        ),
        ("**a** www.a.example", '<strong>a</strong> <a href="http://www.a.example">www.a.example</a>'),
        ("\\*www.a.example", "*www.a.example"),
        (
            "[quote]" * 4 + "a" + "[/quote]" * 4,
            "<blockquote>" * 3 + "<p>[quote]a[/quote]</p>" + "</blockquote>" * 3,
        ),
        (
            "[quote]" * 3 + "[code]a[/code]" + "[/quote]" * 3,
            "<blockquote>" * 3 + "<pre><code>a</code></pre>" + "</blockquote>" * 3,
        ),
        ("> [code]x\n> y[/code]\n> z", "<blockquote><pre><code>xy</code></pre><p>z</p></blockquote>"),
    ],
)
def test_marks_of_other_boards_in_all_their_ways(source, html):
    assert bare(source) == html


@pytest.mark.parametrize(("paragraphs", "strong"), [(2, 2), (200, 200), (300, 200)])
def test_marks_are_repeated_in_two_hundred_paragraphs_at_most(paragraphs, strong):
    source = "\n\n".join(["yak"] * paragraphs)

    assert markup.to_html(f"[b]{source}[/b]").count("<strong>") == strong


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        ("=a b", "a b"), ('="a]b"', "a]b"), ("=yak;512", "yak"), ("=yak, post: 12, member: 5", "yak"),
        ('="yak, post:5, topic:12"', "yak"), (" author=a b link=topic=1.msg2#msg2 date=123", "a b"),
        (' name="yak" timestamp="12"', "yak"), (' = "yak"', "yak"), ("=&quot;yak&quot;", "yak"),
        ('="a b" post_id=5 time=12 user_id=3', "a b"), ("=Вера", "Вера"), ('="张伟"', "张伟"), ("='مریم'", "مریم"),
        ("=yak", "yak"), ("", ""),
    ],
)  # fmt: skip
def test_a_quote_names_its_author_in_the_way_of_each_board(mark, name):
    html = re.sub(r' dir="auto"|\n', "", markup.to_html(f"[quote{mark}]x[/quote]"))
    named = f"<p><strong>{name}</strong></p>" if name else ""

    assert html == f"<blockquote>{named}<p>x</p></blockquote>"


@pytest.mark.parametrize(
    ("within", "html"),
    [
        ("**bold** _it_", "<p><strong>bold</strong> <em>it</em></p>"), ("- a\n- b",
        "<ul><li>a</li><li>b</li></ul>"),
        ("```\ncode\n```", "<pre><code>code</code></pre>"), ("~~~\ncode\n~~~", "<pre><code>code</code></pre>"),
        ("> x\n> y", "<blockquote><p>x<br>y</p></blockquote>"), ("# head", "<p><strong>head</strong></p>"),
        ("[code]a\nb[/code]", "<pre><code>ab</code></pre>"), ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
    ],
)  # fmt: skip
def test_markdown_within_a_quote_of_another_board_is_markdown(within, html):
    assert bare(f"[quote=yak]{within}[/quote]after").startswith(f"<blockquote><p><strong>yak</strong></p>{html}")
    assert bare(f"[quote=yak]{within}[/quote]after").endswith("</blockquote><p>after</p>")


@pytest.mark.parametrize(
    ("source", "strong"),
    [
        ("ภาษา**“ไทย”**ครับ", "“ไทย”"), ("**ไทย!**ครับ", "ไทย!"), ("မြန်မာ**“စာ”**ဖြစ်", "“စာ”"),
        ("ខ្មែរ**“ខ្មែរ”**ខ្មែរ", "“ខ្មែរ”"), ("x**（a）**y", "（a）"), ("**Open!**🙂", "Open!"), ("🙂**“a”**🙂",
        "“a”"),
        ("**注意：**no", "注意："), ("前**（注）**后", "（注）"), ("**`コード`**です", "<code>コード</code>"),
        ("**あ**、**い**", "い"),
    ],
)  # fmt: skip
def test_emphasis_beside_dense_scripts_and_pictures(source, strong):
    assert f"<strong>{strong}</strong>" in markup.to_html(source)


@pytest.mark.parametrize("source", ["**да.**Нет", "**a.**b", 'a**"b"**c', "2 ** 3 ** 4", "** a **", "a_b_c"])
def test_emphasis_elsewhere_is_that_of_commonmark(source):
    assert not re.search("<strong>|<em>", markup.to_html(source))


NAMES = [
    "yak", "_x_", "__init", "x__", "j.doe", "a-b", "user2", "2wheels", "12345", "Anna Maria Lopez", "Вера 2",
    "Zoë", "მარიამი",
    "مریم", "علی رضا", "संजयकुमार", "สมชายใจดี", "ကိုကိုအောင်", "张伟", "小林 太郎", "박지성", "Տիգրան", "אבי כהן",
    "ወልደ", "བོད་པ",
    "ខ្មែរ", "ᠮᠣᠩᠭᠣᠯ", "Jean-Luc P.K",
]  # fmt: skip
AROUND = [
    "@{}", "@{}.", "@{}, yes", "(@{})", '"@{}"', "“@{}”", "«@{}»", "（@{}）", "@{}'s", "@{}’s", "**@{}**",
    "~~@{}~~", "> @{}",
    "谢谢@{}，你好", "@{}。", "@{}؟", "@{}।", "@{}։", "@{}።", "@{}။", "@{}…", "@{}—yes", "@{}🙂", "@{}❤️",
    "@{}/@nobody", "@{}.Thanks", "cc:@{}", "Thanks.@{}", "-@{} and more",
    "# @{}", "[b]@{}[/b]", "@{}\nnext", "|@{}|\n|-|\n|x|", "@{}*", "@{}½", "@{}=",
]  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
def test_every_name_is_mentioned_in_every_surrounding(around):
    missed = [name for name in NAMES if f">@{name}</a>" not in _with_member(around.format(name), name)]

    assert missed == []


def _with_member(source, name):
    known = unicodedata.normalize("NFC", name)
    found = {known: "/members/1/"} if known in markup.references(source).names else {}
    return markup.to_html(source, mentions=found)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("क्\u200dष", "क्ष"), ("می\u200cخواهم", "میخواهم"), ("1️⃣ Osh", "1-osh"), ("வ எல்லை", "வ-எல்லை"), ("ಕನ್ನಡ",
        "ಕನ್ನಡ"),
        ("ខ្មែរ ព្រំដែន", "ខ្មែរ-ព្រំដែន"), ("한국 국경", "한국-국경"), ("ትግርኛ", "ትግርኛ"), ("🙂🙂", ""),
        ("Oʻzbekiston Gʻuzor", "ozbekiston-guzor"),
    ],
)  # fmt: skip
def test_slugs_of_more_scripts(title, slug):
    assert slug_of(title) == slug


LETTERS = {
    "Latin": "abcdefghijäöüßéñ", "Cyrillic": "абвгдежзёҚңү", "Greek": "αβγδεζή", "Arabic": "ابپتسشعغفقکگلمنوهی",
    "Hebrew": "אבגדהוזחט",
    "Devanagari": "कखगघनमिीु", "Thai": "กขคงจฉชาิี", "Burmese": "ကခဂဃငစာိီ", "Georgian": "აბგდევზთ",
    "Armenian": "աբգդեզէը",
    "Han": "边境开放了吗吐尔尕特", "Hangul": "국경열림가나다", "Mongolian": "ᠮᠣᠩᠭᠣᠯ", "Tibetan": "བོདཔའི",
}  # fmt: skip


@pytest.mark.parametrize("script", LETTERS)
@given(data=st.data())
def test_words_of_any_script_are_shown_as_they_are_and_link_nowhere(script, data):
    words = st.text(alphabet=LETTERS[script] + "  ,;’“”«»。！？،؟।0123456789\n", max_size=60)
    text = data.draw(words)
    html = markup.to_html(text)
    shown = unescape(re.sub(r"<[^>]*>", "", html))

    assert "<a" not in html
    assert "".join(shown.split()) == "".join(markup.clean(text).split())
    assert markup.excerpt(text, 1000).split() == markup.words_of(html, 1000).split()


@pytest.mark.parametrize("script", LETTERS)
@given(data=st.data())
def test_marks_of_emphasis_change_no_word_of_any_script(script, data):
    words = data.draw(st.lists(st.text(alphabet=LETTERS[script], min_size=1, max_size=8), min_size=1, max_size=6))
    typed = "".join(f"[b]{word}[/b][i]{word}[/i]" for word in words)

    assert markup.words_of(markup.to_html(typed), 1000) == unicodedata.normalize("NFC", "".join(2 * w for w in words))
