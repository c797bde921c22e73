"""BBCode of several lines, rewritten to Markdown before it is parsed: [quote], [code], [list].

A quote keeps the name that was typed, as text: only our own quotes, which link to a post, name its author.
"""

import re

MAX_DEPTH = 3  # of quotes and lists, as forum.markup.tokens.MAX_QUOTE_DEPTH; what is deeper stays text
_NAMES = "quote|code|list"
# Code of Markdown, in which nothing is rewritten, or a mark.
_PART = re.compile(
    r"(?P<fence>^ {0,3}(?P<ticks>`{3,}|~{3,})[^\n]*$(?:\n.*?(?:^ {0,3}(?P=ticks)[`~]*[ \t]*$|\Z)|\Z))"
    r"|(?P<span>(?<!`)(?P<tick>`+)(?!`)[^\n]*?(?<!`)(?P=tick)(?!`))"
    rf"|\[(?P<closing>/)?(?P<name>{_NAMES})(?P<value>=[^\]\n]{{1,100}}|[ ][^\]\n]{{1,100}})?\]",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_CODE_END = re.compile(r"\[/code\]", re.IGNORECASE)
_HAS_MARK = re.compile(rf"\[(?:{_NAMES})\b", re.IGNORECASE)
_NAME = re.compile(r"^=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\]]+))")
_ITEM = re.compile(r"\s*\[\*\]\s*", re.IGNORECASE)
_MANY_ENDS = re.compile(r"\n(?:[ \t]*\n)+")
_SPECIAL = re.compile(r"([\\\[\]*_`~<>#])")


def to_markdown(source: str) -> str:
    """The source with its closed BBCode blocks as Markdown."""
    if not _HAS_MARK.search(source):
        return source
    pairs = _pairs_of(source)
    return _rewritten(source, 0, len(source), pairs, 0) if pairs else source


Pairs = dict[int, tuple[re.Match[str], re.Match[str]]]


def _pairs_of(source: str) -> Pairs:
    """The opening and closing mark of each block, by the place of the opening one. Within code there are none."""
    opened: list[re.Match[str]] = []
    pairs: Pairs = {}
    last_code = max((end.start() for end in _CODE_END.finditer(source)), default=-1)
    place = 0
    while part := _PART.search(source, place):
        place = part.end()
        name = (part["name"] or "").lower()
        if name == "code":
            # To its end at once: what looks like Markdown's code in it is a part of it.
            if not part["closing"] and place <= last_code and (end := _CODE_END.search(source, place)):
                pairs[part.start()] = (part, end)
                place = end.end()
        elif name and not part["closing"]:
            opened.append(part)
        elif name:
            _close(name, part, opened, pairs)
    return pairs


def _close(name: str, closing: re.Match[str], opened: list[re.Match[str]], pairs: Pairs) -> None:
    while opened and opened[-1]["name"].lower() != name:
        opened.pop()
    if opened:
        opening = opened.pop()
        pairs[opening.start()] = (opening, closing)


def _rewritten(source: str, begin: int, end: int, pairs: Pairs, depth: int) -> str:
    parts: list[str] = []
    here = begin
    for place in sorted(place for place in pairs if begin <= place < end):
        opening, closing = pairs[place]
        if place < here or (depth >= MAX_DEPTH and opening["name"].lower() != "code"):
            continue
        parts.append(source[here:place].rstrip(" \t"))
        block = _block(source, opening, closing, pairs, depth)
        parts.append(f"\n\n{block}\n\n")
        here = closing.end()
    parts.append(source[here:end])
    return "".join(parts)


def _block(source: str, opening: re.Match[str], closing: re.Match[str], pairs: Pairs, depth: int) -> str:
    name = opening["name"].lower()
    if name == "code":
        return _fence(source[opening.end() : closing.start()].strip("\n"))
    within = _rewritten(source, opening.end(), closing.start(), pairs, depth + 1).strip()
    return _list(within) if name == "list" else _quote(opening["value"] or "", within)


def _fence(code: str) -> str:
    ticks = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"{fence}\n{code}\n{fence}"


def _quote(value: str, words: str) -> str:
    name = _NAME.match(value)
    typed = next((group for group in name.groups() if group), "") if name else ""
    lines = _MANY_ENDS.sub("\n\n", words).split("\n")
    if typed:
        lines = [f"**{_SPECIAL.sub(r'\\\1', typed)}**", "", *lines]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _list(words: str) -> str:
    before, *items = _ITEM.split(words)
    listed = [f"- {_MANY_ENDS.sub('\n', item.strip()).replace('\n', '\n  ')}" for item in items]
    return "\n".join([*([before.strip(), ""] if before.strip() else []), *listed])
