"""The pipeline from Markdown to sanitised HTML."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from django.utils.html import escape
from markdown_it.token import Token

from accounts.text.plain_text import with_line_ends, without_unseen
from forum.markup import bbcode_blocks, bbcode_paragraphs, limits
from forum.markup.parser import parser_of
from forum.markup.sanitiser import sanitise_block
from forum.markup.tokens import Names, Quoted, mentioned, quoted, transform

# Raise it whenever the same source renders to other HTML; `manage.py rerender` then renders old texts again.
MARKUP_VERSION = 3
MAX_MENTIONS = 10

_MANY_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]{8})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# The characters that could end or open a script element, as JSON escapes.
_IN_SCRIPT = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}
_BLOCK_TAG = re.compile(r"</?(?:blockquote|br|cite|hr|li|ol|p|pre|table|tbody|td|th|thead|tr|ul)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_LINE = re.compile(r"</(?:p|li|h[1-6]|tr|pre)>|<br ?/?>|<[uo]l[^>]*>")
_ITEM = re.compile(r"<li[^>]*>")
_QUOTE = re.compile(r"<blockquote[^>]*>(?:(?!<blockquote).)*?</blockquote>", re.DOTALL)


@dataclass(frozen=True)
class References:
    """What a source refers to: what each @ may mean, at most MAX_MENTIONS, and primary keys of the posts it quotes."""

    mentions: tuple[tuple[str, ...], ...]
    posts: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names that may be meant."""
        return tuple(dict.fromkeys(name for names in self.mentions for name in names))


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
    if (quotes is None and not mentions) or (not named.mentions and not named.posts):
        return html
    return _render(source, _parse(source), Names(mentions or {}, quotes))


def references(source: str) -> References:
    """The mentions and quotes of Markdown, to look up before rendering. Raises ValidationError as `to_html` does."""
    return _without_names(clean(source))[1]


@lru_cache(maxsize=8)
def _without_names(source: str) -> tuple[str, References]:
    """HTML and references of a text without mentions and quotes; cached, because form and action both need it."""
    tokens = _parse(source)
    mentions = tuple(dict.fromkeys(mentioned(tokens)))[:MAX_MENTIONS]
    named = References(mentions, tuple(dict.fromkeys(quoted(tokens))))
    return _render(source, tokens, Names({}, None)), named


def _render(source: str, tokens: list[Token], names: Names) -> str:
    plain = parser_of(has_tables=False)
    blocks = [plain.renderer.render(block, plain.options, {}) for block in _blocks(transform(tokens, names))]
    limits.check_html(source, "".join(blocks))
    return "".join(map(sanitise_block, blocks)).strip()


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each block that stands in no other one: a paragraph, a list, a quote."""
    depth = first = 0
    for place, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            yield tokens[first:place]
            first = place
    if first < len(tokens):
        yield tokens[first:]


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
    return cut(" ".join(" ".join(_plain_words(tokens)).split()), length)


def cut(words: str, length: int) -> str:
    """Plain words, cut after a whole one where they are longer."""
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.-") + "…"


def words_of(html: str, length: int = 160) -> str:
    """The beginning of sanitised HTML as plain text, not escaped, at most `length` characters, cut after a word."""
    return cut(" ".join(unescape(_TAG.sub("", _BLOCK_TAG.sub(" ", html))).split()), length)


def own_words_of(html: str, length: int = 160) -> str:
    """The same without what is quoted from others."""
    return words_of(_without_quotes(html), length)


def own_lines_of(html: str, length: int) -> str:
    """The same with a line for each paragraph and each item of a list."""
    parts = _LINE.split(_ITEM.sub("- ", _without_quotes(html)))
    return cut("\n".join(line for part in parts if (line := words_of(part, length)).strip("- ")), length)


def _without_quotes(html: str) -> str:
    without, count = _QUOTE.subn(" ", html)
    while count:  # quotes inside of quotes went first
        without, count = _QUOTE.subn(" ", without)
    return without


def with_marks(words: str) -> str:
    """Plain words as HTML, with what is between \x01 and \x02 in <mark>; `clean` removes both from user text."""
    return escape(words).replace("\x01", "<mark>").replace("\x02", "</mark>")


def as_data(facts: dict) -> str:
    """JSON for a <script type="application/ld+json">, escaped so that it cannot end the element."""
    return json.dumps(facts, ensure_ascii=False).translate(_IN_SCRIPT)


def clean(source: str) -> str:
    """The normalised source: NFC, LF line ends, nothing that cannot be seen, at most 8 combining marks a letter."""
    source = unicodedata.normalize("NFC", without_unseen(with_line_ends(source)))
    return _MANY_MARKS.sub(r"\1", source)


def _parse(source: str) -> list[Token]:
    limits.check_source(source)
    written = bbcode_blocks.to_markdown(bbcode_paragraphs.repeat_marks(source))
    tokens = parser_of(has_tables=limits.allows_tables(source)).parse(written)
    limits.check_tokens(source, tokens)
    return tokens


def _plain_words(tokens: list[Token]) -> list[str]:
    """The words of text and code by block, without those of quotes."""
    words, quotes = [], 0
    for token in tokens:
        quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if quotes:
            continue
        if token.type in {"fence", "code_block"}:
            words.append(token.content)
        words.append("".join(_words_of(child) for child in token.children or ()))
    return words


def _words_of(child: Token) -> str:
    return " " if child.type in {"softbreak", "hardbreak"} else child.content
