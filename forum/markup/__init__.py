"""What a member typed -> safe HTML. The only place that makes HTML safe; nothing builds markup from user text after it.

Text is cleaned, parsed as Markdown, changed as tokens (links, pictures, mentions, quotes), rendered, and what comes
out passes an allow-list. All of it works without a database: whom a text mentions and which posts it quotes is given.
"""

from forum.markup.limits import MAX_SOURCE_LENGTH
from forum.markup.pipeline import (
    MARKUP_VERSION,
    References,
    as_data,
    clean,
    excerpt,
    quote,
    references,
    to_html,
    with_marks,
    words_of,
)
from forum.markup.tokens import Quoted

__all__ = [
    "MARKUP_VERSION",
    "MAX_SOURCE_LENGTH",
    "Quoted",
    "References",
    "as_data",
    "clean",
    "excerpt",
    "quote",
    "references",
    "to_html",
    "with_marks",
    "words_of",
]
