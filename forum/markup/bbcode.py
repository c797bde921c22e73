"""Inline BBCode, as people paste it from phpBB and other boards: [b], [i], [s], [url], [url=…], [img], [email].

Marks of looks alone ([u], [color=…], [size=…] …) are dropped, and their text is kept. What is not closed stays text.
"""

import re

from markdown_it.rules_inline.state_inline import StateInline

from accounts.text.bare_links import bare_links
from forum.markup import addresses, limits

_ELEMENTS = {"b": ("strong", "strong"), "i": ("em", "em"), "s": ("s", "s"), "strike": ("s", "s"), "del": ("s", "s")}
_LINKS = {"url", "email"}
_LOOKS = {"u", "color", "colour", "size", "font", "center", "left", "right", "justify", "align", "highlight", "ins"}
_NAMES = "|".join(sorted([*_ELEMENTS, *_LINKS, *_LOOKS, "img"], key=len, reverse=True))
_MARK = re.compile(
    rf"\[(?:(/)({_NAMES})|({_NAMES})(?:[ ]?=([^\]\n]{{1,1000}})|(?: [^\]\n]{{1,200}})?))\]", re.IGNORECASE
)
_PAIRS = "bbcode"


def bbcode(state: StateInline, silent: bool) -> bool:
    """Inline rule: an opened and closed pair of marks around text."""
    if state.src[state.pos] != "[":
        return False
    opening = _MARK.match(state.src, state.pos, state.posMax)
    closing = _pairs(state).get(state.pos) if opening else None
    if opening is None or closing is None or closing[1] > state.posMax:
        return False
    if not silent:
        _write(state, opening, closing[0])
    state.pos = closing[1]
    return True


def _write(state: StateInline, opening: re.Match[str], until: int) -> None:
    name, value = opening.group(3).lower(), _value(opening)
    content = state.src[opening.end() : until].strip()
    if name == "img":
        href = _address(state, content)
        if href:
            state.push("image", "img", 0).attrs = {"src": href, "alt": ""}
        else:
            _parse_within(state, opening.end(), until)
    elif name in _LINKS:
        href = _address(state, value or content)
        if not href or state.linkLevel:
            _parse_within(state, opening.end(), until)
        else:
            _write_link(state, opening, until, href, has_words=bool(value and content))
    elif name in _ELEMENTS:
        kind, tag = _ELEMENTS[name]
        state.push(f"{kind}_open", tag, 1)
        _parse_within(state, opening.end(), until)
        state.push(f"{kind}_close", tag, -1)
    else:
        _parse_within(state, opening.end(), until)


def _write_link(state: StateInline, opening: re.Match[str], until: int, href: str, *, has_words: bool) -> None:
    limits.count_link(state.env)
    state.push("link_open", "a", 1).attrs = {"href": href}
    if has_words:
        state.linkLevel += 1
        _parse_within(state, opening.end(), until)
        state.linkLevel -= 1
    else:
        state.push("text", "", 0).content = state.src[opening.end() : until].strip() or href
    state.push("link_close", "a", -1)


def _value(opening: re.Match[str]) -> str:
    """What stands after the = of a mark: in quotes, or else to the first blank."""
    value = (opening.group(4) or "").strip().replace("&quot;", '"')
    quoted = re.match(r"\"([^\"]*)\"|'([^']*)'", value)
    return (quoted.group(1) or quoted.group(2) or "").strip() if quoted else value.split(" ")[0].strip("\"'")


def _address(state: StateInline, typed: str) -> str:
    """The address as a safe href; "" if it is none."""
    if not addresses.is_safe(typed):
        found = next(bare_links(typed), None)
        typed = found.url if found and (found.start, found.end) == (0, len(typed)) else ""
    href = state.md.normalizeLink(typed)
    return href if typed and state.md.validateLink(href) else ""


def _parse_within(state: StateInline, begin: int, until: int) -> None:
    """Parse the text between the marks; the level bounds how deep marks nest."""
    end, state.pos, state.posMax = state.posMax, begin, until
    state.level += 1
    state.md.inline.tokenize(state)
    state.level -= 1
    state.posMax = end


def _pairs(state: StateInline) -> dict[int, tuple[int, int]]:
    """Where the pair of each opening mark of this line begins and ends, found in one pass."""
    source, pairs = state.env.get(_PAIRS, (None, {}))
    if source != state.src:
        pairs = _pairs_of(state.src)
        state.env[_PAIRS] = (state.src, pairs)
    return pairs


def _pairs_of(source: str) -> dict[int, tuple[int, int]]:
    opened: dict[str, list[int]] = {}
    pairs = {}
    for mark in _MARK.finditer(source):
        if not mark.group(1):
            opened.setdefault(mark.group(3).lower(), []).append(mark.start())
        elif before := opened.get(mark.group(2).lower()):
            pairs[before.pop()] = mark.span()
    return pairs
