"""Word diff of two texts."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Words of unchanged text shown on either side of a change; the rest is replaced by an ellipsis.
CONTEXT_WORDS = 40


@dataclass(frozen=True)
class Piece:
    """Consecutive words of one `kind`: "equal", "insert" or "delete"."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The diff in order: "equal" and "delete" pieces make the first text, "equal" and "insert" pieces the second."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces = []
    for step in Indel.opcodes(old, new):
        words = new[step.dest_start : step.dest_end] if step.tag == "insert" else old[step.src_start : step.src_end]
        pieces.append(Piece(step.tag, "".join(words)))
        if [piece.kind for piece in pieces[-2:]] == ["insert", "delete"]:
            pieces[-2:] = pieces[:-3:-1]  # deletions before insertions
    return pieces


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The same pieces, with long unchanged ones cut to CONTEXT_WORDS around the changes."""
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
