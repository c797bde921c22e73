"""What is cut off and what is left out."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crossings.maps.clip import clip_line, clip_ring
from crossings.maps.projection import Box
from crossings.maps.simplify import area, simplify, simplify_ring

FRAME = Box(-12, -12, 112, 112)
POINTS = st.tuples(st.integers(-100, 200), st.integers(-100, 200))
LINES = st.lists(POINTS, min_size=2, max_size=30)
RINGS = st.lists(POINTS, min_size=3, max_size=30)


def is_in(point):
    return FRAME.left - 1e-6 <= point[0] <= FRAME.right + 1e-6 and FRAME.low - 1e-6 <= point[1] <= FRAME.high + 1e-6


def apart(point, start, end):
    """The distance of a point from a straight line."""
    right, down = end[0] - start[0], end[1] - start[1]
    length = right * right + down * down
    part = ((point[0] - start[0]) * right + (point[1] - start[1]) * down) / length if length else 0
    part = min(1, max(0, part))
    return math.dist(point, (start[0] + part * right, start[1] + part * down))


def nearest(point, line):
    return min(apart(point, start, end) for start, end in pairwise(line))


@given(LINES)
def test_pieces_of_a_line_lie_in_the_frame_and_on_the_line(line):
    for piece in clip_line(line, FRAME):
        assert len(piece) > 1
        assert all(is_in(point) and nearest(point, line) < 1e-6 for point in piece)


@given(LINES)
def test_no_part_of_a_line_in_the_frame_is_lost(line):
    pieces = clip_line(line, FRAME)

    for start, end in pairwise(line):
        for step in range(11):
            point = (start[0] + (end[0] - start[0]) * step / 10, start[1] + (end[1] - start[1]) * step / 10)
            if is_in(point):
                assert any(nearest(point, piece) < 1e-6 for piece in pieces)


def test_a_line_that_leaves_and_comes_back_is_two():
    first, second = clip_line([(0, 0), (0, 224), (50, 224), (50, 0)], FRAME)

    assert first == [(0, 0), (0, 112)]
    assert second == [(50, 112), (50, 0)]


@given(RINGS)
def test_nothing_of_a_ring_is_left_outside_of_the_frame(ring):
    clipped = clip_ring(ring, FRAME)

    assert all(is_in(point) for point in clipped)


@given(st.integers(-100, 200), st.integers(-100, 200), st.integers(1, 150), st.integers(1, 150))
def test_what_is_left_of_a_rectangle_is_its_part_in_the_frame(x, y, width, height):
    clipped = clip_ring([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], FRAME)

    across = min(x + width, FRAME.right) - max(x, FRAME.left)
    down = min(y + height, FRAME.high) - max(y, FRAME.low)
    assert math.isclose(area(clipped) if clipped else 0, max(0, across) * max(0, down), abs_tol=1e-6)


@given(LINES, st.floats(0.1, 20))
def test_a_simplified_line_keeps_its_ends_and_goes_nowhere_else(line, tolerance):
    simple = simplify(line, tolerance)

    assert (simple[0], simple[-1]) == (line[0], line[-1])
    assert set(simple) <= set(line)
    assert all(nearest(point, simple) <= tolerance + 1e-6 for point in line)


@given(RINGS, st.floats(0.1, 5))
def test_a_simplified_ring_keeps_only_its_own_points(ring, tolerance):
    simple = simplify_ring(ring, tolerance)

    assert simple[0] == ring[0]
    assert set(simple) <= set(ring)
