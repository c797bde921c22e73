"""Which language a text is written in, by its script, and by py3langid where a script has several languages.

A model of letters, and no dictionary: it is loaded with the first text that needs it (docs/performance.md).
"""

import gc
import re
import threading
from collections import Counter
from functools import cache

LETTERS_NEEDED = 40  # below, the script alone decides
SURE = 0.9  # probability from which a language is told
LOOKED_AT = 2_000  # characters; a longer text says no more

# What members write, and neighbours of these that would be taken for them.
_CANDIDATES = """
    ar az be bg bn cs da de en es fa fi fr hi hr hu id it kk ky mn mr ne nl no pl ps pt ro ru sk sl sr sv tg tk tr ug uk
    ur uz vi
""".split()  # noqa: SIM905
# By the first code point of a block of 128: its script, and the only language we take it for, if it is one.
_BLOCKS = [
    (range(0x0000, 0x0250), "latin", ""), (range(0x0370, 0x0400), "greek", "el"),
    (range(0x0400, 0x0530), "cyrillic", ""),
    (range(0x0530, 0x0590), "armenian", "hy"), (range(0x0590, 0x0600), "hebrew", "he"),
    (range(0x0600, 0x0780), "arabic", ""), (range(0x0900, 0x0980), "devanagari", ""),
    (range(0x0980, 0x0A00), "bengali", "bn"),
    (range(0x0A00, 0x0A80), "gurmukhi", "pa"), (range(0x0B80, 0x0C00), "tamil", "ta"),
    (range(0x0D80, 0x0E00), "sinhala", "si"),
    (range(0x0E00, 0x0E80), "thai", "th"), (range(0x0E80, 0x0F00), "lao", "lo"),
    (range(0x0F00, 0x1000), "tibetan", "bo"),
    (range(0x1000, 0x10A0), "burmese", "my"), (range(0x10A0, 0x1100), "georgian", "ka"),
    (range(0x1780, 0x1800), "khmer", "km"),
    (range(0x1800, 0x18B0), "mongolian", "mn"), (range(0x1C90, 0x1CC0), "georgian", "ka"),
    (range(0x3040, 0x3100), "kana", "ja"), (range(0x3400, 0xA000), "han", "zh"),
    (range(0xAC00, 0xD800), "hangul", "ko"),
    (range(0xFB50, 0xFE00), "arabic", ""),
]  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|/\S*/\S*")
_lock = threading.Lock()


def language_of(text: str) -> str:
    """The ISO 639 code of the language a text is mostly written in; "" if one cannot tell. No query.

    Below LETTERS_NEEDED letters by the script alone, so that Latin and Cyrillic letters tell nothing.
    """
    text = _ADDRESS.sub(" ", text[:LOOKED_AT])
    letters = "".join(_LETTERS.findall(text))
    if len(letters) < LETTERS_NEEDED and letters.isascii():
        return ""
    script, language = _script_of(letters)
    if language or not script or len(letters) < LETTERS_NEEDED:
        return language
    guess, probability = _guess(text)
    return guess if probability >= SURE else ""


def _script_of(letters: str) -> tuple[str, str]:
    """The script of most letters, and its language if it has one. Kana among Chinese characters is Japanese."""
    if letters.isascii():
        return "latin", ""
    blocks: Counter[tuple[str, str]] = Counter()
    for block, count in Counter(ord(letter) >> 4 for letter in letters).items():
        blocks[_block(block << 4)] += count
    if blocks[("kana", "ja")] and blocks[("han", "zh")] < 10 * blocks[("kana", "ja")]:
        blocks[("kana", "ja")] += blocks.pop(("han", "zh"), 0)
    (found, count), *_ = blocks.most_common(1) or [(("", ""), 0)]
    return found if 2 * count > len(letters) else ("", "")


@cache
def _block(point: int) -> tuple[str, str]:
    return next(((script, language) for points, script, language in _BLOCKS if point in points), ("", ""))


def _guess(text: str) -> tuple[str, float]:
    with _lock:  # two first texts at once load the model once
        identifier = _identifier()
    language, probability = identifier.classify(text)
    return language, float(probability)


@cache
def _identifier():
    """py3langid with our candidates only. The columns of all other languages, 30 MB, are let go."""
    from py3langid import langid

    found = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    found.set_languages(_CANDIDATES)
    # By rows, of which each text needs some hundred: by columns they took a third of the time of a guess.
    found.nb_ptc = found.nb_ptc.copy(order="C")
    found._full_model = (found.nb_ptc, found.nb_pc, found.nb_classes)
    gc.collect()
    return found
