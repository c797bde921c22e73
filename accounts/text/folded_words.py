"""Folding a text for comparison: look-alike letters, accents, capitals and invisible characters make no difference."""

import re
import unicodedata

from accounts.text import names
from accounts.text.fold import is_optional_mark
from accounts.text.split import MARKS

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")
# Latin, Greek and Cyrillic letters have no marks that make other words of them, in whatever script those are.
_BARE_BELOW = "\u0530"


def fold(text: str) -> str:
    """The folded text: the skeletons of its words, separated by single spaces.

    Accents are left out; vowel signs and tones stay where the script writes words by them, as Devanagari and Thai do.
    """
    seen = text if text.isascii() else _without_marks(text)
    return " ".join(_WORD.findall(names.skeleton(seen)))


def _without_marks(text: str) -> str:
    kept, letter = [], ""
    for sign in unicodedata.normalize("NFKD", text):
        category = unicodedata.category(sign)
        if category[0] == "M":
            if is_optional_mark(sign) or letter < _BARE_BELOW:
                continue
        elif category == "Cf":
            continue
        else:
            letter = sign
        kept.append(sign)
    return "".join(kept)
