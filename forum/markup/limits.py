"""How much a text may ask of us. What is refused is said in words its writer can act on."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from markdown_it.token import Token

MAX_SOURCE_LENGTH = 20_000  # characters
MAX_NESTING = 10  # quotes and lists within each other
MAX_DEPTH = 40  # any elements within each other
MAX_GROWTH = 60  # HTML characters for one of the source
MAX_BRACKETS = 1_500  # every "[" may begin a link, and looking for its end takes time
MAX_LINKS = 500
MAX_PARTS = 2_000  # paragraphs, list items, lines, links and everything else that becomes an element
MAX_COLUMNS = 12
MAX_TABLE_LINES = 200

_ALONE = {"softbreak", "hardbreak", "code_inline", "fence", "code_block", "hr", "image"}
_NESTING = {"blockquote_open", "bullet_list_open", "ordered_list_open"}


def check_source(source: str) -> None:
    """Raises ValidationError for what is too long, or would take too long."""
    if len(source) > MAX_SOURCE_LENGTH:
        raise ValidationError(
            f"This text has {len(source):,} characters; {MAX_SOURCE_LENGTH:,} are allowed. "
            "Shorten it, or post it in two parts."
        )
    if source.count("[") > MAX_BRACKETS:
        raise ValidationError(f"This text has more than {MAX_BRACKETS:,} opening brackets. Take some out.")


def allows_tables(source: str) -> bool:
    """Tables that are too wide or too long stay text: short rows are padded, so a small source makes a huge table."""
    lines = [line for line in source.split("\n") if "|" in line]
    return len(lines) <= MAX_TABLE_LINES and all(line.count("|") <= MAX_COLUMNS + 1 for line in lines)


def check_tokens(source: str, tokens: Sequence[Token]) -> None:
    """Raises ValidationError for what is nested too deep, has too many links, or would grow too much."""
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
        raise ValidationError(f"This text has more than {MAX_LINKS} links. Take some out.")
    if parts > MAX_PARTS:
        raise ValidationError("This text is broken into too many small pieces. Post it in two parts.")
    _check_growth(source, size)


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
