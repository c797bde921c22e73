"""Which countries a query names: in some hundred languages, in any case, or with mistakes (data/country_names.csv).

For search alone. Which crossing a text is about goes by fewer words (KnownNames.countries), which were measured.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from accounts.text import split
from crossings.gazetteer import spelling
from forum.search.stems import is_stop_word

LONGEST = 5  # words of a name that are looked up together
MAX_WORDS = 40  # of a query
FUZZY_FROM = 6  # letters; in shorter names a mistake makes another word
TWO_MISTAKES_FROM = 9
LIKE = 12  # names that are compared further
SHORTEST_PART = 3  # letters of a word that, joined to its neighbour, may make a name
_APOSTROPHES = re.compile("[ʻʼʽ’‘'`´]")
_SPACELESS = re.compile(f"[{split.SPACELESS}]+")
# What Russian and its neighbours put in the place of the last vowel of a name: "в Киргизии", "Китаем", "Казахстана".
_ENDINGS = {"", *"аеиоуыюяь", "ом", "ем", "ои", "еи", "ою", "ею", "ии", "ия", "ию", "ие", "ах", "ам", "ами"}
_VOWELS = "аеиоуыэюяь"

type Words = frozenset[int]


@cache
def in_all_languages() -> dict[str, list[str]]:
    """The names of each country by its code (data/README.md)."""
    with (spelling.FOLDER / "country_names.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["names"].split("|") for row in csv.DictReader(file)}


class CountryNames:
    """Every name of the countries that have a page. Nothing in it changes once it is built."""

    def __init__(self, called: Mapping[str, Iterable[str]], taken: Collection[str]) -> None:
        """`called`: by code, what a country is called on this site; `taken`: keys of names that mean crossings."""
        self.exact: dict[str, str] = {}
        self.lengths: dict[str, set[int]] = {}  # by key, of how many words the name is
        self.spaceless: dict[str, list[str]] = {}
        self.taken = taken
        for code in called:
            for name in [*list(called[code])[:1], *in_all_languages().get(code, ())]:
                self._add(code, name)
        self._names = frozenset(self.exact)
        for code, also in called.items():
            for word in also:
                self._add(code, word)
        for keys in self.spaceless.values():
            keys.sort(key=len, reverse=True)

    def _add(self, code: str, name: str) -> None:
        key = spelling.key(name)
        if len(key) < 2 or key in self.taken or self.exact.get(key, code) != code:
            return
        # "Qirgʻiziston" is one word, and "Qirg'iziston" two.
        apart = len(spelling.words(_APOSTROPHES.sub(" ", name)))
        self.lengths.setdefault(key, set()).update((len(spelling.words(name)), apart))
        if key in self.exact:
            return
        self.exact[key] = code
        if _SPACELESS.fullmatch(key):
            self.spaceless.setdefault(key[:2], []).append(key)

    def is_adjective(self, key: str) -> bool:
        """Whether it is no name, but what comes from a country: a query for "Chinese visa" is none for "China visa"."""
        return key in self.exact and key not in self._names

    def named(self, text: str) -> dict[str, Words]:
        """The codes of the countries that a query names, in its order, each with the places of the words that do."""
        words = spelling.words(text)[:MAX_WORDS]
        used: set[int] = set()
        found: dict[int, tuple[str, Words]] = {}
        for place in _runs(len(words)):
            if used.isdisjoint(place) and (code := self._of_run(words[place.start : place.stop])):
                found[place.start] = (code, frozenset(place))
                used.update(place)
        for at, word in enumerate(words):
            if at not in used and (code := self._within(word) or self._inflected(word) or self._misspelt(word)):
                found[at] = (code, frozenset([at]))
        by_code: dict[str, Words] = {}
        for _, (code, places) in sorted(found.items()):
            by_code[code] = by_code.get(code, frozenset()) | places
        return by_code

    def _of_run(self, run: Sequence[str]) -> str:
        """The country that words have as its name, or parts of its name: "Kyrgyz Stan", but not the "I ran" of Iran."""
        key = "".join(run)
        code = self.exact.get(key, "")
        if code and len(run) > 1 and len(run) not in self.lengths[key] and any(map(_is_no_part, run)):
            return ""
        return code

    def _within(self, word: str) -> str:
        """A name within a run of a script without blanks."""
        if not _SPACELESS.search(word):
            return ""
        for at in range(len(word) - 1):
            for key in self.spaceless.get(word[at : at + 2], ()):
                if word.startswith(key, at):
                    return self.exact[key]
        return ""

    def _inflected(self, word: str) -> str:
        """A Cyrillic name in one of its cases."""
        if not "\u0400" <= word[0] <= "\u052f":
            return ""
        for length in (1, 2, 3, 0):
            stem, ending = (word[:-length], word[-length:]) if length else (word, "")
            if len(stem) >= 4 and ending in _ENDINGS and (code := self._by_stem.get(stem)):
                return code
        return ""

    @cached_property
    def _by_stem(self) -> dict[str, str]:
        return dict(self._stems())

    def _stems(self) -> Iterator[tuple[str, str]]:
        for key, code in self.exact.items():
            if "\u0400" <= key[0] <= "\u052f":
                yield key, code
                if key[-1] in _VOWELS:
                    yield key[:-1], code

    def _misspelt(self, word: str) -> str:
        """The country of the names most like a word with a mistake or two; "" if they are several countries."""
        if len(word) < FUZZY_FROM or word in self.taken or spelling.is_inflected(word):
            return ""
        if word in spelling.ordinary_words():
            return ""
        most = 1 if len(word) < TWO_MISTAKES_FROM else 2
        found = process.extract(word, self._long, scorer=OSA.distance, score_cutoff=most, limit=LIKE)
        # Another first letter is a mistake of its own weight: "Iran" and "Oran" are two.
        weighed = [(mistakes + (key[0] != word[0]), key) for key, mistakes, _ in found]
        best = min((weight for weight, _ in weighed), default=most + 1)
        codes = {self.exact[key] for weight, key in weighed if weight == best <= most}
        return codes.pop() if len(codes) == 1 else ""

    @cached_property
    def _long(self) -> list[str]:
        return [key for key in self.exact if len(key) >= FUZZY_FROM]


def _is_no_part(word: str) -> bool:
    """Whether it stands for itself, beside whatever word. In scripts without blanks a letter or two are a word."""
    if _SPACELESS.fullmatch(word):
        return False
    return len(word) < SHORTEST_PART or is_stop_word(word)


def _runs(count: int) -> Iterator[range]:
    """Runs of neighbouring words, longest first."""
    for length in range(min(LONGEST, count), 0, -1):
        for first in range(count - length + 1):
            yield range(first, first + length)
