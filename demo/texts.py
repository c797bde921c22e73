"""Fictional travel texts, titles and names for the big demo: the same ones each time."""

import random
import re
from collections.abc import Iterator

from demo import word_lists

WORDS = 120  # in a post, about
_SLOT = re.compile(r"{(\w+)}")
_BEFORE_VOWEL = re.compile(r"\b([Aa]) ([aeio])")


def _split(text: str, separator: str = ",") -> list[str]:
    return [" ".join(part.split()) for part in text.strip().split(separator)]


_LISTS = {
    "place": _split(word_lists.PLACES),
    "person": _split(word_lists.PEOPLE),
    "thing": _split(word_lists.THINGS),
    "nature": _split(word_lists.NATURE),
    "adjective": _split(word_lists.ADJECTIVES),
    "verb": _split(word_lists.VERBS),
    "verb_plain": _split(word_lists.PLAIN_VERBS),
    "adverb": _split(word_lists.ADVERBS),
    "day": _split(word_lists.DAYS),
    "way": _split(word_lists.WAYS),
    "reason": _split(word_lists.REASONS),
    "number": [str(number) for number in range(2, 90)],
}
_FRAMES = _split(word_lists.FRAMES, "\n")
_TITLES = _split(word_lists.TITLES, "\n")
_SIGNATURES = _split(word_lists.SIGNATURES, "\n")
_LINKS = _split(word_lists.LINKS)


class Writer:
    """Writes texts out of the word lists; the same seed writes the same texts."""

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)  # noqa: S311

    def sources(self, count: int) -> list[str]:
        """That many distinct texts in Markdown, of about WORDS words each."""
        return [self.source(number) for number in range(count)]

    def source(self, number: int) -> str:
        """One text: every third has a list, every fourth a quote, every fifth a link."""
        parts = [self._paragraph(WORDS // 3)]
        if number % 4 == 1:
            parts.insert(0, f"> {self._sentence()}")
        if number % 3 == 0:
            parts.append("\n".join(f"- {self._sentence()}" for _ in range(3)))
        if number % 5 == 0:
            parts.append(f"Here is [{self.dice.choice(_LINKS)}](https://travels.example/{number}/). {self._sentence()}")
        if number % 7 == 0:
            parts.append(f"Worth knowing: **{self._fill('{place}')}** is *not* {self._fill('{place}')}.")
        missing = WORDS - len(" ".join(parts).split())
        return "\n\n".join([*parts, self._paragraph(missing)])

    def title(self) -> str:
        return _with_capital(self._fill(self.dice.choice(_TITLES)))[:120]

    def signature(self) -> str:
        return _with_capital(self._fill(self.dice.choice(_SIGNATURES)))

    def _paragraph(self, length: int) -> str:
        """Sentences with at least that many words in total."""
        sentences = [self._sentence()]
        while len(" ".join(sentences).split()) < length:
            sentences.append(self._sentence())
        return " ".join(sentences)

    def _sentence(self) -> str:
        return _with_capital(self._fill(self.dice.choice(_FRAMES)))

    def _fill(self, frame: str) -> str:
        filled = _SLOT.sub(self._word, frame)
        return _BEFORE_VOWEL.sub(r"\1n \2", filled)

    def _word(self, slot: re.Match[str]) -> str:
        word = self.dice.choice(_LISTS[slot[1].lower()])
        return _with_capital(word) if slot[1][0].isupper() else word


def usernames() -> Iterator[str]:
    """Distinct usernames: five hundred, then the same with a number."""
    yield from _names("")
    for number in range(2, 100):
        yield from _names(str(number))


def subforum_names() -> list[str]:
    return _split(word_lists.SUBFORUMS)


def section_names() -> list[str]:
    return _split(word_lists.SECTIONS)


def icons() -> list[str]:
    return _split(word_lists.ICONS)


def _names(end: str) -> Iterator[str]:
    for bearer in _split(word_lists.BEARERS):
        for name in _split(word_lists.NAMES):
            yield f"{name}{bearer}{end}"


def _with_capital(text: str) -> str:
    return text[:1].upper() + text[1:]
