"""What of the world is in view of a map: clipped to its frame and simplified."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Polygon, box, make_valid

from crossings.maps.atlas import Atlas
from crossings.maps.land import MARGIN, MOST_OF_WIDE, MOST_POINTS, SMALLEST_ISLAND, TOLERANCE, land_in
from crossings.maps.projection import Box, Extent, Lambert
from crossings.maps.topology import Shape

ATLAS = Atlas()
VIEW = Lambert(Extent(75, 41, 400, 100, 100))
MAP = box(0, 0, 100, 100)
FRAME = box(-MARGIN, -MARGIN, 100 + MARGIN, 100 + MARGIN)
HALF_A_RIBBON = 4  # pixels
POINTS = st.tuples(st.integers(-100, 200), st.integers(-100, 200))


def shape(*points, **told):
    """A line or an outline through these pixels of the map."""
    line = [VIEW.to_degrees(*point) for point in points]
    return Shape(told, [line], Box.around(line))


def land(**layers):
    return land_in({"countries": [], "lakes": [], "rivers": [], "borders": []} | layers, VIEW)


@given(st.lists(POINTS, min_size=2, max_size=30, unique=True))
def test_pieces_of_a_line_are_its_part_in_the_frame(points):
    found = land(rivers=[shape(*points)]).rivers

    pieces = MultiLineString(found)
    assert pieces.difference(FRAME.buffer(1e-6)).is_empty
    assert pieces.difference(LineString(points).buffer(2 * TOLERANCE)).is_empty
    assert LineString(points).intersection(MAP).difference(pieces.buffer(2 * TOLERANCE)).is_empty


def test_a_line_that_leaves_and_comes_back_is_two():
    found = land(rivers=[shape((0, 0), (0, 224), (50, 224), (50, 0))]).rivers

    assert [[(round(x), round(y)) for x, y in piece] for piece in found] == [[(0, 0), (0, 112)], [(50, 112), (50, 0)]]


@pytest.mark.parametrize("size", [50, 100, 1000])
def test_what_is_left_of_a_square_is_its_part_in_the_frame(size):
    square = [(20, 20), (20 + size, 20), (20 + size, 20 + size), (20, 20 + size), (20, 20)]

    ((code, outline),) = land(countries=[shape(*square, c="KG")]).countries

    side = min(size, 112 - 20)
    assert code == "KG"
    assert Polygon(outline).area == pytest.approx(side * side, rel=0.001)


def test_a_country_that_reaches_into_the_map_with_two_arms_is_two_outlines():
    arms = [(10, -90), (10, 50), (30, 50), (30, -50), (70, -50), (70, 50), (90, 50), (90, -90), (10, -90)]

    found = land(countries=[shape(*arms, c="KG")]).countries

    assert [code for code, _ in found] == ["KG", "KG"]
    assert all(Polygon(outline).area == pytest.approx(20 * 62, rel=0.001) for _, outline in found)


@pytest.mark.parametrize(("side", "count"), [(SMALLEST_ISLAND * 0.9, 0), (SMALLEST_ISLAND * 3, 1)])
def test_an_island_too_small_to_be_seen_is_left_out(side, count):
    island = [(50, 50), (50 + side, 50), (50 + side, 50 + side), (50, 50 + side), (50, 50)]

    assert len(land(countries=[shape(*island, c="KG")]).countries) == count


def test_points_that_nobody_would_miss_are_left_out_and_others_stay():
    (river,) = land(
        rivers=[shape((10, 10), (30, 10 + TOLERANCE / 2), (50, 10), (70, 10 + 4 * TOLERANCE), (90, 10))]
    ).rivers

    assert len(river) == 4


def test_neighbours_are_one_land_and_the_sea_that_they_surround_is_none():
    west = [(10, 10), (50, 10), (50, 30), (30, 30), (30, 60), (50, 60), (50, 90), (10, 90), (10, 10)]
    east = [(50, 10), (90, 10), (90, 90), (50, 90), (50, 60), (70, 60), (70, 30), (50, 30), (50, 10)]

    found = land(countries=[shape(*west, c="KZ"), shape(*east, c="TM")])

    assert sorted(round(Polygon(ring).area) for ring in found.ground) == [40 * 30, 80 * 80]
    assert [code for code, _ in found.countries] == ["KZ", "TM"]
    assert found.has_sea


def test_land_all_over_the_map_has_no_sea():
    everywhere = [(-200, -200), (300, -200), (300, 300), (-200, 300), (-200, -200)]

    assert not land(countries=[shape(*everywhere, c="KZ")]).has_sea


@pytest.mark.parametrize(
    ("extent", "most"),
    [(Extent(121, -2.5, 4700, 780, 560), MOST_OF_WIDE), (Extent(29.5, 65.2, 1900, 780, 560), MOST_POINTS)],
    ids=["Indonesia", "Lapland"],
)
def test_a_map_of_many_islands_or_lakes_is_drawn_more_coarsely_until_it_is_light(extent, most):
    view = Lambert(extent)

    found = land_in(ATLAS.layers_of(view), view)

    assert 0.6 * most < found.points <= most


@pytest.mark.parametrize(
    "extent",
    [Extent(21.5, 42.2, 800), Extent(103, 12, 2000), Extent(-70, -33, 1200)],
    ids=["Balkans", "Mekong", "Andes"],
)
def test_a_simplified_border_stays_on_the_simplified_land_or_on_its_coast(extent):
    """Half of the ribbon along a border is wider than both are off."""
    view = Lambert(extent)
    found = land_in(ATLAS.layers_of(view), view)

    ground = Polygon()
    for ring in found.ground:  # as it is filled: a ring within another one is a sea
        ground = ground.symmetric_difference(make_valid(Polygon(ring)))
    borders = MultiLineString([*found.settled, *found.disputed]).intersection(box(0, 0, extent.width, extent.height))
    assert borders.length > 100
    assert borders.difference(ground.buffer(HALF_A_RIBBON)).is_empty


def test_a_process_that_draws_no_map_loads_neither_shapely_nor_numpy():
    """They take some 18 MB of memory and 65 ms of a start."""
    code = "import sys, config.wsgi, config.urls, crossings.maps.panels; print({'shapely', 'numpy'} & set(sys.modules))"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "set()"
