"""A query taken apart as members write it: "…" is a phrase, a minus leaves out, "or" stands between two others."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from accounts.text.split import Word, prepared, words_of

MOST_BRANCHES = 6  # of a query with "or" whose names are looked up

_QUOTES = re.compile('["“”„‟«»＂〝〞「」『』]')
_CLAUSE = re.compile(r'(?P<minus>(?<!\S)[-−])?"(?P<phrase>[^"]*)"|(?P<words>[^\s"]+)')


@dataclass(frozen=True)
class Clause:
    text: str
    is_phrase: bool
    is_unwanted: bool


def with_plain_quotes(query: str) -> str:
    """The query with plain quotes for curly ones, guillemets and corner brackets."""
    return _QUOTES.sub('"', query)


def alternatives(query: str) -> list[str]:
    """What stands between each two "or" of a query, with its phrases and what it leaves out, at most MOST_BRANCHES."""
    branches: list[list[str]] = [[]]
    for clause in _clauses(with_plain_quotes(query)):
        if clause is None:
            branches.append([])
        else:
            text = f'"{clause.text}"' if clause.is_phrase else clause.text
            branches[-1].append(f"-{text}" if clause.is_unwanted else text)
    return [" ".join(branch) for branch in branches if branch][:MOST_BRANCHES]


type Read = list[tuple[Clause, list[Word]]]


def branches(query: str) -> Iterator[Read]:
    """The clauses between each two "or", each with its words."""
    branch: list[Clause] = []
    for clause in [*_clauses(with_plain_quotes(query)), None]:
        if clause is None:
            yield [(one, list(words_of(prepared(one.text)))) for one in _with_neighbours(branch)]
            branch = []
        else:
            branch.append(clause)


def _clauses(query: str) -> Iterator[Clause | None]:
    """Each phrase and word; None for an "or" that stands between two."""
    found = list(_CLAUSE.finditer(query))
    for place, clause in enumerate(found):
        words = clause["words"]
        if words is None:
            yield Clause(clause["phrase"], is_phrase=True, is_unwanted=bool(clause["minus"]))
        elif words.casefold() == "or":
            if 0 < place < len(found) - 1:
                yield None
        elif words[0] in "-−" and len(words) > 1:
            yield Clause(words[1:], is_phrase=False, is_unwanted=True)
        elif words not in {"-", "−"}:
            yield Clause(words, is_phrase=False, is_unwanted=False)


def _with_neighbours(branch: Iterable[Clause]) -> Iterator[Clause]:
    """Words beside each other as one clause, because "M 41" and "Sary Tash" may be written together."""
    for is_plain, run in groupby(branch, lambda clause: not (clause.is_phrase or clause.is_unwanted)):
        if is_plain:
            yield Clause(" ".join(clause.text for clause in run), is_phrase=False, is_unwanted=False)
        else:
            yield from run
