"""Letters that are typed for each other, as one: case, accents, marks, digits and forms of letters of every script.

Search and gazetteer compare words folded (docs/architecture.md, "Text search").
"""

import unicodedata

from accounts.text.han import SIMPLIFIED

# What is typed for an apostrophe, or for the letter that Uzbek and Ukrainian write like one.
APOSTROPHES = "'’‘ʻʼʽʾʿ`´ʹ′＇\u02c8\ua78c\u055a\u07f4"
HYPHENS = "-\u00ad\u058a\u05be\u2010\u2011\u2012\u2013\u2043\u2212\ufe58\ufe63\uff0d"
_DASHES = HYPHENS + "\u2014\u2015\u2e3a\u2e3b"
# Not seen, or only for line breaks and the joining of letters.
UNSEEN = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xE0000, 0xE0FFF),
)  # fmt: skip
# Marks that one may leave out: accents of Latin, Greek and Cyrillic letters, vowels of Arabic and Hebrew, nukta of
# Indian scripts. Vowel signs and tones of other scripts belong to the word.
_OPTIONAL_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5),
    (0x05C7, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4),
    (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x08CA, 0x08E1), (0x08E3, 0x08FF), (0x093C, 0x093C), (0x09BC, 0x09BC),
    (0x0A3C, 0x0A3C), (0x0ABC, 0x0ABC), (0x0B3C, 0x0B3C), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0),
    (0xFE20, 0xFE2F),
)  # fmt: skip
_LETTERS = {
    "й": "й", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e", "ħ": "h",
    "ŧ": "t", "ŋ": "n",
    **dict.fromkeys("\u064a\u0649\u06cd\u06d0\u06d2\u0626\u06ce", "\u06cc"),
    **dict.fromkeys("\u0643\u06aa\u06ab\u06ac", "\u06a9"),
    **dict.fromkeys("\u0629\u06be\u06c0\u06c1\u06c2\u06c3\u06d5", "\u0647"),
    **dict.fromkeys("\u0622\u0623\u0625\u0671\u0672\u0673", "\u0627"),
    "\u0624": "\u0648", "\u0640": "",
    "ſ": "s", "ς": "σ",
    **SIMPLIFIED,
    **dict.fromkeys(APOSTROPHES, ""),
    **dict.fromkeys(_DASHES, "-"),
}  # fmt: skip


class _Folds(dict):
    """For str.translate: by code point, what the character folds to; worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _folded(chr(point))
        return folded


def _folded(character: str) -> str:
    for form in (character, character.casefold()):
        if form in _LETTERS:
            return _LETTERS[form]
    if _is_among(UNSEEN, character):
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", character.casefold())
    kept = "".join(part for part in parts if not is_optional_mark(part))
    return unicodedata.normalize("NFC", kept)


def is_optional_mark(character: str) -> bool:
    """Whether it is a mark without which a word is the same word: an accent, a vowel of Arabic or Hebrew, a nukta."""
    return _is_among(_OPTIONAL_MARKS, character)


def _is_among(ranges: tuple[tuple[int, int], ...], character: str) -> bool:
    point = ord(character)
    return any(first <= point <= last for first, last in ranges)


_folds = _Folds()
_ASCII = str.maketrans("", "", "'`")
MOST_PASSES = 8  # a fold may give what folds or composes again; two are enough for all of Unicode but a few marks


def fold(text: str) -> str:
    """The text with one form for all letters that are typed for each other; folding twice changes nothing.

    NFKC and case; accents, nukta, vowel marks of Arabic and Hebrew, apostrophes and what cannot be seen are left out;
    ё is е, й stays; ß is ss, ı is i; forms of Arabic and Persian yeh, kaf, heh, alef; digits of every script are ASCII;
    Armenian և is եվ; characters of our names in simplified Chinese; every dash is "-".
    """
    if text.isascii():
        return text.lower().translate(_ASCII)
    for _ in range(MOST_PASSES):
        before, text = text, _fold_once(text)
        if text == before:
            break
    return text


def _fold_once(text: str) -> str:
    # Apostrophes first: NFKC makes a blank of some.
    whole = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
    return unicodedata.normalize("NFC", whole.translate(_folds)).replace("եւ", "եվ")


_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
