"""Members' names: one form for each, and no two that look alike."""

import re
import unicodedata
from functools import lru_cache

from confusable_homoglyphs import categories, confusables

MIN_LENGTH = 3
MAX_LENGTH = 30

_SHAPE = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
_ENDINGS = re.compile(r"\.(html?|php|js|css|json|xml|txt|png|jpe?g|gif|svg|webp|atom|rss|ico|pdf|zip|exe)$")
# Scripts that stand together in ordinary words.
_MIXES = [
    {"HAN", "HIRAGANA", "KATAKANA", "LATIN"},
    {"HAN", "HANGUL", "LATIN"},
    {"HAN", "BOPOMOFO", "LATIN"},
]
_RESERVED = (
    "about abuse account accounts admin administrator anonymous api bot borderpost contact crossings demo everyone "
    "feed feeds forum forums guest help info mail me member members mod moderation moderator moderators nobody null "
    "official operator owner post posts privacy register root rules search security settings signin signup staff "
    "static support system team theme topic topics undefined unread user users webmaster"
)


def normalise(name: str) -> str:
    """The one form of a name that is stored and shown."""
    return unicodedata.normalize("NFKC", name).strip()


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """The same for names that a reader could take for each other (after Unicode Technical Standard 39)."""
    folded = normalise(name).casefold()
    for _ in range(4):  # prototypes of prototypes: it settles at once or twice
        drawn = unicodedata.normalize("NFKC", "".join(map(_prototype, folded))).casefold()
        if drawn == folded:
            break
        folded = drawn
    return folded


def problem_with(name: str) -> str | None:
    """Why nobody may have this name and what to do, or None. `name` is normalised."""
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        return f"A name has {MIN_LENGTH} to {MAX_LENGTH} characters. This one has {len(name)}."
    if not _SHAPE.fullmatch(name):
        return "A name has letters and digits, with dots, hyphens or underscores between them and no spaces."
    if _marks(name) > len(name) // 2:
        return "This name has more marks than letters. Take some off."
    if _ENDINGS.search(name.casefold()):
        return "A name may not end like the name of a file."
    if not _is_of_one_script(name):
        return "This name mixes letters of several scripts. Choose one script."
    if skeleton(name) in reserved():
        return "This name is kept for the site itself. Choose another one."
    return None


def initials(name: str) -> str:
    """Two letters for an avatar: of the first two words of a name, or its first two letters."""
    words = [word for word in re.split(r"[\W_]+", name) if word]
    if not words:
        return "?"
    return (words[0][0] + words[1][0] if len(words) > 1 else words[0][:2]).upper()


@lru_cache(maxsize=1)
def reserved() -> frozenset[str]:
    return frozenset(skeleton(word) for word in _RESERVED.split())


@lru_cache(maxsize=4096)
def _prototype(letter: str) -> str:
    """The letter that stands for all that look like this one."""
    if letter in "il1|":
        return "l"
    likes = [entry["c"].strip("\u200e\u200f") for entry in confusables.confusables_data.get(letter, [])]
    if len(likes) != 1:
        return letter
    back = [entry["c"].strip("\u200e\u200f") for entry in confusables.confusables_data.get(likes[0], [])]
    return min(letter, likes[0]) if back == [letter] else likes[0]


def _marks(name: str) -> int:
    return sum(unicodedata.category(letter).startswith("M") for letter in unicodedata.normalize("NFD", name))


def _is_of_one_script(name: str) -> bool:
    scripts = {categories.alias(letter) for letter in name if letter.isalpha()} - {"COMMON", "INHERITED"}
    return len(scripts) <= 1 or any(scripts <= mix for mix in _MIXES)
