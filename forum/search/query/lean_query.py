"""A tsquery without what cannot matter, and how many posts it may find.

A query asks for each word in five languages, and for all names of a place; PostgreSQL tests all of these lexemes at
each post that has one of them. Most stand in no post at all, and many of the names hold a word that is asked for
anyway.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod

SHARED = 3  # first letters that forms of one word share
QUERIES_KEPT = 64  # in the memory of a process: of up to some thousand nodes each
PREFIX = 0.1  # of all posts: how many may have a word that begins with a letter


@dataclass(frozen=True)
class Node:
    """A lexeme ("'a'", or "'a':*" for whatever begins with it), or an operator with what it joins. `kind` is "", "!",
    "&", "|" or "<N>"; no lexeme at all is written "" and found nowhere."""

    kind: str = ""
    lexeme: str = ""
    parts: "tuple[Node, ...]" = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Parts are sought among each other; a hash of a whole tree each time would take longer than the rest."""
        object.__setattr__(self, "_hash", hash((self.kind, self.lexeme, self.parts)))

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        if not self.kind:
            return self.lexeme
        if self.kind == "!":
            return f"!{self.parts[0]}"
        return f"({f' {self.kind} '.join(map(str, self.parts))})"


NOTHING = Node()
_TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.|'')*'(?::\*)?|<\d+>|<->|[&|!()])")


# --- Reading ---


@lru_cache(QUERIES_KEPT)
def read(tsquery: str) -> Node:
    """The query as a tree. It is read again for each page of hits, and for each filter that is counted."""
    tokens = _TOKEN.findall(tsquery)
    tokens.reverse()
    return _either(tokens)


def _either(tokens: list[str]) -> Node:
    return _joined(tokens, "|", _all)


def _all(tokens: list[str]) -> Node:
    return _joined(tokens, "&", _row)


def _joined(tokens: list[str], kind: str, read_part) -> Node:
    parts = [read_part(tokens)]
    while tokens and tokens[-1] == kind:
        tokens.pop()
        parts.append(read_part(tokens))
    return _together(kind, parts)


def _row(tokens: list[str]) -> Node:
    found = _one(tokens)
    while tokens and tokens[-1].startswith("<"):
        kind = tokens.pop()
        found = Node(kind, parts=(found, _one(tokens)))
    return found


def _one(tokens: list[str]) -> Node:
    sign = tokens.pop()
    if sign == "!":
        return Node("!", parts=(_one(tokens),))
    if sign != "(":
        return Node(lexeme=sign)
    found = _either(tokens)
    tokens.pop()
    return found


def _together(kind: str, parts: Iterable[Node]) -> Node:
    """Joined by "&" or "|", each part once; parts of the same kind without parentheses."""
    flat = dict.fromkeys(one for part in parts for one in (part.parts if part.kind == kind else (part,)))
    return next(iter(flat)) if len(flat) == 1 else Node(kind, parts=tuple(flat))


# --- Making it lean ---


def lexemes(node: Node) -> Iterator[str]:
    if not node.kind:
        yield node.lexeme
    for part in node.parts:
        yield from lexemes(part)


def lean(node: Node, absent: Collection[str]) -> Node:
    """The same of posts that have none of the absent lexemes; NOTHING where no post can have it."""
    if not node.kind:
        return NOTHING if node.lexeme in absent else node
    parts = [lean(part, absent) for part in node.parts]
    if node.kind == "!":
        return Node("!", parts=tuple(parts)) if parts[0] != NOTHING else Node("!", parts=node.parts)
    if node.kind == "|":
        found = [part for part in parts if part != NOTHING]
        return _without_implied(_factored(found)) if found else NOTHING
    if NOTHING in parts:
        return NOTHING
    return _together("&", parts) if node.kind == "&" else Node(node.kind, parts=tuple(parts))


def _factored(parts: list[Node]) -> Node:
    """(a & b) | (c & b) as (a | c) & b."""
    by_rest: dict[tuple[Node, ...], list[Node]] = {}
    for part in parts:
        joined = part.parts if part.kind == "&" else (part,)
        by_rest.setdefault(joined[1:], []).append(joined[0])
    found = []
    for rest, firsts in by_rest.items():
        either = _without_implied(_together("|", firsts))
        found.append(_together("&", [either, *rest]) if rest else either)
    return _together("|", found)


def _without_implied(node: Node) -> Node:
    """(a | b | (a <1> c)) as (a | b): a post with the phrase has its word."""
    if node.kind != "|":
        return node
    bare = {part.lexeme for part in node.parts if not part.kind}
    kept = [part for part in node.parts if not (part.kind.startswith("<") and _is_implied(part, bare))]
    return _together("|", kept)


def _is_implied(phrase: Node, bare: set[str]) -> bool:
    return any(
        _is_implied(part, bare) if part.kind.startswith("<") else bare.issuperset(_alternatives(part))
        for part in phrase.parts
    )


def _alternatives(node: Node) -> set[str]:
    """The lexemes one of which it has; of anything but a lexeme or some of them, one that nobody asks for."""
    parts = node.parts if node.kind == "|" else (node,)
    return {part.lexeme if not part.kind else "" for part in parts}


# --- How common ---


def share(node: Node, shares: Mapping[str, float], else_: float) -> float:
    """The share of all posts that it finds, by the shares of the most frequent lexemes; `else_`: that of others.

    Forms of one word stand in the same posts; different words are taken for independent of each other."""
    if not node.kind:
        return PREFIX if node.lexeme.endswith("*") else shares.get(bare(node.lexeme), else_)
    if node.kind == "!":
        return 1 - share(node.parts[0], shares, else_)
    if node.kind != "|":
        return prod(share(part, shares, else_) for part in node.parts)
    words: dict[object, float] = {}
    for part in node.parts:
        word = part if part.kind else bare(part.lexeme).rpartition("~")[2][:SHARED]
        words[word] = max(words.get(word, 0.0), share(part, shares, else_))
    return 1 - prod(1 - one for one in words.values())


def bare(lexeme: str) -> str:
    """The lexeme without its quotes."""
    return lexeme.strip("'")
