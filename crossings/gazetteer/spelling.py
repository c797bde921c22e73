"""How names are compared: folded, taken apart into words, reduced to their sound. And which names are none alone."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from django.contrib.postgres.aggregates import ArrayAgg

from accounts.text import split
from accounts.text.fold import fold as fold_letters
from crossings.models import Crossing

FOLDER = Path(__file__).parent.parent / "data"
SPACELESS = re.compile(f"[{split.SPACELESS}]+")  # scripts without spaces
SHORTEST = 4  # letters: what is shorter in Latin script is too often something else
# Vowel signs of Indian and other scripts are marks: they belong to the word.
_MARKS = "".join(chr(code) for code in range(0x300, 0xFE30) if unicodedata.category(chr(code))[0] == "M")
_WORD = re.compile(f"(?:[^\\W_]|[{_MARKS}])+")
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_IN_BRACKETS = re.compile(r"\([^)]*\)?")
_PARTS = re.compile(r"\s+/\s+")
# Kazakh, Uzbek, Tajik and Mongolian letters, which Russian names go without.
_SPELT = str.maketrans("қғңұүһөҳҷй", "кгнуухохчи")
# What stands behind a name and says of what kind the place is.
_KINDS = frozenset(
    {
        "pass",
        "ferry",
        "railway",
        "shipping",
        "corridor",
        "crossing",
        "border",
        "route",
        "boat",
        "port",
        "checkpoint",
    }
)
# Before these stands a town or a sight: "Kilimanjaro border", "Kos ferry".
_OF_TOWNS = frozenset({"border", "ferry", "boat", "route", "corridor", "shipping"})
# Endings of cases and genders: of Russian nouns and adjectives, of German adjectives.
_ENDINGS = re.compile(
    "(?<=[а-я])(?:ыми|ими|ого|его|ому|ему|ами|ями|иеи|иях|иям|ию|ии|ия|ая|яя|ую|юю|ое|ее|ые|ие|ыи|ии|ои|еи|ом|ем|ам|ям"
    "|ах|ях|ых|их|ым|им|а|я|у|ю|ы|и|е|о|ь)$|(?<=isch)(?:e|en|er|es|em)$"
)
_NUMBERS = {
    word: count
    for count, words_ in enumerate(
        (
            "first 1st 1 erste", "second 2nd 2 ii zweite", "third 3rd 3 iii dritte", "fourth 4th 4 iv vierte",
            "fifth 5th 5 v", "sixth 6th 6 vi", "seventh 7th 7 vii", "eighth 8th 8 viii", "ninth 9th 9 ix",
        ),
        start=1,
    )
    for word in words_.split()
}  # fmt: skip
_SOUNDS = [
    ("tch", "c"), ("tsch", "c"), ("sch", "s"), ("kh", "h"), ("gh", "g"), ("zh", "j"), ("sh", "s"), ("ch", "c"),
    ("ph", "f"), ("th", "t"), ("dh", "d"), ("cz", "c"), ("ck", "k"), ("dj", "j"), ("q", "k"), ("x", "h"), ("w", "v"),
    ("ee", "i"), ("oo", "u"), ("ou", "u"), ("y", "i"),
]  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiou]")
# Letters that ears and alphabets take for each other: voiced and voiceless, and an h breathed behind a consonant.
_UNVOICED = str.maketrans("bdgjvz", "ptkcfs")
_BREATHED = re.compile("(?<=[bcdfgjklmnpqrstvz])h")
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "і": "i",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """As the search folds (accounts/text/fold.py), and with letters as one that names are spelt with for each other.
    Folding twice changes nothing."""
    return fold_letters(text).translate(_SPELT)


def storable(text: str) -> str:
    """The text without what the database stores and encodes in no way: null characters and halves of pairs."""
    return _NOT_STORABLE.sub(" ", text)


def words(text: str) -> list[str]:
    """The words of a text, folded: letters and digits."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=65_536)
def key(text: str) -> str:
    """A name without its spaces and signs: "Ak-Tilek", "Ak Tilek" and "aktilek" are one."""
    return "".join(words(text))


def sound(word: str) -> str:
    """How a Latin word sounds, roughly: the spellings of a name brought over from another script fall together."""
    for letters, heard in _SOUNDS:
        word = word.replace(letters, heard)
    word = _TWICE.sub(r"\1", word)
    return word[:1] + _VOWELS.sub("", word[1:])


def broad_sound(sound: str) -> str:
    """A sound in which "Torogard" is "Torugart", and "Kakarbitha" "Kakarbhitta"."""
    return _TWICE.sub(r"\1", _BREATHED.sub("", sound[:1] + sound[1:].translate(_UNVOICED)))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A folded Russian word, or German adjective, without the ending of its case: "узбекистан" of "узбекистана".

    "" if less than four letters would be left."""
    if len(word) < 5 or (word.isascii() and "isch" not in word):
        return ""
    bare = _ENDINGS.sub("", word)
    return bare if len(bare) >= 4 else ""


def in_latin(word: str) -> str:
    """A folded Cyrillic word in Latin letters."""
    return word.translate(_CYRILLIC)


def parts(name: str) -> list[str]:
    """The two posts in a name like "Dogharun / Islam Qala", without what stands in brackets."""
    return [part.strip() for part in _PARTS.split(_IN_BRACKETS.sub("", name)) if part.strip()]


def without_brackets(name: str) -> str:
    """The "Friendship Bridge" of "Friendship Bridge (Danube)"; "" if nothing stands in brackets, or nothing else."""
    return _IN_BRACKETS.sub("", name).strip() if "(" in name else ""


def in_brackets(name: str) -> list[str]:
    """The "Kerki" of "Atamurat (Kerki)"; a country's code is no town."""
    found = re.findall(r"\(([^)]*)\)", name)
    return [text for text in found if len(text) > 2]


def number(word: str) -> int:
    """The number that a word stands for in the name of a bridge, from 1 to 9; 0 if it is none."""
    return _NUMBERS.get(word, 0)


def kinds() -> frozenset[str]:
    return _KINDS


def without_kind(name: str) -> str:
    """The "Torugart" of "Torugart Pass"; "" if nothing stands behind the name."""
    first, _, last = name.strip().rpartition(" ")
    return first.strip() if last.casefold() in _KINDS else ""


def is_named_after_town(name: str) -> bool:
    """Whether it is one for travellers who know the town: "Chetumal border"."""
    return name.strip().rpartition(" ")[2].casefold() in _OF_TOWNS


@cache
def ordinary_words() -> frozenset[str]:
    """Everyday words, given names and great cities (data/ordinary_words.txt)."""
    lines = (FOLDER / "ordinary_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def country_words() -> dict[str, list[str]]:
    """By code, what a country and what comes from it is called besides its name (data/country_words.csv)."""
    with (FOLDER / "country_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["words"].split("|") for row in csv.DictReader(file)}


@cache
def town_words() -> dict[str, list[str]]:
    """By the key of a town, what it is called in other scripts (data/town_names.csv)."""
    with (FOLDER / "town_names.csv").open(encoding="utf-8", newline="") as file:
        return {key(row["town"]): row["words"].split("|") for row in csv.DictReader(file)}


def is_ordinary(text: str) -> bool:
    """Whether it says nothing by itself: every word is an everyday one, or it is very short."""
    found = words(text)
    if len("".join(found)) < SHORTEST and "".join(found).isascii():
        return True
    return "".join(found) in ordinary_words() or all(word in ordinary_words() for word in found)


def is_inflected(word: str) -> bool:
    """Whether an everyday word stands in it: "borders", "cooked", "riding", "quickly"."""
    ordinary = ordinary_words()
    for ending in ("s", "es", "d", "ed", "ing", "er", "ers", "ly", "y", "ness", "less", "ful", "able"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word.removesuffix(ending)
            if stem in ordinary or stem + "e" in ordinary or (stem[-1] == stem[-2] and stem[:-1] in ordinary):
                return True
    return False


def refusal(text: str, crossing: Crossing | None = None) -> str:
    """Why this is no name of the crossing unless it is marked `needs_context`; "" if it may be one."""
    others = Crossing.objects.all() if crossing is None else Crossing.objects.exclude(pk=crossing.pk)
    rows = others.annotate(texts=ArrayAgg("names__text", default=[])).values_list("name", "towns", "texts")
    return why_refused(text, crossing.name if crossing else "", towns_of(rows))


def towns_of(crossings: Iterable[tuple[str, list[str], list[str]]]) -> dict[str, set[str]]:
    """The names of the crossings by the keys of their towns. What a crossing is called by is its name, and no town."""
    found: dict[str, set[str]] = {}
    for name, towns, texts in crossings:
        own = {key(text) for text in texts}
        for town in towns:
            town_key = key(_IN_BRACKETS.sub("", town))
            if town_key not in own:
                found.setdefault(town_key, set()).add(name)
    return found


def why_refused(text: str, crossing: str, towns: Mapping[str, set[str]]) -> str:
    """The same as `refusal`, where the towns are known. The posts that a crossing is named after are its own, and a
    crossing with one of those in its name, such as the railway beside the road, is no other place."""
    if is_ordinary(text):
        return f"“{text}” is an everyday word, a given name or a great city, or too short."
    own = {key(part) for part in parts(crossing)}
    others = {other for other in towns.get(key(text), ()) if own.isdisjoint(map(key, parts(other)))} - {crossing}
    if others and key(text) not in own:
        return f"“{text}” is a town of another crossing: {sorted(others)[0]}."
    return ""
