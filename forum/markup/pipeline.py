"""The pipeline from Markdown to sanitised HTML."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from bleach.sanitizer import Cleaner
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.token import Token

from forum.markup import addresses, limits
from forum.markup.tokens import Names, Quoted, mentioned, quoted, transform

# Raise it whenever the same source renders to other HTML; `manage.py rerender` then renders old texts again.
MARKUP_VERSION = 1
MAX_MENTIONS = 10

TAGS = {
    "a", "blockquote", "br", "cite", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
# Control characters, lone surrogates, non-characters, and bidi embeddings, overrides and isolates.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_MANY_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]{8})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# The characters that could end or open a script element, as JSON escapes.
_IN_SCRIPT = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}
_BLANKS = re.compile(r"\s+")
_TAG = re.compile(r"<[^>]*>")
_QUOTE = re.compile(r"<blockquote[^>]*>(?:(?!<blockquote).)*?</blockquote>", re.DOTALL)


@dataclass(frozen=True)
class References:
    """What a source refers to: `names` after an @, at most MAX_MENTIONS, and primary keys of the posts it quotes."""

    names: tuple[str, ...]
    posts: tuple[int, ...]


def to_html(
    source: str, *, mentions: Mapping[str, str] | None = None, quotes: Mapping[int, Quoted] | None = None
) -> str:
    """The sanitised HTML of Markdown.

    `mentions`: profile URLs by name as `references` gives them; other names stay text. `quotes`: author and URL of
    quoted posts by primary key; a post missing from it is shown without author, and None keeps the author as typed.
    Raises django.core.exceptions.ValidationError, with a message for the author, above a limit (forum.markup.limits).
    """
    source = clean(source)
    html, named = _without_names(source)
    if (quotes is None and not mentions) or (not named.names and not named.posts):
        return html
    return _render(source, _parse(source), Names(mentions or {}, quotes))


def references(source: str) -> References:
    """The mentions and quotes of Markdown, to look up before rendering. Raises ValidationError as `to_html` does."""
    return _without_names(clean(source))[1]


@lru_cache(maxsize=8)
def _without_names(source: str) -> tuple[str, References]:
    """HTML and references of a text without mentions and quotes; cached, because form and action both need it."""
    tokens = _parse(source)
    names = tuple(dict.fromkeys(mentioned(tokens)))[:MAX_MENTIONS]
    named = References(names, tuple(dict.fromkeys(quoted(tokens))))
    return _render(source, tokens, Names({}, None)), named


def _render(source: str, tokens: list[Token], names: Names) -> str:
    tokens = transform(tokens, names)
    html = _plain.renderer.render(tokens, _plain.options, {})
    limits.check_html(source, html)
    return _sanitise(html).strip()


def quote(author: str, post_id: int, text: str) -> str:
    """The Markdown of a quote, which "Quote" puts into the composer."""
    name = re.sub(r"([\\\[\]*_`~<])", r"\\\1", author)
    lines = "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))
    return f"> [{name}](/posts/{post_id}/)\n{lines}\n\n"


def excerpt(source: str, length: int = 200) -> str:
    """The beginning of Markdown as plain text, not escaped, of at most `length` characters; "" above a limit."""
    try:
        tokens = _parse(clean(source[: limits.MAX_SOURCE_LENGTH]))
    except limits.ValidationError:
        return ""
    return cut(_BLANKS.sub(" ", " ".join(_plain_words(tokens))).strip(), length)


def cut(words: str, length: int) -> str:
    """Plain words, cut after a whole one where they are longer."""
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.-") + "…"


def words_of(html: str, length: int = 160) -> str:
    """The beginning of sanitised HTML as plain text, not escaped, at most `length` characters, cut after a word."""
    return cut(_BLANKS.sub(" ", unescape(_TAG.sub(" ", html))).strip(), length)


def own_words_of(html: str, length: int = 160) -> str:
    """The same without what is quoted from others."""
    without, count = _QUOTE.subn(" ", html)
    while count:  # quotes inside of quotes went first
        without, count = _QUOTE.subn(" ", without)
    return words_of(without, length)


def with_marks(words: str) -> str:
    """Plain words as HTML, with what is between \x01 and \x02 in <mark>; `clean` removes both from user text."""
    return escape(unescape(words)).replace("\x01", "<mark>").replace("\x02", "</mark>")


def as_data(facts: dict) -> str:
    """JSON for a <script type="application/ld+json">, escaped so that it cannot end the element."""
    return json.dumps(facts, ensure_ascii=False).translate(_IN_SCRIPT)


def clean(source: str) -> str:
    """The normalised source: NFC, LF line ends, no controls or bidi overrides, at most 8 combining marks a letter."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    source = unicodedata.normalize("NFC", _UNWANTED.sub("", source))
    return _MANY_MARKS.sub(r"\1", source)


def _parse(source: str) -> list[Token]:
    limits.check_source(source)
    parser = _with_tables if limits.allows_tables(source) else _plain
    tokens = parser.parse(source)
    limits.check_tokens(source, tokens)
    return tokens


def _plain_words(tokens: list[Token]) -> list[str]:
    """The words of text and code, without those of quotes."""
    words, quotes = [], 0
    for token in tokens:
        quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if quotes:
            continue
        if token.type in {"fence", "code_block"}:
            words.append(token.content)
        words.extend(_words_of(child) for child in token.children or ())
    return words


def _words_of(child: Token) -> str:
    return " " if child.type in {"softbreak", "hardbreak"} else child.content


def _parser() -> MarkdownIt:
    options = {"html": False, "linkify": True, "breaks": True, "maxNesting": limits.MAX_DEPTH}
    parser = MarkdownIt("commonmark", options).enable(["linkify", "strikethrough"])
    parser.validateLink = addresses.is_safe  # type: ignore[method-assign]
    return parser


def _allows(tag: str, name: str, value: str) -> bool:
    """Allow-list of attributes: safe `href`, our own `rel`, and `start` of an <ol>."""
    if tag == "a":
        return (name == "href" and addresses.is_safe(value)) or (name == "rel" and value == "nofollow ugc noopener")
    return tag == "ol" and name == "start" and value.isdecimal()


def _sanitise(html: str) -> str:
    # A new Cleaner for each call, because it is not thread-safe.
    return Cleaner(tags=TAGS, attributes=_allows, protocols=addresses.SCHEMES, strip=True).clean(html)


_plain = _parser()
_with_tables = _parser().enable("table")
