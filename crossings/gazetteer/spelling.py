"""How names are compared: folded, taken apart into words, reduced to their sound. And which names are none alone."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from django.contrib.postgres.aggregates import ArrayAgg

from crossings.models import Crossing

FOLDER = Path(__file__).parent.parent / "data"
SHORTEST = 4  # letters: what is shorter in Latin script is too often something else
# Scripts that put no space between words: a name is found in the middle of them.
SPACELESS = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"

# Vowel signs of Indian and other scripts are marks: they belong to the word.
_MARKS = "".join(chr(code) for code in range(0x300, 0xFE30) if unicodedata.category(chr(code))[0] == "M")
_WORD = re.compile(f"(?:[^\\W_]|[{_MARKS}])+")
_IN_BRACKETS = re.compile(r"\([^)]*\)?")
_PARTS = re.compile(r"\s+/\s+")
_SPELT = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e",
        "қ": "к", "ғ": "г", "ң": "н", "ұ": "у", "ү": "у", "һ": "х", "ө": "о", "ҳ": "х", "ҷ": "ч",
        "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه",
        **dict.fromkeys("'’‘ʻʼ`´\u200b\u200c\u200d\u00ad\ufeff", ""),
    }
)  # fmt: skip
# What stands behind a name and says of what kind the place is.
_KINDS = {
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
_SOUNDS = [
    ("tch", "c"), ("tsch", "c"), ("sch", "s"), ("kh", "h"), ("gh", "g"), ("zh", "j"), ("sh", "s"), ("ch", "c"),
    ("ph", "f"), ("th", "t"), ("dh", "d"), ("cz", "c"), ("ck", "k"), ("dj", "j"), ("q", "k"), ("x", "h"), ("w", "v"),
    ("ee", "i"), ("oo", "u"), ("ou", "u"), ("y", "i"),
]  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiou]")
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "і": "i",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """The same letters for what differs by capitals, accents and apostrophes alone. Folding twice changes nothing."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare.translate(_SPELT))


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


def in_latin(word: str) -> str:
    """A folded Cyrillic word in Latin letters."""
    return word.translate(_CYRILLIC)


def parts(name: str) -> list[str]:
    """The two posts in a name like "Dogharun / Islam Qala", without what stands in brackets."""
    return [part.strip() for part in _PARTS.split(_IN_BRACKETS.sub("", name)) if part.strip()]


def in_brackets(name: str) -> list[str]:
    """The "Kerki" of "Atamurat (Kerki)"; a country's code is no town."""
    found = re.findall(r"\(([^)]*)\)", name)
    return [text for text in found if len(text) > 2]


def without_kind(name: str) -> str:
    """The "Torugart" of "Torugart Pass"; "" if nothing stands behind the name."""
    first, _, last = name.strip().rpartition(" ")
    return first.strip() if last.casefold() in _KINDS else ""


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
    """The same as `refusal`, where the towns are known. The posts that a crossing is named after are its own."""
    if is_ordinary(text):
        return f"“{text}” is an everyday word, a given name or a great city, or too short."
    others = towns.get(key(text), set()) - {crossing}
    if others and key(text) not in {key(part) for part in parts(crossing)}:
        return f"“{text}” is a town of another crossing: {sorted(others)[0]}."
    return ""
