import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.diff import Piece, compare, shortened


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("", "Open.", [("insert", "Open.")]),
        ("Open.", "", [("delete", "Open.")]),
        ("On Monday.", "On Sunday.", [("equal", "On "), ("delete", "Monday"), ("insert", "Sunday"), ("equal", ".")]),
        ("Торугарт открыт", "Торугарт закрыт", [("equal", "Торугарт "), ("delete", "открыт"), ("insert", "закрыт")]),
    ],
)  # fmt: skip
def test_words_are_kept_removed_or_added(before, after, expected):
    assert compare(before, after) == [Piece(*piece) for piece in expected]


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_pieces_give_both_texts_back(before, after):
    pieces = compare(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "insert") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "delete") == after


def test_long_passages_without_a_change_are_cut():
    same = "word " * 500

    start, removed, added, end = shortened(compare(f"{same}old {same}", f"{same}new {same}"))

    assert (removed.text, added.text) == ("old", "new")
    assert start.text.startswith(" … ")
    assert end.text.endswith(" … ")
    assert len(start.text) < 300
