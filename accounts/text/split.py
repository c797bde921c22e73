"""Words of a text or a query with their positions, for search and gazetteer alike.

Whatever is no letter, mark or digit ends a word, so punctuation never glues. Words that are written together or apart
("M-41", "M41", "M 41") also have a joined form, at a hyphen or apostrophe, a border of letter and digit, a small letter
before a capital, and for a single letter with the word behind it; nowhere else. Scripts without blanks, and Korean,
give pairs of neighbouring letters.
"""

import re
import unicodedata
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from accounts.text.fold import APOSTROPHES, HYPHENS, UNSEEN, fold
from accounts.text.plain_text import without_unseen

# Thai, Lao, Tibetan, Burmese, Khmer, Chinese, Japanese; Korean, because its particles are glued to words.
SPACELESS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u0f40-\u0f84\u0f88-\u0fbc\u1000-\u103f\u1050-\u108f\u109a-\u109d"
    "\u1780-\u17d3\u1950-\u19cf\u1a20-\u1a7f\uaa60-\uaa7f\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U000323af"
)
LONGEST = 64  # characters of a word; the rest of it is left out
MOST_PARTS = 6  # of a word that is written together; of longer ones only the whole is joined
SENTENCE = 21  # positions from the last word of a sentence to the first of the next
_BEFORE_FULL_STOP = 4  # letters of a word that a full stop ends: after fewer it is an abbreviation, such as "St."

MARKS = "".join(
    chr(point)
    for point in range(0x300, 0x11900)
    if unicodedata.category(chr(point))[0] == "M" and not 0xFE00 <= point <= 0xFE0F
)
_LETTERS = f"[^\\W_{SPACELESS}]+(?:[{MARKS}]+[^\\W_{SPACELESS}]*)*"
# A full stop without a blank behind it ends a sentence as well, if a capital follows: "closed.Then".
_STOP = "(?P<stop>[.!?…]+(?=[\\s\"'»”’)\\]*_]*(?:\\s|$)|[^\\W\\d_])|[。！？।॥۔؟።]|\\n[^\\S\\n]*\\n)"
_APOSTROPHE, _HYPHEN = re.escape(APOSTROPHES), re.escape(HYPHENS)
_TOKEN = re.compile(
    f"(?P<spaceless>[{SPACELESS}](?:[{SPACELESS}{MARKS}])*)"
    f"|(?P<word>{_LETTERS}(?:[{_APOSTROPHE}{_HYPHEN}]{_LETTERS})*)"
    f"|{_STOP}"
)
_ASCII_LETTERS = "[0-9A-Za-z]+(?:['`-][0-9A-Za-z]+)*"
_ASCII_WORD = re.compile(_ASCII_LETTERS)
_ASCII_TOKEN = re.compile(f"(?P<word>{_ASCII_LETTERS})|{_STOP}")
_PART = re.compile(f"\\d+|(?:[^\\W\\d_]|[{MARKS}])+")
_PERCENT = re.compile("(?:%[0-9A-Fa-f]{2}){2,}")
_WITHIN_SPACELESS = re.compile(
    "(?<=[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff])\n(?=[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff])"
)


class Word(NamedTuple):
    """A folded word. `written` is the same in small letters with its accents, for stemmers; `joined` how many words it
    joins (1: a word as it is written); `start` and `end` its place in the prepared text.

    Of a script without blanks it is a pair of letters, or the last letter alone: `letters` is 2 or 1, of other words 0.
    What is written in one shares its `group`: the pairs of one run, the parts of "M-41".
    """

    text: str
    written: str
    position: int
    joined: int
    group: int
    start: int
    end: int
    letters: int = 0

    @property
    def is_pair(self) -> bool:
        """Whether it is of a script without blanks."""
        return self.letters > 0

    @property
    def is_letter(self) -> bool:
        return len(self.text) == 1 and self.joined == 1 and self.text.isalpha() and not self.is_pair


def prepared(text: str) -> str:
    """The text that `split` cuts, to which `start` and `end` of its words refer: NFKC, without what cannot be seen, and
    letters of addresses for their %-codes."""
    if "%" in text:
        # Codes of control signs are no letters, and without_unseen takes them out as from any text.
        text = _PERCENT.sub(lambda codes: without_unseen(unquote(codes[0], errors="replace")), text)
    if text.isascii():
        return text
    text = _ODD.sub(lambda odd: "'" if odd[1] else "", text)
    return _WITHIN_SPACELESS.sub("", unicodedata.normalize("NFKC", text))


# NFKC makes a blank and a mark of some apostrophes, and a soft hyphen is no hyphen: it is not seen.
_ALL_UNSEEN = "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSEEN)
_ODD = re.compile(f"([{_APOSTROPHE}])|[{_ALL_UNSEEN}]")


def split(text: str) -> list[Word]:
    """The words of a text in order, each followed by the joined forms that begin with it."""
    return list(words_of(prepared(text)))


def words_of(text: str) -> Iterator[Word]:
    """The same of a prepared text, one by one."""
    position = group = before = 0
    letter: Word | None = None  # the word before, if it is a single letter
    for token in (_ASCII_TOKEN if text.isascii() else _TOKEN).finditer(text):
        kind, start, end = token.lastgroup, token.start(), token.end()
        if kind == "stop":
            position += _pause(text, token, before)
            letter = None
            continue
        group += 1
        if kind == "spaceless":
            found = list(_pairs(token[0], position, group, start))
            position += len(found)
            letter = None
        else:
            found = [
                Word(folded, written, position + place, joined, group, start + first, start + last)
                for folded, written, place, joined, first, last in _parts_of(token[0])
            ]
            position = found[-1].position + 1 if found else position
            if letter is not None and found and start - letter.end == 1 and text[letter.end] in " \xa0":
                found = _with_letter(letter, found)
            letter = found[0] if end - start == 1 and found and found[0].is_letter else None
        yield from found
        before = end - start


def words_beginning(text: str, beginnings: Set[str], start: int, end: int) -> Iterator[Word]:
    """Of a part of a prepared ASCII text the words that begin with one of these two letters, with the joined forms, and
    all that have several parts. Most words are passed by, so their positions and groups mean nothing."""
    others, upto = _but_plain_words(frozenset(beginnings)), start
    letter: Word | None = None
    while token := (_ASCII_WORD if letter else others).search(text, upto, end):
        written, start, upto = token[0], *token.span()
        found: list[Word] = []
        if written[:2].lower() in beginnings or not _is_one_part(written):
            found = _words_at(written, start)
        elif len(written) == 1:
            found = _words_at(written, start)[:1]
        if (
            letter
            and start - letter.end == 1
            and text[letter.end] == " "
            and letter.text + written[0].lower() in beginnings
        ):
            yield from _with_letter(letter, found or _words_at(written, start))
        elif len(written) > 1 or written.lower() in beginnings:
            yield from found
        letter = found[0] if len(written) == 1 and found and found[0].is_letter else None


@lru_cache(maxsize=256)
def _but_plain_words(beginnings: frozenset[str]) -> re.Pattern[str]:
    """The words of an ASCII text without those of one part, and of more than a letter, that begin otherwise: nothing is
    to be said of them, unless a single letter stands before them."""
    begins = "|".join(re.escape(letters) for letters in sorted(beginnings) if len(letters) == 2)
    plain = f"(?!(?i:{begins}))" if begins else ""
    ends = "(?![0-9A-Za-z]|['`-][0-9A-Za-z])"
    return re.compile(f"(?<![0-9A-Za-z])(?!{plain}(?:[A-Za-z][a-z]+|[A-Z]{{2,}}){ends}){_ASCII_LETTERS}")


def _words_at(token: str, start: int) -> list[Word]:
    return [
        Word(folded, written, place, joined, 0, start + first, start + last)
        for folded, written, place, joined, first, last in _parts_of(token)
    ]


def _is_one_part(token: str) -> bool:
    return token.isalpha() and (token.islower() or token[1:].islower() or token.isupper())


def _pause(text: str, stop: re.Match[str], before: int) -> int:
    """How many positions the end of a sentence takes; 0 for the full stop of an abbreviation."""
    if stop[0] != ".":
        return SENTENCE - 1
    following = text[stop.end() : stop.end() + 8].lstrip()[:1]
    return 0 if before < _BEFORE_FULL_STOP or following.islower() else SENTENCE - 1


def _with_letter(letter: Word, found: list[Word]) -> list[Word]:
    """The words behind a single letter, with the letter joined to the first of them."""
    first = found[0]
    if first.is_letter:
        return found
    joined = Word(
        letter.text + first.text, letter.written + first.written, letter.position, 2, letter.group, letter.start,
        first.end,
    )  # fmt: skip
    return [first, joined, *found[1:]]


_Part = tuple[str, str, int, int, int, int]


def _parts_of(token: str) -> tuple[_Part, ...]:
    return _kept_parts(token) if len(token) <= LONGEST else _cut(token)


def _cut(token: str) -> tuple[_Part, ...]:
    """Of one word, or of an endless row of hyphens."""
    if token.isalnum():
        written = token[:LONGEST].lower()
        folded = fold(written)  # "" for a row of signs that fold away, such as tatweels
        return ((folded, written, 0, 1, 0, len(token)),) if folded else ()
    pieces = [(piece.start(), piece[0]) for piece in _BARE.finditer(token)]
    return tuple(
        (fold(piece[:LONGEST]), piece[:LONGEST].lower(), place, 1, first, first + len(piece))
        for place, (first, piece) in enumerate(pieces)
        if fold(piece[:LONGEST])
    )


_BARE = re.compile(f"[^{_APOSTROPHE}{_HYPHEN}]+")


@lru_cache(maxsize=16_384)
def _kept_parts(token: str) -> tuple[_Part, ...]:
    """(folded, written small, place among the parts, how many are joined, start, end) of each part and joined form."""
    if _is_one_part(token):
        folded, written = fold(token), token.lower()
        return ((folded, folded if folded == written else written, 0, 1, 0, len(token)),) if folded else ()
    parts = [part for part in _cut_at_borders(token) if fold(token[part[0] : part[1]])]
    if len(parts) == 1:
        (first, last) = parts[0]
        return ((fold(token[first:last]), token[first:last].lower(), 0, 1, first, last),)
    return tuple(_with_joined(token, parts))


def _cut_at_borders(token: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a word begin and end: at hyphens, between letters and digits, before capitals."""
    for part in _PART.finditer(token):
        first = part.start()
        for place in range(first + 1, part.end()):
            if token[place].isupper() and _is_small(token, place - 1):
                yield first, place
                first = place
        yield first, part.end()


def _is_small(token: str, place: int) -> bool:
    while place > 0 and unicodedata.category(token[place])[0] == "M":
        place -= 1
    return token[place].islower()


def _with_joined(token: str, parts: list[tuple[int, int]]) -> Iterator[_Part]:
    """Each part, with the joined forms that begin there: with the next part, and from the first with all others."""
    written = [token[first:last].lower() for first, last in parts]
    folded = [fold(part) for part in written]
    for place, (first, last) in enumerate(parts):
        yield folded[place], written[place], place, 1, first, last
        joins = {len(parts)} if place == 0 else set()
        if len(parts) <= MOST_PARTS and place + 1 < len(parts):
            joins.add(2)
        for count in sorted(joins):
            upto = place + count
            text = "".join(folded[place:upto])[:LONGEST]
            yield text, "".join(written[place:upto])[:LONGEST], place, count, first, parts[upto - 1][1]


def _pairs(run: str, position: int, group: int, start: int) -> Iterator[Word]:
    """Each two neighbouring letters with their marks, and the last one alone."""
    letters = [(letter.start(), fold(letter[0])) for letter in _WITH_MARKS.finditer(run)]
    letters = [(first, text) for first, text in letters if text]
    for place, (first, text) in enumerate(letters):
        following = letters[place + 1 : place + 2]
        pair = text + "".join(folded for _, folded in following)
        end = letters[place + 2][0] if place + 2 < len(letters) else len(run)
        yield Word(pair, pair, position + place, 1, group, start + first, start + end, letters=1 + len(following))


_WITH_MARKS = re.compile(f"[^{MARKS}][{MARKS}]*|[{MARKS}]+")
