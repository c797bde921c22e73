"""What is asked where no post has all words of a query: most of them, the place alone, or any of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from math import ceil

from forum.search.query.tsquery import Asked, Branch, Unit, all_of, by_names, either, matches_of

MOST = 0.6  # of the words
FEW = 5  # topics with most words beside which those about the place are shown too
COUNTED = 12  # words of which so many must be there: of more, the longest
SHORTEST_PART = 2  # letters of each of two words that were typed as one
LONGEST_TO_PART = 24


class Fit(StrEnum):
    """How much of a query its hits have, from the best on."""

    ALL = "all"
    APART = "apart"  # with a word that nobody wrote as two
    MOST = "most"
    PLACE = "place"  # most, or only the crossing or country that it names
    ANY = "any"


def query_of(fit: Fit, asked: Asked) -> str:
    """The tsquery of hits that fit so; "" where it would ask the same as a better one."""
    return " | ".join(dict.fromkeys(_CONDITIONS[fit](asked)))


def _all(asked: Asked) -> Iterator[str]:
    yield from [asked.matches] if asked.matches else []


def _most(asked: Asked) -> Iterator[str]:
    for branch in asked.typed:
        if 0 < (needed := _needed(len(branch.units))) < len(branch.units):
            yield all_of([_at_least(needed, _longest(branch.units))], branch.unwanted)
    for firsts, units, unwanted in by_names(asked.others):
        if 0 < (needed := _needed(len(units) + 1) - 1) < len(units):
            yield all_of([firsts, _at_least(needed, _longest(units))], unwanted)


def _needed(count: int) -> int:
    """How many of so many words are most of them; 0 if none need be left out."""
    return max(2, ceil(MOST * count)) if count > 2 else 0


def _longest(units: Iterable[Unit]) -> list[str]:
    kept = sorted(units, key=lambda unit: -len(unit.label))[:COUNTED]
    return [unit.condition for unit in kept]


def _at_least(needed: int, conditions: list[str]) -> str:
    """That so many of the conditions hold, halving them: all ways to choose eight of twelve would be 495."""
    needed = min(needed, len(conditions))
    if needed == len(conditions):
        return f"({' & '.join(conditions)})"
    if needed == 1:
        return either(conditions)
    half = len(conditions) // 2
    first, second = conditions[:half], conditions[half:]
    ways = []
    for of_first in range(max(0, needed - len(second)), min(needed, len(first)) + 1):
        parts = [_at_least(count, some) for count, some in ((of_first, first), (needed - of_first, second)) if count]
        ways.append(f"({' & '.join(parts)})")
    return either(ways)


def _place(asked: Asked) -> Iterator[str]:
    """With what has most words, wherever it is about."""
    places = [all_of([firsts], unwanted) for firsts, units, unwanted in by_names(asked.others) if units]
    yield from [*_most(asked), *places] if places else []


def _any(asked: Asked) -> Iterator[str]:
    for branch in asked.typed:
        parts = [part for unit in branch.units for part in (unit.condition, *unit.pairs)]
        if len(parts) > 1:
            yield all_of([either(parts)], branch.unwanted)


_CONDITIONS = {Fit.ALL: _all, Fit.APART: _all, Fit.MOST: _most, Fit.PLACE: _place, Fit.ANY: _any}


def ranked_without(asked: Asked, unknown: Iterable[Unit]) -> Asked:
    """The same, ranked by no lexeme that stands only in these words, which no post has."""
    gone = {lexeme for unit in unknown if unit.word for lexeme in unit.lexemes}
    labels = {unit.label for unit in unknown}
    kept = {lexeme for unit in asked.units if unit.label not in labels for lexeme in unit.lexemes}
    kept.update(lexeme for branch in asked.others for lexeme in branch.lexemes)
    ranks = [lexeme for lexeme in asked.ranks.split(" | ") if lexeme in kept or lexeme not in gone]
    return replace(asked, ranks=" | ".join(ranks) or asked.ranks)


# --- Two words that were typed as one ---


def parts_of(word: str) -> list[tuple[str, str]]:
    """Each way in which a folded word may be two."""
    if len(word) > LONGEST_TO_PART or not word.isalpha():
        return []
    return [(word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]


def with_parts(asked: Asked, parts: dict[str, list[tuple[str, str]]]) -> Asked:
    """The same where the words with these labels may also be two words, one after the other."""
    typed = [_with_parts(branch, parts) for branch in asked.typed]
    others = [_with_parts(branch, parts) for branch in asked.others]
    rows = {row for found in parts.values() for row in found}
    lexemes = dict.fromkeys(f"'{word}'" for row in rows for word in row)
    return replace(
        asked,
        matches=matches_of(typed, others),
        ranks=" | ".join(dict.fromkeys([*asked.ranks.split(" | "), *lexemes])),
        marks=replace(asked.marks, names=asked.marks.names | rows),
        typed=tuple(typed),
        others=tuple(others),
    )


def _with_parts(branch: Branch, parts: dict[str, list[tuple[str, str]]]) -> Branch:
    return replace(branch, units=[_in_parts(unit, parts.get(unit.label, [])) for unit in branch.units])


def _in_parts(unit: Unit, parts: list[tuple[str, str]]) -> Unit:
    return replace(unit, condition=either([unit.condition, *map(in_a_row, parts)])) if parts else unit


def in_a_row(parts: tuple[str, str]) -> str:
    return f"('{parts[0]}' <-> '{parts[1]}')"
