"""Markdown of members -> sanitised HTML. The only place that makes user text safe: no HTML is built from it elsewhere.

Text is normalised, parsed by markdown-it, transformed as tokens (links, pictures, mentions, quotes), rendered, and
sanitised by bleach's allow-list. No query: mentioned members and quoted posts are passed in.
"""

from forum.markup.limits import MAX_SOURCE_LENGTH
from forum.markup.pipeline import (
    MARKUP_VERSION,
    References,
    as_data,
    clean,
    cut,
    excerpt,
    own_lines_of,
    own_words_of,
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
    "cut",
    "excerpt",
    "own_lines_of",
    "own_words_of",
    "quote",
    "references",
    "to_html",
    "with_marks",
    "words_of",
]
