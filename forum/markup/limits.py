"""Limits of a text, so that rendering it is never slow. Error messages tell the author what to change.

Measured at these limits: the slowest of 37 texts made to be slow takes under half a second of CPU time
(tests/forum/test_markup_limits.py).
"""

from collections.abc import MutableMapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from markdown_it.token import Token

MAX_SOURCE_LENGTH = 20_000  # characters
MAX_NESTING = 10  # nested quotes and lists
MAX_DEPTH = 40  # nested elements of any kind
MAX_GROWTH = 60  # characters of HTML per character of source
MAX_BRACKETS = 1_500  # each "[" may begin a link, whose end the parser searches
MAX_LINKS = 500
MAX_PARTS = 2_000  # elements: paragraphs, list items, line breaks, links and so on
MAX_COLUMNS = 12
MAX_TABLE_LINES = 200

_ALONE = {"softbreak", "hardbreak", "code_inline", "fence", "code_block", "hr", "image"}
_NESTING = {"blockquote_open", "bullet_list_open", "ordered_list_open"}


def check_source(source: str) -> None:
    """Raises ValidationError if the source is too long or has too many brackets. Call it before parsing."""
    if len(source) > MAX_SOURCE_LENGTH:
        raise ValidationError(
            f"This text has {len(source):,} characters; {MAX_SOURCE_LENGTH:,} are allowed. "
            "Shorten it, or post it in two parts."
        )
    if source.count("[") > MAX_BRACKETS:
        raise ValidationError(f"This text has more than {MAX_BRACKETS:,} opening brackets. Take some out.")


def allows_tables(source: str) -> bool:
    """Whether tables are parsed. Rows are padded, so that a small source could make a huge table."""
    lines = [line for line in source.split("\n") if "|" in line]
    return len(lines) <= MAX_TABLE_LINES and all(line.count("|") <= MAX_COLUMNS + 1 for line in lines)


def check_tokens(source: str, tokens: Sequence[Token]) -> None:
    """Raises ValidationError for too deep nesting, too many links or elements, or too much HTML for its source."""
    nesting = depth = links = size = parts = 0
    for token in flat(tokens):
        depth += token.nesting
        parts += token.nesting == 1 or token.type in _ALONE
        if token.type in _NESTING:
            nesting += 1
        elif token.nesting == -1 and token.type.replace("_close", "_open") in _NESTING:
            nesting -= 1
        if nesting > MAX_NESTING or depth > MAX_DEPTH:
            raise ValidationError(
                f"Quotes and lists stand more than {MAX_NESTING} deep in each other here. Take some levels out."
            )
        href = token.attrs.get("href") or token.attrs.get("src")
        if href:
            links += 1
            size += len(str(href))
    if links > MAX_LINKS:
        raise _too_many_links()
    if parts > MAX_PARTS:
        raise ValidationError("This text is broken into too many small pieces. Post it in two parts.")
    _check_growth(source, size)


def count_link(env: MutableMapping[str, Any]) -> None:
    """Count a link while parsing; `env` is that of the parser. Raises ValidationError as soon as there are too many."""
    env["links"] = env.get("links", 0) + 1
    if env["links"] > MAX_LINKS:
        raise _too_many_links()


def _too_many_links() -> ValidationError:
    return ValidationError(f"This text has more than {MAX_LINKS} links. Take some out.")


def check_html(source: str, html: str) -> None:
    _check_growth(source, len(html))


def flat(tokens: Sequence[Token]) -> list[Token]:
    """Block tokens with the inline tokens they hold, in order."""
    found: list[Token] = []
    for token in tokens:
        found.append(token)
        found.extend(token.children or ())
    return found


def _check_growth(source: str, size: int) -> None:
    if size > MAX_GROWTH * max(len(source), 1):
        raise ValidationError("This text becomes far too long when it is shown. Use fewer repeated links.")
