"""The way from source to HTML."""

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

# Raised whenever the same source gives other HTML; `manage.py rerender` lifts old posts.
MARKUP_VERSION = 1
MAX_MENTIONS = 10

TAGS = {
    "a", "blockquote", "br", "cite", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
# Controls, halves of surrogate pairs, non-characters, and what turns the direction of everything after it.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_MANY_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]{8})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# In a script element only these could end it or begin another one.
_IN_SCRIPT = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}
_BLANKS = re.compile(r"\s+")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class References:
    """What a source names: members after an @, at most ten, and posts that it quotes."""

    names: tuple[str, ...]
    posts: tuple[int, ...]


def to_html(
    source: str, *, mentions: Mapping[str, str] | None = None, quotes: Mapping[int, Quoted] | None = None
) -> str:
    """The safe HTML of a source.

    `mentions`: addresses of members by their names as `references` gives them; other names stay text.
    `quotes`: who wrote the quoted posts, by id. A post missing from it is not named; None means that nobody looked.
    Raises django.core.exceptions.ValidationError, in words for the writer, if a limit is passed (forum.markup.limits).
    """
    source = clean(source)
    html, named = _without_names(source)
    if (quotes is None and not mentions) or (not named.names and not named.posts):
        return html
    return _render(source, _parse(source), Names(mentions or {}, quotes))


def references(source: str) -> References:
    """What a source names, to be looked up before it is rendered. Raises ValidationError as `to_html` does."""
    return _without_names(clean(source))[1]


@lru_cache(maxsize=8)
def _without_names(source: str) -> tuple[str, References]:
    """As most texts are rendered. A form asks for it, and those who store the text a moment later."""
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
    """The Markdown that quoting a post puts into the composer."""
    name = re.sub(r"([\\\[\]*_`~<])", r"\\\1", author)
    lines = "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))
    return f"> [{name}](/posts/{post_id}/)\n{lines}\n\n"


def excerpt(source: str, length: int = 200) -> str:
    """The beginning of a text as plain words (not HTML: escape it), cut after a whole word."""
    try:
        tokens = _parse(clean(source[: limits.MAX_SOURCE_LENGTH]))
    except limits.ValidationError:
        return ""
    return _cut(_BLANKS.sub(" ", " ".join(_plain_words(tokens))).strip(), length)


def _cut(words: str, length: int) -> str:
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.-") + "…"


def words_of(html: str, length: int = 160) -> str:
    """The beginning of a rendered text as plain words (not HTML: escape it), cut after a whole word."""
    return _cut(_BLANKS.sub(" ", unescape(_TAG.sub(" ", html))).strip(), length)


def with_marks(words: str) -> str:
    """Plain words as HTML, with what stands between \x01 and \x02 marked: no text of ours holds those two."""
    return escape(unescape(words)).replace("\x01", "<mark>").replace("\x02", "</mark>")


def as_data(facts: dict) -> str:
    """Facts as JSON that cannot leave the script element it stands in, and that no browser runs."""
    return json.dumps(facts, ensure_ascii=False).translate(_IN_SCRIPT)


def clean(source: str) -> str:
    """The source as it is parsed: one form for each letter, no invisible controls; every script is kept."""
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
    """Text and code, without quotes."""
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
    """The attributes that may leave: addresses that are safe, our own `rel`, and where a list begins to count."""
    if tag == "a":
        return (name == "href" and addresses.is_safe(value)) or (name == "rel" and value == "nofollow ugc noopener")
    return tag == "ol" and name == "start" and value.isdecimal()


def _sanitise(html: str) -> str:
    # A new one each time: bleach's parser is not safe to share between threads.
    return Cleaner(tags=TAGS, attributes=_allows, protocols=addresses.SCHEMES, strip=True).clean(html)


_plain = _parser()
_with_tables = _parser().enable("table")
