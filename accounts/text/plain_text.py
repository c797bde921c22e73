"""Plain text as members paste it, without what cannot be seen: soft hyphens, zero width characters, bidi marks.

Joiners stay where a script or an emoji needs them: the zero width non-joiner within Persian or Hindi words, the joiner
within emoji sequences, the zero width space between Thai, Lao, Khmer and Burmese words.
"""

import re
import unicodedata

# Scripts whose letters change with joiners: Arabic to Mandaic, the Indic ones, Myanmar, Khmer, Mongolian, Javanese, ...
_JOINED = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ua840-\ua87f\ua8e0-\ua8ff\ua980-\ua9df\uaa60-\uaa7f"
    "\ufb50-\ufdff\ufe70-\ufefc\U00011000-\U00011fff"
)
# Scripts without blanks, which break lines at zero width spaces: Thai, Lao, Tibetan, Myanmar, Khmer, New Tai Lue, ...
_WITHOUT_BLANKS = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
_PICTURES = "\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NEEDED = re.compile(
    f"(?<=[{_JOINED}])\u200c(?=[{_JOINED}])"
    f"|(?<=[{_JOINED}])\u200d"
    f"|\u200d(?=[{_JOINED}])"
    f"|(?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}])"
    f"|(?<=[{_WITHOUT_BLANKS}])\u200b(?=[{_WITHOUT_BLANKS}])"
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # flags of England, Scotland and Wales
)
# Controls but tab and line feed, format characters, fillers, surrogates and what Unicode keeps for itself.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff\U0010ff00-\U0010ffff]"
)


def with_line_ends(text: str) -> str:
    """The text with every kind of line end as a line feed: CR, VT, FF, NEL, and Unicode's line and paragraph ends."""
    return _LINE_ENDS.sub("\n", text)


def without_unseen(text: str) -> str:
    """The text without characters that cannot be seen, but for those that its script or an emoji needs. Idempotent."""
    if not _UNSEEN.search(text):
        return text
    seen = _once_without(text)
    while seen != text:  # a joiner may be needed no more without what stood beside it
        text, seen = seen, _once_without(seen)
    return seen


def _once_without(text: str) -> str:
    parts: list[str] = []
    end = 0
    for needed in _NEEDED.finditer(text):
        parts += [_UNSEEN.sub("", text[end : needed.start()]), needed.group()]
        end = needed.end()
    parts.append(_UNSEEN.sub("", text[end:]))
    return "".join(parts)


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def isolated(words: str) -> str:
    """Words for a plain text of ours around them, such as a subject: their own direction stays within (FSI and PDI).

    Where nothing runs from right to left they are as they were.
    """
    return f"\u2068{words}\u2069" if _RIGHT_TO_LEFT.search(words) else words


def visible(text: str) -> str:
    """One line of text, such as a title, in NFC and without what cannot be seen; line ends become blanks."""
    line = without_unseen(with_line_ends(text)).replace("\n", " ").replace("\t", " ")
    kept = (character for character in line if unicodedata.category(character) not in {"Cn", "Co"})
    return unicodedata.normalize("NFC", "".join(kept))
