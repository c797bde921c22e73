"""A query as members write it, as a tsquery over the words of forum/search/vectors.py.

"…" is a phrase, a minus leaves out, "or" takes either. A word is asked as it is written and by its stem in each of the
five languages; words that are written together, apart or with a hyphen are asked both ways.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import attrgetter

from accounts.text.split import SENTENCE, Word, prepared
from forum.search import stems
from forum.search.query.clauses import Read, branches

MOST_WORDS = 40  # of a query, after splitting
MOST_PAIRS = 32  # of a run without blanks that are asked for; it is asked as a phrase, so more would hardly tell
MOST_WITH_PAUSES = 8  # words of a phrase that may also stand in two sentences


class TooLong(Exception):
    """The query has more than MOST_WORDS words after splitting."""


@dataclass(frozen=True)
class Marks:
    """What to mark in a passage: words and stems ("e~stem") as they are stored, and names as whole rows of words."""

    lexemes: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()  # single letters of a script without blanks
    names: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True)
class Unit:
    """A word or phrase that must be there, as it was typed, with its condition and the lexemes in it; of a run without
    blanks also the conditions of its pairs."""

    label: str
    condition: str
    lexemes: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    word: str = ""  # folded, of a single word written in one
    size: int = 1  # different words in it

    @property
    def is_row(self) -> bool:
        """Whether it is several words one after the other: a phrase, or a word with hyphens."""
        return self.size > 1 and not self.pairs


@dataclass
class Branch:
    """What stands between two "or": conditions, all of which must hold."""

    units: list[Unit] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    lexemes: dict[str, None] = field(default_factory=dict)  # in order
    rows: list[tuple[str, ...]] = field(default_factory=list)  # its phrases, word by word

    @property
    def wanted(self) -> list[str]:
        return [unit.condition for unit in self.units]


@dataclass(frozen=True)
class Asked:
    """A tsquery, and one of all words that are asked for, by which hits are ranked; "" if no word is. And the branches
    it was made of: those that were typed, and the other queries, each of which begins with a name."""

    matches: str
    ranks: str
    marks: Marks
    typed: tuple[Branch, ...] = ()
    others: tuple[Branch, ...] = ()

    @property
    def units(self) -> list[Unit]:
        """What was typed and must be there, without repetitions."""
        return list({unit.label: unit for branch in self.typed for unit in branch.units}.values())


def asked_for(query: str, names: Sequence[str] = ()) -> Asked:
    """The tsquery of what was typed, or of one of the other queries (forum/extensions/search_terms.py).

    One query, for stems that are not kept in memory. Raises TooLong.
    """
    typed, others = list(branches(query)), [branch for name in names for branch in branches(name)]
    if _is_too_long(typed):
        raise TooLong
    known = stems.stems_of(pair for branch in [*typed, *others] for clause in branch for pair in _pairs(clause[1]))
    return together(
        [_built(branch, known) for branch in typed], [_built(branch, known, are_names=True) for branch in others]
    )


def is_too_long(query: str) -> bool:
    """Whether it has more than MOST_WORDS words after splitting."""
    return _is_too_long(branches(query))


def _is_too_long(typed: Iterable[Read]) -> bool:
    return sum(_count(words) for branch in typed for _, words in branch) > MOST_WORDS


def _count(words: Iterable[Word]) -> int:
    """How many words are asked for; a run without blanks is one."""
    return len({(word.group, 0 if word.is_pair else word.position) for word in words if word.joined == 1})


def _pairs(words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """What to ask stems for, with the joined forms and the words that a neighbour makes."""
    found = [(word.text, word.written) for word in words]
    made = [
        (first.text + second.text, first.written + second.written)
        for first, second in pairwise(words)
        if first.is_letter and second.joined == 1
    ]
    for text, written in [*found, *made]:
        for code in stems.dictionaries_for(text):
            yield code, written
            yield code, text


# --- Conditions ---


def _built(branch: Read, known: dict[tuple[str, str], str], *, are_names: bool = False) -> Branch:
    """Names are asked for as they are: without stems, which would make the query of a place with twenty names long."""
    made = Branch()
    for clause, words in branch:
        builder = _Builder(known)
        if clause.is_phrase:
            condition = builder.name(words) if are_names else builder.phrase(words)
            row = _row(words)
            units = [Unit(clause.text, condition, tuple(builder.lexemes), size=_size(row))] if condition else []
            made.rows.append(tuple(word.text for word in row))
        else:
            units = list(builder.units(words, prepared(clause.text)))
        if clause.is_unwanted:
            made.unwanted += [" & ".join(unit.condition for unit in units)] if units else []
        else:
            made.units += units
            made.lexemes |= builder.lexemes
    return made


def _row(words: Iterable[Word]) -> list[Word]:
    """The words of a phrase one after the other: no joined forms, and of a run without blanks its pairs alone."""
    found = []
    for _, group in groupby((word for word in words if word.joined == 1), attrgetter("group")):
        run = list(group)
        if run[0].is_pair and len(run) > 1:
            run = run[:-1]  # the last letter stands in the pair before
        found += run[:MOST_PAIRS] if run[0].is_pair else run
    return found


def _size(row: Iterable[Word]) -> int:
    return len({word.text for word in row})


class _Builder:
    """Conditions on words, and the lexemes that stand in them."""

    def __init__(self, known: dict[tuple[str, str], str]) -> None:
        self.known = known
        self.lexemes: dict[str, None] = {}

    def units(self, words: Sequence[Word], text: str) -> Iterator[Unit]:
        """Each word that was typed in this text, or was typed with hyphens; stop words need not be there."""
        gathered: dict[int, list[Word]] = {}
        for word in words:  # a letter is joined to the next group
            gathered.setdefault(word.group, []).append(word)
        groups = list(gathered.values())
        rows = [_row(group) for group in groups]
        for place, (group, row) in enumerate(zip(groups, rows, strict=True)):
            before = _made_of(rows[place - 1], row) if place else None
            behind = _made_of(row, rows[place + 1]) if place + 1 < len(rows) else None
            if len(row) == 1 and self._need_not_be_there(row[0], rows[place + 1] if behind else []):
                continue
            before_it, self.lexemes = self.lexemes, {}
            forms = [self._row_of(row)]
            whole = max((word for word in group if word.joined > 1), key=lambda word: word.joined, default=None)
            if whole and len(row) > 1:
                forms.append(self._any_of(whole.text, whole.written))
            forms += [self._any_of(*made) for made in (before, behind) if made]
            label = text[group[0].start : max(word.end for word in row)]
            pairs = tuple(self._exactly(word) for word in row) if row[0].is_pair and len(row) > 1 else ()
            single = row[0].text if len(row) == 1 and not row[0].is_pair else ""
            unit = Unit(label, either(forms), tuple(self.lexemes), pairs, single, _size(row))
            self.lexemes = before_it | self.lexemes
            yield unit

    def _need_not_be_there(self, word: Word, following: list[Word]) -> bool:
        """Whether it is a stop word, such as the "a" of "a visa", but not that of "A 388"."""
        return self._is_stop(word) and not (word.is_letter and following and following[0].text[0].isdigit())

    def _is_stop(self, word: Word) -> bool:
        code = "r" if stems.dictionaries_for(word.text) == "r" else "e"
        if len(word.text) < stems.SHORTEST:
            return word.text in _STOP_LETTERS
        return self.known.get((code, word.written)) == stems.STOP

    def phrase(self, words: Sequence[Word]) -> str:
        """The words one after the other, within a sentence or across the end of one."""
        row = _row(words)
        if all(self._is_stop(word) for word in row):
            return ""
        steps = [_without_pause(second.position - first.position) for first, second in pairwise(row)]
        conditions = [self._any_of_word(word) for word in row]
        forms = [_in_a_row(conditions, steps)]
        if len(row) <= MOST_WITH_PAUSES:
            for place in range(len(steps)):
                if row[place].group != row[place + 1].group:
                    paused = [step + (SENTENCE - 1) * (place == at) for at, step in enumerate(steps)]
                    forms.append(_in_a_row(conditions, paused))
        if len(row) == 2 and (made := _made_of(row[:1], row[1:])):
            forms.append(self._any_of(*made))
        return either(forms)

    def name(self, words: Sequence[Word]) -> str:
        """The words of a name one after the other, or two of them written as one."""
        row = _row(words)
        forms = [_in_a_row([self._exactly(word) for word in row], _steps(row))]
        if len(row) == 2 and (made := _made_of(row[:1], row[1:])):
            self.lexemes[f"'{made[0]}'"] = None
            forms.append(f"'{made[0]}'")
        return either(forms)

    def _exactly(self, word: Word) -> str:
        lexeme = f"'{word.text}':*" if word.letters == 1 else f"'{word.text}'"
        self.lexemes[lexeme] = None
        return lexeme

    def _row_of(self, row: list[Word]) -> str:
        """The parts of a word that was typed with hyphens, or in a script without blanks, in this order."""
        return _in_a_row([self._any_of_word(word) for word in row], _steps(row))

    def _any_of_word(self, word: Word) -> str:
        if word.is_pair:
            return self._exactly(word)
        return self._any_of(word.text, word.written)

    def _any_of(self, text: str, written: str) -> str:
        """The word as it is written, or one of its stems."""
        found = [f"'{text}'"]
        for code in stems.dictionaries_for(text):
            for form in dict.fromkeys((written, text)):
                if stem := self.known.get((code, form)):
                    found.append(f"'{code}~{stem}'")
        found = list(dict.fromkeys(found))
        self.lexemes |= dict.fromkeys(found)
        return either(found)


_STOP_LETTERS = frozenset("aist")


def _made_of(first: list[Word], second: list[Word]) -> tuple[str, str] | None:
    """The word that two neighbours make, if only a blank parts them."""
    if len(first) != 1 or len(second) != 1 or first[0].is_pair or second[0].is_pair:
        return None
    if second[0].start - first[0].end != 1 or second[0].position - first[0].position != 1:
        return None
    return first[0].text + second[0].text, first[0].written + second[0].written


def _steps(row: list[Word]) -> list[int]:
    return [second.position - first.position for first, second in pairwise(row)]


def _without_pause(step: int) -> int:
    return step - (SENTENCE - 1) if step >= SENTENCE else step


def _in_a_row(conditions: list[str], steps: list[int]) -> str:
    if not conditions:
        return ""
    found = conditions[0]
    for condition, step in zip(conditions[1:], steps, strict=True):
        found += f" <{step}> {condition}"
    return f"({found})" if len(conditions) > 1 else found


def either(forms: Iterable[str]) -> str:
    found = list(dict.fromkeys(form for form in forms if form))
    return f"({' | '.join(found)})" if len(found) > 1 else "".join(found)


# --- All together ---


def together(typed: list[Branch], others: list[Branch]) -> Asked:
    typed, others = [one for one in typed if one.units], [one for one in others if one.units]
    lexemes: dict[str, None] = {}
    for branch in [*typed, *others]:
        lexemes |= branch.lexemes
    marks = _marks(typed, others)
    return Asked(matches_of(typed, others), " | ".join(lexemes), marks, tuple(typed), tuple(others))


def all_of(wanted: Iterable[str], unwanted: Iterable[str]) -> str:
    return "(" + " & ".join([*wanted, *(f"!({condition})" for condition in unwanted)]) + ")"


def matches_of(typed: Iterable[Branch], others: Iterable[Branch]) -> str:
    """The tsquery of all words of any branch."""
    by_name = (all_of([firsts, *(unit.condition for unit in units)], no) for firsts, units, no in by_names(others))
    return " | ".join([*(all_of(one.wanted, one.unwanted) for one in typed), *by_name])


def by_names(others: Iterable[Branch]) -> Iterator[tuple[str, list[Unit], list[str]]]:
    """Other queries differ by a name, which stands first; what they share is asked once: (any of the names, the units
    behind it, what is unwanted)."""
    shared: dict[tuple, list[Branch]] = {}
    for branch in others:
        shared.setdefault((tuple(branch.wanted[1:]), tuple(branch.unwanted)), []).append(branch)
    for alike in shared.values():
        yield either(branch.wanted[0] for branch in alike), alike[0].units[1:], alike[0].unwanted


def _marks(typed: list[Branch], others: list[Branch]) -> Marks:
    lexemes = [lexeme for branch in typed for lexeme in branch.lexemes]
    return Marks(
        frozenset(lexeme.strip("'") for lexeme in lexemes if not lexeme.endswith("*")),
        frozenset(lexeme[1:-3] for lexeme in lexemes if lexeme.endswith("*")),
        frozenset(row for branch in others for row in branch.rows if row),
    )
