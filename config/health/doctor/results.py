from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    RIGHT = "right"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """The result of one check, and what to do about it."""

    level: Level
    words: str
    advice: str = ""


def right(words: str) -> Finding:
    return Finding(Level.RIGHT, words)


def warning(words: str, advice: str) -> Finding:
    return Finding(Level.WARNING, words, advice)


def wrong(words: str, advice: str) -> Finding:
    return Finding(Level.WRONG, words, advice)
