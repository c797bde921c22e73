"""How like a name a word is that somebody heard or mistyped."""

import re

from rapidfuzz.distance import OSA

from crossings.gazetteer import spelling

ENOUGH = 0.72
SOUND_ALONE = 0.75
SAME_BUT_DOUBLED = 0.95
SHORT = 5  # letters
LONG = 8
CLEARLY_HEARD = 4  # consonants: shorter sounds are those of many words
_TWICE = re.compile(r"(.)\1+")


def single(word: str) -> str:
    """The word with doubled letters collapsed."""
    return _TWICE.sub(r"\1", word)


def shortened(word: str) -> set[str]:
    """The word, and the word without each one of its letters: two that are alike have one of these in common."""
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def likeness(word: str, heard: str, name: str, sound: str, *, is_beside: bool) -> float:
    """From 0 to a little over 1. One mistake in short words, two in long ones, or another spelling of one sound.

    `heard` and `sound` are those of the word and of the name; "" where there is none. Short words with a mistake and
    short sounds are like too many others: they are if `is_beside` what speaks of the place.
    """
    alike = len(heard) >= 3 and heard == sound
    if word[0] != name[0] and heard[:1] != sound[:1]:
        return 0.0
    most = 1 if len(word) <= 6 else 2
    if abs(len(word) - len(name)) > most:
        return 0.0
    if word != name and single(word) == single(name):
        return SAME_BUT_DOUBLED
    mistakes = OSA.distance(word, name, score_cutoff=most)
    if mistakes > most:
        return SOUND_ALONE if alike and (is_beside or _consonants(heard) >= CLEARLY_HEARD) else 0.0
    if mistakes and not is_beside and len(word) <= SHORT and not (alike and _consonants(heard) >= CLEARLY_HEARD):
        return 0.0
    alike = alike or _is_broadly_alike(heard, sound)
    alike = alike and (is_beside or mistakes < 2 or _consonants(heard) >= CLEARLY_HEARD)
    like = 1 - mistakes / max(len(word), len(name)) + 0.1 * alike
    return like - 0.08 if mistakes == 2 and not alike and len(word) < 9 else like


def likeness_of_long(words: str, name: str) -> float:
    """The same of several words without their spaces: one mistake in eight letters, two in twelve."""
    most = 2 if len(name) >= 12 else 1
    mistakes = OSA.distance(words, name, score_cutoff=most)
    return 1 - mistakes / len(name) if len(name) >= LONG and 0 < mistakes <= most else 0.0


def _is_broadly_alike(heard: str, sound: str) -> bool:
    return _consonants(heard) >= CLEARLY_HEARD and spelling.broad_sound(heard) == spelling.broad_sound(sound)


def is_near(word: str, name: str) -> bool:
    """Whether one mistake lies between them, after the first letter."""
    return word[0] == name[0] and OSA.distance(word, name, score_cutoff=1) <= 1


def _consonants(sound: str) -> int:
    return len(sound) - (sound[:1] in "aeiou")
