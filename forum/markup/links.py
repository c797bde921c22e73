"""Rules of the Markdown parser for addresses without marks (accounts/text/bare_links.py)."""

import re

from markdown_it.rules_core.state_core import StateCore
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

from accounts.text.bare_links import MAX_LENGTH, bare_links, link_at
from forum.markup.limits import count_link

_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?|ftp)$", re.IGNORECASE)
NEAR = 50  # marks of emphasis before an address
# A run of marks that may close emphasis: an address holds single ones ("/a_b"), and ends with none.
_MARKS_WITHIN = re.compile(r"\*{2,}|~{2,}|__+(?!\w)")
_MARKS_AT_END = re.compile(r"[*_~]+$")


def link_with_scheme(state: StateInline, silent: bool) -> bool:
    """Inline rule: an address from its "://" on, before marks within it would be read as emphasis.

    It ends before marks that close what was opened before it: `**https://example.org/a**`.
    """
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-len("https") - 1 :])
    if scheme is None:
        return False
    begin = state.pos - len(scheme.group(1))
    url = _before_closing_marks(link_at(state.src[begin : min(state.posMax, begin + MAX_LENGTH)]), state)
    meant = url.replace("&amp;", "&")  # as in any other text
    href = state.md.normalizeLink(meant)
    if len(url) <= len(scheme.group(1)) + len("://") or not state.md.validateLink(href):
        return False
    if not silent:
        count_link(state.env)
        state.pending = state.pending[: -len(scheme.group(1))]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = state.md.normalizeLinkText(meant)
        state.push("link_close", "a", -1)
    state.pos = begin + len(url)
    return True


def _before_closing_marks(url: str, state: StateInline) -> str:
    for marks in _MARKS_WITHIN.finditer(url):
        if _is_open(marks.group()[0], state):
            url = url[: marks.start()]
            break
    at_end = _MARKS_AT_END.search(url)
    if at_end and (at_end.group()[0] == "*" or _is_open(at_end.group()[0], state)):
        url = url[: at_end.start()]
    return link_at(url)


def _is_open(mark: str, state: StateInline) -> bool:
    """Whether a mark shortly before this place may open emphasis."""
    return any(near.open and chr(near.marker) == mark for near in state.delimiters[-NEAR:])


def link_words(state: StateCore) -> None:
    """Core rule: addresses without a scheme, and of e-mail, in the texts that are in no link."""
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = _with_links(state, block.children)


def _with_links(state: StateCore, children: list[Token]) -> list[Token]:
    changed: list[Token] = []
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        is_escaped = bool(changed) and changed[-1].type == "text_special"
        if child.type == "text" and not depth and not is_escaped:
            changed.extend(_linked(state, child))
        else:
            changed.append(child)
    return changed


def _linked(state: StateCore, text: Token) -> list[Token]:
    found: list[Token] = []
    words, end = text.content, 0
    for link in bare_links(words):
        href = state.md.normalizeLink(link.url)
        if not state.md.validateLink(href):
            continue
        count_link(state.env)
        shown = state.md.normalizeLinkText(words[link.start : link.end])
        found += [_text(words[end : link.start]), Token("link_open", "a", 1, attrs={"href": href}), _text(shown)]
        found.append(Token("link_close", "a", -1))
        end = link.end
    return [*found, _text(words[end:])] if found else [text]


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)
