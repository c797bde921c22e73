"""Validation of usernames, and detection of those that look alike (Unicode confusables)."""

import re
import unicodedata
from functools import cache

from confusable_homoglyphs import categories
from confusable_homoglyphs.confusables import confusables_data

MIN_LENGTH = 3
# Names beyond ASCII: 张伟, Ян.
MIN_LENGTH_ELSEWHERE = 2
MAX_LENGTH = 30
MAX_SKELETON_LENGTH = 4 * MAX_LENGTH

# Scripts that may be mixed, as in Unicode's "highly restrictive" level (UTS 39); any other name uses one script.
MIXES = [
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "HANGUL"},
    {"LATIN", "HAN", "BOPOMOFO"},
]
# Letters of Arabic scripts that look alike in the middle of a word, or are typed for each other: yeh, kaf, heh, alef.
_ARABIC = str.maketrans(
    dict.fromkeys("\u0649\u06cc\u06cd\u06d0\u06d2\u0626", "\u064a")
    | dict.fromkeys("\u06a9\u06aa\u06ac", "\u0643")
    | dict.fromkeys("\u0629\u06be\u06c0\u06c1\u06c2\u06c3\u06d5", "\u0647")
    | dict.fromkeys("\u0622\u0623\u0625\u0671", "\u0627")
    | dict.fromkeys("\u0624", "\u0648")
    | dict.fromkeys("\u0640", None)  # tatweel only stretches
    # Vowel marks of Arabic and Hebrew, which most people leave out.
    | dict.fromkeys([*range(0x064B, 0x0653), 0x0670, *range(0x05B0, 0x05BE), 0x05C1, 0x05C2, 0x05C7], None)
)
# Invisible characters that Unicode categorises as letters or marks.
INVISIBLE = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0"} | {
    chr(point) for block in (range(0x180B, 0x1810), range(0xFE00, 0xFE10)) for point in block
}
TSHEG = "\u0f0b"  # the separator of Tibetan syllables
_WORD_ENDS = re.compile(r"[\s._-]+")
FILE_SUFFIX = re.compile(
    r"\.(?:atom|bak|bmp|conf|css|csv|docx?|env|exe|gif|gz|html?|ico|ini|jpe?g|js|json|log|map|md|mjs|pdf|phps?|png"
    r"|py|rss|sh|sql|svg|tar|tiff?|txt|webmanifest|webp|woff2?|xlsx?|xml|ya?ml|zip)$",
    re.IGNORECASE,
)
# Refused as any word of a username, because they would pass for staff.
OFFICES = """
    admin admins administrator administrators borderpost borderposts mod mods moderator moderators official
    operator operators root staff superuser support sysop system webmaster
    administrador administrateur administratore moderador moderateur moderatore moderatör yönetici
    админ администратор адмін адміністратор модератор поддержка әкімші модераторы
    管理员 管理員 版主 站长 管理人 관리자 운영자 مدیر مشرف المشرف مدير админы מנהל διαχειριστής एडमिन ადმინი
""".split()  # noqa: SIM905
# Refused as a whole username: names of pages, and words for nobody or everybody.
TAKEN_WORDS = """
    about account accounts all anonymous api cache contact crossing crossings deleted email everyone
    feed feeds forum forums guest health help here home index info login logout mail me member
    members moderation new nobody none null password post postmaster posts privacy profile register
    rules search security settings signin signout signup static team terms theme topic topics
    unanswered undefined unknown user users visitor
""".split()  # noqa: SIM905

TAKEN = "This name is taken, or looks like one that is. Choose another."


def normalise(name: str) -> str:
    """The username as it is stored: NFKC, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def skeleton(name: str) -> str:
    """The confusables skeleton of a username: those with the same skeleton look alike, and only one can be taken."""
    seen = normalise(name).translate(_ARABIC)
    if not seen.isascii():
        seen = "".join(_plain_digit(character) for character in seen)
    for _ in range(4):  # a confusable may fold to a letter that has a confusable of its own
        before, seen = seen, unicodedata.normalize("NFKC", seen).casefold().translate(_look_alike_table())
        if seen == before:
            break
    return seen.replace("rn", "m").replace("vv", "w")


def _plain_digit(character: str) -> str:
    """A digit of any script as the ASCII one: ۳ and ٣ are one name."""
    digit = unicodedata.decimal(character, None)
    return character if digit is None or character.isascii() else str(digit)


def initials(name: str) -> str:
    """Two letters for the avatar: of the first two words, or of the only one."""
    words = [word for word in _WORD_ENDS.split(name) if word]
    letters = words[0][0] + words[1][0] if len(words) > 1 else "".join(words)[:2]
    return "".join(letter.upper()[0] for letter in letters)


def problem_with(name: str) -> str | None:
    """An error message for a username that cannot be taken, else None. No query."""
    name = normalise(name)
    return (
        _problem_with_length(name)
        or _problem_with_characters(name)
        or _problem_with_edges(name)
        or _problem_with_scripts(name)
        or _problem_with_words(name)
    )


def _problem_with_length(name: str) -> str | None:
    shortest = MIN_LENGTH if name.isascii() else MIN_LENGTH_ELSEWHERE
    if len(name) < shortest:
        return f"This name is too short: it needs at least {shortest} characters."
    if len(name) > MAX_LENGTH or len(skeleton(name)) > MAX_SKELETON_LENGTH:
        return f"This name is too long: {MAX_LENGTH} characters are allowed."
    return None


def _problem_with_characters(name: str) -> str | None:
    marks = 0
    for character in name:
        category = unicodedata.category(character)
        marks = marks + 1 if category[0] == "M" else 0
        if character in INVISIBLE or category[0] == "C" or category in {"Zl", "Zp"}:
            return "This name holds a character that cannot be seen. Type it again rather than pasting it."
        if not (category[0] in "LM" or category == "Nd" or character in " ._-" + TSHEG):
            return f"“{character}” cannot stand in a name. Use letters, digits, spaces and . _ -"
        if marks > 2:
            return "This name has too many marks on one letter."
    return None


def _problem_with_edges(name: str) -> str | None:
    if name[0] in ".-" or name[-1] in ".-":
        return "A name cannot begin or end with a dot or a hyphen."
    if unicodedata.category(name[0])[0] == "M":
        return "A name cannot begin with a mark: put the letter first."
    if not any(unicodedata.category(character)[0] in "LN" for character in name):
        return "A name needs a letter or a digit."
    if FILE_SUFFIX.search(name):
        return "A name cannot end like the name of a file."
    return None


def _problem_with_scripts(name: str) -> str | None:
    for word in _WORD_ENDS.split(name):
        scripts = {categories.alias(character) for character in word} - {"COMMON", "INHERITED"}
        if len(scripts) > 1 and not any(scripts <= mix for mix in MIXES):
            return "This name mixes letters of several alphabets in one word. Keep to one."
    return None


def _problem_with_words(name: str) -> str | None:
    words = _WORD_ENDS.split(name)
    parts, whole = [_bare(word) for word in words], _bare("".join(words))
    offices = {skeleton(word) for word in OFFICES}
    if whole in offices or any(part in offices or part.rstrip("o2345678l9") in offices for part in [*parts, whole]):
        return "This name could be taken for the staff of this site. Choose another."
    if whole in {skeleton(word) for word in TAKEN_WORDS}:
        return "This name is kept for the site itself. Choose another."
    return None


def _bare(word: str) -> str:
    """The skeleton without accents."""
    plain = (character for character in unicodedata.normalize("NFD", word) if unicodedata.category(character) != "Mn")
    return skeleton("".join(plain))


@cache
def _look_alike_table() -> dict[int, str]:
    """As `_look_alikes`, for str.translate, which is ten times as fast on long texts."""
    return {ord(character): plainest for character, plainest in _look_alikes().items()}


@cache
def _look_alikes() -> dict[str, str]:
    """Each confusable character, mapped to the one that represents its group."""
    plainest = {character: min(doubles, key=_plainest) for character, doubles in _families().items()}
    # Names are folded to small letters, so a small letter also is what its capital looks like: Вера and Bepa.
    for capital, doubles in _families().items():
        small = capital.lower()
        latin = min((double.lower() for double in doubles if double.isascii() and double.isalpha()), default="")
        if small != capital and len(small) == 1 and latin and not plainest.get(small, small).isascii():
            plainest[small] = latin
    # Capitals are folded before they are compared, so that I, l and 1 meet, and O and 0.
    return plainest | {"i": "l", "1": "l", "0": "o"}


@cache
def _families() -> dict[str, set[str]]:
    """Each confusable character, mapped to all that look like it."""
    families: dict[str, set[str]] = {}
    for character, doubles in confusables_data.items():
        for double in (entry["c"] for entry in doubles):
            if len(character) == len(double) == 1:
                joined = families.get(character, {character}) | families.get(double, {double})
                families |= dict.fromkeys(joined, joined)
    return families


def _plainest(character: str) -> tuple[bool, bool, bool, int]:
    folded = unicodedata.normalize("NFKC", character).casefold()
    is_ascii = character.isascii()
    return folded != character, not (is_ascii and character.isalpha()), not is_ascii, ord(character)
