"""Our parser of Markdown: CommonMark without HTML, with tables, strikethrough, bare links and BBCode."""

from markdown_it import MarkdownIt

from forum.markup import addresses, limits
from forum.markup.bbcode import bbcode
from forum.markup.emphasis import DenseInline
from forum.markup.links import link_with_scheme, link_words


def parser_of(*, has_tables: bool) -> MarkdownIt:
    """The parser, with or without tables. Both are made once, and are thread-safe: a parse keeps its state apart."""
    return _with_tables if has_tables else _plain


def _parser() -> MarkdownIt:
    parser = MarkdownIt()
    parser.inline = DenseInline()
    options = {"html": False, "breaks": True, "maxNesting": limits.MAX_DEPTH}
    parser.configure("commonmark", options_update=options).enable("strikethrough")
    parser.inline.ruler.before("newline", "link_with_scheme", link_with_scheme)
    parser.inline.ruler.before("link", "bbcode", bbcode)
    parser.core.ruler.before("text_join", "link_words", link_words)
    parser.validateLink = addresses.is_safe  # type: ignore[method-assign]
    return parser


_plain = _parser()
_with_tables = _parser().enable("table")
