"""Names on a map never overlap, and never leave it."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.maps.labels import CROSSING, TOWN, Labels, width_of
from crossings.maps.projection import Box

SPOTS = st.tuples(st.text("Torugartmw 吐", min_size=1, max_size=14), st.integers(0, 400), st.integers(0, 300))


@given(st.lists(SPOTS, max_size=25))
def test_names_overlap_neither_each_other_nor_the_edge(spots):
    taken = Labels(400, 300)

    for text, x, y in spots:
        taken.place(text, x, y, CROSSING, 8)

    assert not any(one.touches(other) for one, other in combinations(taken.taken, 2))
    assert all(taken.frame.holds(box.left, box.low) and taken.frame.holds(box.right, box.high) for box in taken.taken)


def test_the_first_free_place_is_taken():
    taken = Labels(400, 300)

    anchors = [label.anchor for label in (taken.place("Osh", 200, 150, TOWN, 6) for _ in range(2)) if label]

    assert anchors == ["start", "end"]


def test_beside_a_mark_there_are_places_above_and_below_too():
    taken = Labels(400, 300)
    taken.take(Box(192, 142, 208, 158))

    names = [taken.place("Osh", 200, 150, CROSSING, 10) for _ in range(4)]

    assert [name and name.anchor for name in names] == ["start", "end", "middle", "middle"]


def test_what_fits_nowhere_is_left_out():
    assert Labels(60, 30).place("A very long name indeed", 30, 15, TOWN, 6) is None


def test_what_is_to_be_spared_is_covered_only_where_nothing_else_is_free():
    right, left = Box(206, 140, 210, 160), Box(170, 140, 194, 160)
    taken = Labels(400, 300)

    beside = taken.place("Osh", 200, 150, TOWN, 6, spare=[right])
    anyhow = Labels(400, 300).place("Osh", 200, 150, TOWN, 6, spare=[Box(0, 0, 400, 300)])

    assert not taken.taken[0].touches(right)
    assert taken.taken[0].touches(left)
    assert (beside.anchor, anyhow.anchor) == ("end", "start")


@pytest.mark.parametrize(("side", "anchor"), [((1, 0), "start"), ((-3, 1), "end"), ((0, 2), "middle")])
def test_a_name_can_be_kept_to_one_side(side, anchor):
    assert Labels(400, 300).place("Osh", 200, 150, TOWN, 6, side=side).anchor == anchor


def test_a_longer_name_is_wider_and_so_are_other_scripts():
    assert width_of("Irkeshtam", TOWN) < width_of("Irkeshtam Pass", TOWN)
    assert width_of("吐尔尕特", TOWN) > width_of("tttt", TOWN)
