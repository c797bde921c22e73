"""BBCode of several lines, rewritten to Markdown before it is parsed: [quote], [code], [list].

A quote keeps the name that was typed, as text: only our own quotes, which link to a post, name its author. Within a
quote of Markdown ("> [quote]"), the lines of a block keep the marks of that quote.
"""

import re

MAX_DEPTH = 3  # of quotes and lists, as forum.markup.tokens.MAX_QUOTE_DEPTH; what is deeper stays text
_NAMES = "quote|code|list"
# Code of Markdown, in which nothing is rewritten, or a mark.
_PART = re.compile(
    r"(?P<fence>^ {0,3}(?P<ticks>`{3,}|~{3,})[^\n]*$(?:\n.*?(?:^ {0,3}(?P=ticks)[`~]*[ \t]*$|\Z)|\Z))"
    r"|(?P<span>(?<!`)(?P<tick>`+)(?!`)[^\n]*?(?<!`)(?P=tick)(?!`))"
    rf"|\[(?P<closing>/)?(?P<name>{_NAMES})"
    r"(?P<value>[ ]?=[ ]?\"[^\"\n]{1,100}\"[^\]\n]{0,100}|[ =][^\]\n]{1,200})?\]",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_CODE_END = re.compile(r"\[/code\]", re.IGNORECASE)
_HAS_MARK = re.compile(rf"\[(?:{_NAMES})\b", re.IGNORECASE)
# The name in the ways of phpBB, vBulletin ("yak;12"), XenForo ("yak, post: 12"), SMF (author=yak link=…) and IPB
# (name="yak").
_NAME = re.compile(r"(?:^\s*=|\b(?:author|name)=)\s*(?:\"([^\"]*)\"|'([^']*)'|(.+))", re.IGNORECASE)
_AFTER_NAME = re.compile(r"\s*(?:;\s*[\w-]*|,\s*post:.*|\s[\w-]+=.*)$", re.IGNORECASE)
# A fence beside a mark, which would be text of its line: each gets a line of its own.
_FENCE_AFTER = re.compile(rf"(\[(?:{_NAMES})(?:[ =][^\]\n]{{1,200}})?\])[ \t]*(?=`{{3}}|~{{3}})", re.IGNORECASE)
_FENCE_BEFORE = re.compile(
    rf"^([ ]{{0,3}}(?:`{{3,}}|~{{3,}}))[ \t]*(?=\[/(?:{_NAMES})\])", re.IGNORECASE | re.MULTILINE
)
_QUOTED = re.compile(r"(?:^|(?<=\n))(?:[ ]{0,3}>[ ]?)+$")
_ITEM = re.compile(r"\s*(?:\[/\*\]\s*)?\[\*\]\s*")
_ITEM_END = re.compile(r"\s*\[/\*\]\s*$")
_MANY_ENDS = re.compile(r"\n(?:[ \t]*\n)+")
_SPECIAL = re.compile(r"([\\\[\]*_`~<>#])")


def to_markdown(source: str) -> str:
    """The source with its closed BBCode blocks as Markdown."""
    if not _HAS_MARK.search(source):
        return source
    source = _FENCE_BEFORE.sub(r"\1\n", _FENCE_AFTER.sub(r"\1\n", source))
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
        before = source[here:place]
        marks = _QUOTED.search(before)
        if marks:
            before = before[: marks.start()] + marks.group().rstrip() + "\n"
        block = _block(source, opening, closing, pairs, depth, marks.group() if marks else "")
        parts += [before.rstrip(" \t"), block if marks else f"\n\n{block}\n\n"]
        here = closing.end()
    parts.append(source[here:end])
    return "".join(parts)


def _block(source: str, opening: re.Match[str], closing: re.Match[str], pairs: Pairs, depth: int, marks: str) -> str:
    """The block as Markdown; `marks` are those of the quote in which its lines stand, as in "> [quote]"."""
    name = opening["name"].lower()
    if name == "code":
        block = _fence(_without(marks, source[opening.end() : closing.start()]).strip("\n"))
    else:
        within = _without(marks, _rewritten(source, opening.end(), closing.start(), pairs, depth + 1)).strip()
        value = opening["value"] or ""
        block = _list(within, is_numbered=len(value) > 1) if name == "list" else _quote(value, within)
    if not marks:
        return block
    lines = "\n".join(f"{marks.rstrip()} {line}".rstrip() for line in block.split("\n"))
    return f"{lines}\n{marks.rstrip()}\n{marks.rstrip()} "


def _without(marks: str, words: str) -> str:
    """The lines without the marks of the quote in which they stand."""
    depth = marks.count(">")
    return re.sub(rf"^(?:[ ]{{0,3}}>[ ]?){{1,{depth}}}", "", words, flags=re.MULTILINE) if depth else words


def _fence(code: str) -> str:
    ticks = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"{fence}\n{code}\n{fence}"


def _quote(value: str, words: str) -> str:
    typed = _name_in(value)
    lines = _MANY_ENDS.sub("\n\n", words).split("\n")
    if typed:
        lines = [f"**{_SPECIAL.sub(r'\\\1', typed)}**", "", *lines]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _name_in(value: str) -> str:
    found = _NAME.search(value.replace("&quot;", '"'))
    if not found:
        return ""
    name = next(group for group in found.groups() if group is not None)
    return _AFTER_NAME.sub("", name).strip().strip("\"'").strip()


def _list(words: str, *, is_numbered: bool) -> str:
    before, *items = _ITEM.split(words)
    items = [_MANY_ENDS.sub("\n", _ITEM_END.sub("", item).strip()) for item in items]
    signs = [f"{number}. " if is_numbered else "- " for number in range(1, len(items) + 1)]
    listed = [sign + item.replace("\n", "\n" + " " * len(sign)) for sign, item in zip(signs, items, strict=True)]
    return "\n".join([*([before.strip(), ""] if before.strip() else []), *listed])
