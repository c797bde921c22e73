"""From degrees to pixels and back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.maps import drawn_maps, extents
from crossings.maps.projection import Extent, Lambert
from tests.crossings.factories import make_crossing

EXTENTS = st.builds(
    Extent, st.floats(-180, 180), st.floats(-56, 71), st.integers(100, 4_000), st.just(780), st.sampled_from([440, 560])
)


@given(EXTENTS, st.floats(0, 780), st.floats(0, 440))
def test_there_and_back_again(extent, x, y):
    view = Lambert(extent)

    assert view.to_pixels(*view.to_degrees(x, y)) == pytest.approx((x, y), abs=1e-4)


@given(EXTENTS)
def test_the_middle_is_in_the_middle_and_north_is_up(extent):
    view = Lambert(extent)

    x, y = view.to_pixels(extent.longitude, extent.latitude)

    assert (x, y) == pytest.approx((390, extent.height / 2), abs=1e-6)
    assert view.to_pixels(extent.longitude, extent.latitude + 0.1)[1] < y
    assert view.to_pixels(extent.longitude + 0.1, extent.latitude)[0] > x


@given(st.floats(-180, 180), st.floats(-56, 71))
def test_kilometres_are_true_round_a_crossing(longitude, latitude):
    view = Lambert(Extent(longitude, latitude, 400))

    x, y = view.to_pixels(longitude, latitude + math.degrees(50 / 6371))

    assert math.hypot(x - 390, y - 220) == pytest.approx(50 * 780 / 400, rel=0.001)


@given(EXTENTS, st.floats(0, 1), st.floats(0, 1))
def test_the_bounds_hold_all_of_the_map(extent, right, down):
    view = Lambert(extent)
    left, low, east, high = view.bounds

    longitude, latitude = view.to_degrees(780 * right, extent.height * down)

    assert left - 0.05 <= longitude <= east + 0.05
    assert low - 0.05 <= latitude <= high + 0.05


@pytest.mark.parametrize("latitude", [-90, -89.5, 85, 88, 89.39, 90])
@given(st.integers(100, 4_000), st.sampled_from([440, 560]), st.floats(-180, 180))
def test_a_map_of_a_pole_has_edges_and_places(latitude, km, height, longitude):
    view = Lambert(Extent(26.85, latitude, km, 780, height))

    assert all(math.isfinite(number) for number in (*view.bounds, *view.to_pixels(longitude, latitude)))
    assert all(math.isfinite(number) for number in view.to_degrees(390, height / 2))


def test_what_was_entered_beyond_any_border_takes_no_page_and_no_map_away(db, client):
    swapped = make_crossing(name="Swapped", latitude=89.39, longitude=26.85)
    make_crossing(name="Near", latitude=40.5, longitude=75.4)

    assert not drawn_maps.draw_missing(1_000)
    assert client.get(swapped.get_absolute_url()).status_code == 200
    assert client.get("/countries/kg/").status_code == 200
    assert client.get(f"/crossings/?region={extents.REGIONS[0].slug}").status_code == 200
