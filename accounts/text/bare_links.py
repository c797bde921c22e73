"""Addresses that a member typed without marks: which words of a plain text become links.

An address ends before closing and full-width punctuation, so that "…/visa。然后" links "…/visa". Without a scheme or
"www." only these are addresses, because a blank forgotten after a full stop makes words that look like hosts
("visa.It", "km.So", "Mr.Li", "readme.md"):
- hosts of a well-known ending (WELL_KNOWN): "booking.com";
- hosts of a country's ending, when a path follows ("evisa.kg/apply") or the host has two dots ("evisa.gov.kg");
never where a capital follows the dot of a lower-case word, and without a path never with a label of one letter
("e.g.in Osh").
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from linkify_it import LinkifyIt
from linkify_it.main import Match

# "example" is reserved for examples, such as those of our help.
WELL_KNOWN = {"com", "org", "net", "info", "edu", "gov", "example"}
# Closing, opening and full-width punctuation that is no part of an address.
ENDS = "«»‹›“”„‘’‚…–—。．，、；：！？（）【】《》〈〉「」『』〔〕｡､｢｣؟،؛۔।॥"
MAX_LENGTH = 2_000  # of an address; the rest of a longer one is text
_SEGMENT = re.compile(f"[^{ENDS}]+")
_ADDRESS = re.compile(rf"[^{ENDS}\s]{{1,{MAX_LENGTH}}}")
# What a text with an address has, so that most texts are not searched.
_HINT = re.compile(r"://|\w\.\w|mailto:|@")
_FORGOTTEN_BLANK = re.compile(r"[a-z\d]\.[A-Z]")
_WWW = "www."
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
    for segment in _SEGMENT.finditer(text):
        for found in _finder.match(segment.group()) or ():
            if found.schema or _is_address(found.text):
                start = segment.start()
                yield BareLink(start + found.index, start + found.last_index, found.url, found.schema)


def link_at(text: str) -> str:
    """The address with a scheme at the beginning of a text, at most MAX_LENGTH characters; "" if there is none."""
    segment = _ADDRESS.match(text)
    found = _finder.match_at_start(segment.group()) if segment else None
    return found.url if found else ""


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
