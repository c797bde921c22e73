"""Splitting a text into the word pieces of a BERT vocabulary (WordPiece, uncased)."""

import unicodedata
from collections.abc import Iterator, Mapping

LONGEST_WORD = 100  # letters; a longer word is unknown
_IGNORED = {"Cc", "Cf", "Cs", "Co"}
_CHINESE = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2CEAF), (0x2F800, 0x2FA1F),
)  # fmt: skip
_UNKNOWN, _BEGIN, _END = "[UNK]", "[CLS]", "[SEP]"


class WordPieces:
    """The vocabulary: numbers of pieces by their letters. `##ing` is a piece within a word."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._unknown, self._begin, self._end = (vocabulary[name] for name in (_UNKNOWN, _BEGIN, _END))

    def numbers(self, text: str, most: int) -> list[int]:
        """The numbers of the text's pieces between the marks of its beginning and end; at most so many in all."""
        pieces = [number for word in _words(text) for number in self._pieces(word)]
        return [self._begin, *pieces[: most - 2], self._end]

    def _pieces(self, word: str) -> list[int]:
        """The longest known piece, again and again; a word that cannot be put together is one unknown piece."""
        found: list[int] = []
        begin = 0
        while begin < len(word) <= LONGEST_WORD:
            mark = "##" if begin else ""
            ends = range(len(word), begin, -1)
            end = next((end for end in ends if mark + word[begin:end] in self._vocabulary), None)
            if end is None:
                return [self._unknown]
            found.append(self._vocabulary[mark + word[begin:end]])
            begin = end
        return found or [self._unknown]


def _words(text: str) -> Iterator[str]:
    """Words without capitals and accents; each sign of punctuation and each Chinese character stands alone."""
    word = ""
    for letter in unicodedata.normalize("NFD", text).lower():
        category = unicodedata.category(letter)
        if letter.isspace() or _stands_alone(letter, category):
            if word:
                yield word
            word = ""
            if not letter.isspace():
                yield letter
        elif category != "Mn" and category not in _IGNORED and letter != "\ufffd":
            word += letter
    if word:
        yield word


def _stands_alone(letter: str, category: str) -> bool:
    is_sign = category.startswith("P") or (letter.isascii() and letter.isprintable() and not letter.isalnum())
    return is_sign or any(first <= ord(letter) <= last for first, last in _CHINESE)
