"""Addresses that a member typed without marks: which words of a plain text become links.

An address ends before closing and full-width punctuation, so that "…/visa。然后" links "…/visa". Without a scheme or
"www." only these are addresses, because a blank forgotten after a full stop makes words that look like hosts
("visa.It", "km.So", "Mr.Li", "readme.md"):
- hosts of a well-known ending (WELL_KNOWN): "booking.com";
- hosts of a country's ending, when a path follows ("evisa.kg/apply") or the host has two dots ("evisa.gov.kg");
never where a capital follows the dot of a lower-case word, and without a path never with a label of one letter
("e.g.in Osh"). With a scheme, "www." or "@" the host ends before such a capital, if it is whole without it:
"www.example.org.Then" links "www.example.org".

Two addresses with only a comma between them are two. Letters of scripts without blanks are part of a path, and no part
of an ASCII host that they touch: "请看www.example.org/a", "https://example.org谢谢".
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from linkify_it import LinkifyIt
from linkify_it.main import Match

# "example" is reserved for examples, such as those of our help.
WELL_KNOWN = {"com", "org", "net", "info", "edu", "gov", "example"}
# Closing, opening and full-width punctuation, and ends of sentences in any script, which are no part of an address.
ENDS = (
    "«»‹›“”„‟‘’‚‛…–—。．，、；：！？（）［］｛｝＜＞＂＇【】〖〗《》〈〉「」『』〔〕〘〙〝〞〟｡､｢｣⟨⟩❝❞؟،؛۔।॥"
    "։።፣፤፥፦፧፨၊။។៕།༎᠂᠃։՝՞՜׃"
)
MAX_LENGTH = 2_000  # of an address; the rest of a longer one is text
_SEGMENT = re.compile(f"[^{ENDS}]+")
_ADDRESS = re.compile(rf"[^{ENDS}\s]{{1,{MAX_LENGTH}}}")
# Where an address ends though its characters go on: at the next one, and at a mark of BBCode.
_NEXT = re.compile(
    r"[,;](?=https?://|www\.)|\[/?(?:b|code|color|email|i|img|list|quote|s|size|u|url)\b[^\]]*\]", re.IGNORECASE
)
# Letters of scripts without blanks: before a host without a scheme, and after an ASCII host.
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_IS_DENSE = re.compile(f"[{_DENSE}]")
_HEAD = re.compile(r"(?:https?://)?[^/]*", re.IGNORECASE)
_BEFORE_HOST = re.compile(
    rf"(?<=[{_DENSE}])(?=[a-z0-9][a-z0-9-]*\.[a-z]|[a-z0-9][a-z0-9.+_-]{{0,63}}@[a-z0-9])", re.IGNORECASE
)
_AFTER_HOST = re.compile(rf"(?<=[a-z])(?=[{_DENSE}][^.]*$)", re.IGNORECASE)
_PUNCTUATION = ".,;:!?'\"*|\\`"
# What a text with an address has, so that most texts are not searched.
_HINT = re.compile(r"://|\w\.\w|mailto:|@")
_FORGOTTEN_BLANK = re.compile(r"[a-z\d]\.[A-Z]")
_WWW = "www."
_HAS_WWW = re.compile(r"www\.", re.IGNORECASE)
# A whole host in small letters and without a path, and what follows its full stop without a blank.
_RUN_ON = re.compile(
    r"((?:[a-z]+://)?(?:[^\s/@]+@)?(?:www\.)?(?!www\.)(?:[a-z\d-]+\.)+[a-z\d-]+)\.[A-Z][^/@:]*", re.ASCII
)
_WORD = re.compile(r"\S+")
# A host of two to nine labels, and its port: bounded, unlike that of linkify-it, which reads "www.www. …" for seconds.
_HOST = r"[^\W_][\w-]{0,62}(?:\.[^\W_][\w-]{0,62}){1,8}(?::\d{1,5})?(?!\.?[\w-])"


def _finder_of_addresses() -> LinkifyIt:
    """linkify-it with our endings, and "www." before any host of two labels."""
    finder = LinkifyIt()
    finder.tlds(sorted(WELL_KNOWN), keep_old=True)
    after_www = re.compile(_HOST + finder.re["src_path"], re.IGNORECASE)

    def length(_finder: LinkifyIt, text: str, place: int) -> int:
        found = after_www.match(text, place)
        return len(found.group()) if found else 0

    def normalise(_finder: LinkifyIt, found: Match) -> None:
        found.schema, found.url = "", f"http://{found.url}"

    finder.add(_WWW, {"validate": length, "normalize": normalise})
    return finder


_finder = _finder_of_addresses()


class BareLink(NamedTuple):
    """An address within a text: where it stands, the address with its scheme, and the scheme as typed ("" if none)."""

    start: int
    end: int
    url: str
    scheme: str


def bare_links(text: str) -> Iterator[BareLink]:
    """The addresses of a plain text, in order."""
    if not _HINT.search(text):
        return
    for start, part in _parts(text):
        for found in _finder.match(part) or ():
            is_marked = found.schema or _HAS_WWW.match(found.raw)
            words = _trimmed(_without_next_sentence(found.raw) if is_marked else found.raw)
            if words and (found.schema or _is_address(words)):
                url = found.url.removesuffix(found.raw) + words
                yield BareLink(start + found.index, start + found.index + len(words), url, found.schema)


def link_at(text: str) -> str:
    """The address with a scheme at the beginning of a text, at most MAX_LENGTH characters; "" if there is none."""
    segment = _ADDRESS.match(text)
    found = _finder.match_at_start(next(_parts(segment.group()))[1]) if segment else None
    return _trimmed(_without_next_sentence(found.raw)) if found else ""


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Parts of a text within which addresses may stand, and where each begins."""
    for segment in _SEGMENT.finditer(text):
        here = segment.start()
        for border, after in [*_borders(segment.group()), (len(segment.group()),) * 2]:
            if segment.start() + border > here:
                yield here, text[here : segment.start() + border]
            here = segment.start() + after


def _borders(segment: str) -> list[tuple[int, int]]:
    """Where addresses end though their characters go on, and where the text goes on after it."""
    borders = [mark.span() for mark in _NEXT.finditer(segment)]
    if _IS_DENSE.search(segment):
        for word in _WORD.finditer(segment):
            head = _HEAD.match(word.group())[0] if _HINT.search(word.group()) else ""  # type: ignore[index]
            before = [] if "://" in head else [place.start() for place in _BEFORE_HOST.finditer(head)]
            places = [*before, *(place.start() for place in _AFTER_HOST.finditer(head))]
            borders += [(word.start() + place,) * 2 for place in places]
    return sorted(borders)


def _without_next_sentence(address: str) -> str:
    """An address without the word behind a full stop after which a blank was forgotten."""
    run_on = _RUN_ON.fullmatch(address)
    return run_on[1] if run_on else address


def _trimmed(address: str) -> str:
    """An address without punctuation and signs at its end, but where a part of it has nothing else: "/🇰🇬"."""
    end = len(address)
    while True:
        before = len(address[:end].rstrip(_PUNCTUATION))
        signs = before
        while signs and _is_sign(address[signs - 1]):
            signs -= 1
        is_whole = address[signs - 1 : signs] in {*"/=#&?"}
        if is_whole or address[signs : signs + 1] in {"\ufe0f", "\u20e3"}:  # a part of its own, or a key of a telephone
            signs = before
        if signs == end:
            return address[:end]
        end = signs


def _is_sign(character: str) -> bool:
    """Whether it is punctuation or a picture beyond ASCII, or a mark or joiner within one."""
    return not character.isascii() and (unicodedata.category(character)[0] in "PS" or character in "\u200d\ufe0f\u20e3")


def has_bare_link(text: str) -> bool:
    """Whether a plain text holds an address that a reader could follow."""
    return next(bare_links(text), None) is not None


def _is_address(words: str) -> bool:
    """Whether a match without a scheme is meant as an address."""
    host, slash, path = words.partition("/")
    labels = host.split(":")[0].split(".")
    if f"{labels[0].lower()}." == _WWW:
        return len(labels) > 2
    if _FORGOTTEN_BLANK.search(host):
        return False
    ending = labels[-1].lower()
    if ending in WELL_KNOWN:
        return True
    if len(ending) != 2:
        return False
    return bool(slash and path) or (len(labels) > 2 and min(len(label) for label in labels) > 1)
