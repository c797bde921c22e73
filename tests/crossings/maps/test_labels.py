"""Names on a map never overlap, and never leave it."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from crossings.maps.labels import CROSSING, TOWN, Labels, width_of

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


def test_what_fits_nowhere_is_left_out():
    assert Labels(60, 30).place("A very long name indeed", 30, 15, TOWN, 6) is None


def test_a_longer_name_is_wider_and_so_are_other_scripts():
    assert width_of("Irkeshtam", TOWN) < width_of("Irkeshtam Pass", TOWN)
    assert width_of("吐尔尕特", TOWN) > width_of("tttt", TOWN)
