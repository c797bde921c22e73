"""Inline BBCode around several paragraphs: its marks are repeated for each paragraph."""

import re

MAX_DEPTH = 4  # marks that stand in each other; what is deeper stays text
MAX_PARAGRAPHS = 200  # for which marks are repeated
_NAMES = "b|i|s|u|strike|del|ins|color|colour|size|font|center|left|right|justify|align|highlight"
_BEGINS = r"(?:>|[-*+]|\d{1,9}[.)])[ \t]+"  # marks of Markdown at the beginning of a paragraph
# Code, in which nothing is a mark; a block; a mark; and the end of a paragraph with the marks that begin the next.
_PART = re.compile(
    r"(?P<code>^ {0,3}(?P<ticks>`{3,}|~{3,})[^\n]*$(?:\n.*?(?:^ {0,3}(?P=ticks)[`~]*[ \t]*$|\Z)|\Z)"
    r"|(?<!`)(?P<tick>`+)(?!`)[^\n]*?(?<!`)(?P=tick)(?!`))"
    r"|(?P<block>\[/?(?:quote|code|list)\b[^\]\n]{0,200}\])"
    rf"|\[(?P<closing>/)?(?P<name>{_NAMES})(?P<value>=[^\]\n]{{1,100}})?\]"
    rf"|(?P<gap>\n(?:[ \t>]*\n)+[ \t]*(?:{_BEGINS})*|\n[ \t]*(?:{_BEGINS})+)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_HAS_MARK = re.compile(rf"\[(?:{_NAMES})\b", re.IGNORECASE)


def repeat_marks(source: str) -> str:
    """The source with the marks of each closed pair repeated in every paragraph that it holds."""
    if "\n" not in source or not _HAS_MARK.search(source):
        return source
    parts = list(_PART.finditer(source))
    pairs = _pairs_of(parts)
    written: list[str] = []
    opened: list[re.Match[str]] = []
    here = 0
    for part in parts:
        if part["name"] and part.start() in pairs:
            opened.append(part)
        elif part["name"] and opened and pairs.get(opened[-1].start()) == part.start():
            opened.pop()
        elif part["gap"] and opened and len(written) < MAX_PARAGRAPHS * 4:
            ends = "".join(f"[/{mark['name']}]" for mark in reversed(opened))
            begins = "".join(f"[{mark['name']}]" for mark in opened)
            written += [source[here : part.start()], ends, part.group(), begins]
            here = part.end()
    return "".join([*written, source[here:]])


def _pairs_of(parts: list[re.Match[str]]) -> dict[int, int]:
    """Where the closing mark of each opening one stands, for pairs that hold no block."""
    opened: list[re.Match[str]] = []
    pairs = {}
    for part in parts:
        if part["block"]:
            opened.clear()
        elif part["name"] and not part["closing"]:
            opened.append(part)
        elif part["name"]:
            if opened and opened[-1]["name"].lower() == part["name"].lower():
                opening = opened.pop()
                if len(opened) < MAX_DEPTH:
                    pairs[opening.start()] = part.start()
            else:  # marks that cross each other stay as they are
                opened.clear()
    return pairs
