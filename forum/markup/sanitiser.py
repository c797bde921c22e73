"""The sanitiser: bleach with our own allow-lists. All HTML of what members typed comes out of it."""

import re
from functools import lru_cache

from bleach.sanitizer import Cleaner

from forum.markup import addresses
from forum.markup.tokens import ALIGNMENTS

TAGS = {
    "a", "blockquote", "br", "cite", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def sanitise(html: str) -> str:
    """Any HTML, sanitised as a whole."""
    return _with_entities(_cleaned(_TEXT_BETWEEN_TAGS.sub(_without_entities, html)))


def _cleaned(html: str) -> str:
    # A new Cleaner for each call, because it is not thread-safe.
    return Cleaner(tags=TAGS, attributes=_allows, protocols=addresses.SCHEMES, strip=True).clean(html)


def _allows(tag: str, name: str, value: str) -> bool:
    """Allow-list of attributes: safe `href`, our own `rel`, `dir`, alignment of cells, and `start` of an <ol>."""
    if name == "dir":
        return value == "auto"
    if tag == "a":
        return (name == "href" and addresses.is_safe(value)) or (name == "rel" and value == "nofollow ugc noopener")
    if tag in {"td", "th"}:
        return name == "class" and value in ALIGNMENTS
    return tag == "ol" and name == "start" and value.isdecimal()


# Escaped characters of text as one character each, which `clean` takes out of every source: bleach reads entities
# letter by letter. What it lets through is escaped again, so nothing passes that it did not see as text.
_ENTITIES = {"&amp;": "\U0010fff0", "&lt;": "\U0010fff1", "&gt;": "\U0010fff2"}
_TEXT_BETWEEN_TAGS = re.compile(r"(?:^|(?<=>))[^<>]*&[^<>]*")


def _without_entities(text: re.Match[str]) -> str:
    words = text.group().replace("&quot;", '"')
    for entity, character in _ENTITIES.items():
        words = words.replace(entity, character)
    return words


def _with_entities(html: str) -> str:
    for entity, character in _ENTITIES.items():
        html = html.replace(character, entity)
    return html


# --- One letter for the words ---

_WORDS = "\U0010fff3"  # stands for the words between two tags; `clean` takes it out of every source, too
LONGEST_KEPT = 1_000  # characters
_TAG = re.compile(r'(</?[a-z]+(?: [a-z]+="[^"<>]*")*(?: ?/)?>)')
_BLANKS = " \t\n"  # HTML may treat them in another way where words begin or end
# What bleach would change or read otherwise than as a word.
_NO_WORD = re.compile(f"[<>&\\x00-\\x08\\x0b-\\x1f{_WORDS}]")


def sanitise_block(html: str) -> str:
    """The HTML of one block, as our renderer made it, sanitised: the same as by `sanitise`, at a fraction of its cost.

    bleach is shown every tag with its attributes, and one letter for the words between two tags, and what it answers
    is kept: most paragraphs of a forum have the same few shapes. The words are put back where it left the letters, and
    they hold nothing that could be a tag or an entity. HTML of any other form goes through bleach as it is.
    """
    parts = _TAG.split(_TEXT_BETWEEN_TAGS.sub(_without_entities, html))
    words = []
    for place in range(0, len(parts), 2):
        word = parts[place].strip(_BLANKS)
        if not word:
            continue
        if _NO_WORD.search(word):
            return sanitise(html)
        parts[place] = parts[place].replace(word, _WORDS, 1)
        words.append(word)
    shape = "".join(parts)
    cleaned = _kept_shape(shape) if len(shape) <= LONGEST_KEPT else _cleaned_shape(shape)
    if cleaned is None or len(cleaned) != len(words) + 1:
        return sanitise(html)
    return _with_entities("".join(map("".join, zip(cleaned, [*words, ""], strict=True))))


def _cleaned_shape(html: str) -> tuple[str, ...] | None:
    """What bleach leaves of a shape, cut at the letters for words; None where one of them does not stand between tags,
    or may have changed its place, as in tables."""
    cleaned = _cleaned(html)
    texts = "".join(_TAG.split(cleaned)[::2])
    if "<" in texts or "<table" in html or texts.count(_WORDS) != cleaned.count(_WORDS):
        return None
    return tuple(cleaned.split(_WORDS))


_kept_shape = lru_cache(maxsize=2_000)(_cleaned_shape)
