"""What changed from one text to another, word by word."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Unchanged text between two changes is shown up to here on either side; the rest is folded into one sign.
CONTEXT_WORDS = 40


@dataclass(frozen=True)
class Piece:
    """Some words that were kept, added or removed; `kind` is "equal", "insert" or "delete"."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order: kept and removed ones make the first, kept and added ones the second."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces = []
    for step in Indel.opcodes(old, new):
        words = new[step.dest_start : step.dest_end] if step.tag == "insert" else old[step.src_start : step.src_end]
        pieces.append(Piece(step.tag, "".join(words)))
        if [piece.kind for piece in pieces[-2:]] == ["insert", "delete"]:
            pieces[-2:] = pieces[:-3:-1]  # what went is read before what came
    return pieces


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The same pieces, with long unchanged passages cut to the words around the changes."""
    last = len(pieces) - 1
    return [
        _short(piece, is_first=place == 0, is_last=place == last) if piece.kind == "equal" else piece
        for place, piece in enumerate(pieces)
    ]


def _short(piece: Piece, *, is_first: bool, is_last: bool) -> Piece:
    words = _WORDS.findall(piece.text)
    if len(words) <= 2 * CONTEXT_WORDS:
        return piece
    start = [] if is_first else words[:CONTEXT_WORDS]
    end = [] if is_last else words[-CONTEXT_WORDS:]
    return Piece(piece.kind, "".join([*start, " … ", *end]))
