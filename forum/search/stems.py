"""Stems of words, by the Snowball dictionaries of PostgreSQL; kept in memory, because most words come again."""

from collections.abc import Iterable

from accounts.text.fold import fold
from forum.models import Post
from pagecache.prepared import run

# By the letter that stands before "~" in the stored words.
DICTIONARIES = {"e": "english", "d": "german", "f": "french", "s": "spanish", "r": "russian"}
LATIN = "edfs"
MOST_KEPT = 40_000  # words; about 8 MB
SHORTEST = 2  # letters of a word that has a stem
STOP = ""  # the stem of a stop word

_kept: dict[tuple[str, str], str] = {}


def stems_of(asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The folded stem of each pair (letter of the dictionary, word in small letters); STOP for a stop word.

    One query for all words that this process has not met.
    """
    wanted = set(asked)
    # Another thread may empty it in between; STOP is "".
    found = {pair: stem for pair in wanted if (stem := _kept.get(pair)) is not None}
    if unmet := sorted(wanted - found.keys()):
        found |= _looked_up(unmet)
    return found


def _looked_up(unmet: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    rows = run(_LOOK_UP, [[code for code, _ in unmet], [word for _, word in unmet]], reads=Post)
    found = {(code, word): fold(stem[0]) if stem else STOP for code, word, stem in rows}
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    _kept.update(found)
    return found


def is_stop_word(word: str) -> bool:
    """Whether it is one in English or Russian, or a single letter of ours. No query for words kept in memory."""
    return not without_stop_words([word])


def without_stop_words(words: Iterable[str]) -> list[str]:
    """Those that are no stop words. One query at most."""
    folded = [(word, fold(word)) for word in words]
    codes = {text: "r" if dictionaries_for(text) == "r" else "e" for _, text in folded if dictionaries_for(text)}
    known = stems_of((code, text) for text, code in codes.items()) if codes else {}
    return [
        word
        for word, text in folded
        if len(text) >= SHORTEST and not (text in codes and known[codes[text], text] == STOP)
    ]


def forget() -> None:
    """For tests and measurements."""
    _kept.clear()


_CASES = " ".join(
    f"WHEN '{code}' THEN ts_lexize('pg_catalog.{name}_stem', word)" for code, name in DICTIONARIES.items()
)
_LOOK_UP = f"SELECT code, word, CASE code {_CASES} END FROM unnest(%s::text[], %s::text[]) AS asked (code, word)"  # noqa: S608


def dictionaries_for(word: str) -> str:
    """The letters of the dictionaries that may know a folded word, by its script; "" for none."""
    if len(word) < SHORTEST or not word.isalpha():
        return ""
    if word.isascii():
        return LATIN
    return "r" if "\u0400" <= word[0] <= "\u052f" else ""
