"""The maps themselves: of all crossings, every region and every country."""

import csv
import gzip
import math
import re
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import shapely
from shapely import Point, Polygon

from crossings.editorial.importer import CROSSINGS
from crossings.maps import extents, sheets
from crossings.maps.atlas import WINDOW, Atlas
from crossings.maps.extents import REGIONS
from crossings.maps.land import NOT_AGREED, SETTLED, land_in
from crossings.maps.projection import Extent, Lambert
from crossings.maps.svg import draw
from crossings.models import Crossing

ATLAS = Atlas()
# The border runs in the water, where Natural Earth has no line.
IN_THE_WATER = {
    "woodlands", "tuas-second-link", "fray-bentos-gualeguaychu", "king-fahd-causeway", "hzmb-bridge",
    "eurotunnel-folkestone-coquelles", "gongbei-portas-do-cerco",
}  # fmt: skip
# Four countries meet there, and whose line it is nobody agrees.
WHERE_FOUR_MEET = {"kazungula"}
# Natural Earth has a country of its own between the two.
DRAWN_AS = {"MAMR": "EHMR", "ETSO": "ETXS", "DJSO": "DJXS"}


@cache
def the_crossings():
    with CROSSINGS.open(encoding="utf-8-sig", newline="") as file:
        return [
            Crossing(
                pk=number,
                slug=row["slug"],
                name=row["name"],
                country_a_id=row["country_a"],
                country_b_id=row["country_b"],
                longitude=float(row["longitude"]),
                latitude=float(row["latitude"]),
                kind=row["kind"],
            )
            for number, row in enumerate(csv.DictReader(file), 1)
        ]


def named(slug):
    return next(crossing for crossing in the_crossings() if crossing.slug == slug)


def on_land():
    return [one for one in the_crossings() if one.kind != "ferry" and one.slug not in IN_THE_WATER | WHERE_FOUR_MEET]


def km_to_border(crossing):
    """From a crossing to the nearest line between its two countries."""
    pair = crossing.country_a_id + crossing.country_b_id
    pair = DRAWN_AS.get(pair, pair)
    view = Lambert(Extent(crossing.longitude, crossing.latitude, 100, 1000, 1000))
    distances = [math.inf]
    for border in ATLAS.detail["borders"]:
        if border.told["ab"] != pair or not border.box.touches(view.bounds):
            continue
        line = [view.to_pixels(*point) for point in border.lines[0]]
        distances += [distance((500, 500), *ends) for ends in pairwise(line)]
    return min(distances) / view.pixels_per_km


def distance(point, start, end):
    right, down = end[0] - start[0], end[1] - start[1]
    length = right * right + down * down or 1
    part = min(1, max(0, ((point[0] - start[0]) * right + (point[1] - start[1]) * down) / length))
    return math.dist(point, (start[0] + part * right, start[1] + part * down))


def test_each_crossing_lies_on_the_line_of_its_two_countries():
    far = {one.slug: km for one in on_land() if (km := km_to_border(one)) > 5}

    assert far == {}
    assert len(on_land()) == 700


@pytest.mark.parametrize(
    "slug",
    [
        "torugart",
        "khorgos",
        "sarp",
        "wagah",
        "woodlands",
        "paso-jama",
        "beitbridge",
        "goma-gisenyi",
        "nogales",
        "sweetgrass-coutts",
        "guerguerat",
        "san-sebastian",
        "skouw-wutung",
    ],
)
def test_the_map_of_a_crossing_is_well_formed_and_small(slug):
    crossing = named(slug)
    (sheet,) = sheets.of_crossing(crossing, the_crossings())

    drawing = draw(ATLAS, *sheet)

    assert len(gzip.compress(drawing.svg.encode())) < 5_000
    root = ElementTree.fromstring(f"<svg>{drawing.svg}</svg>")  # noqa: S314 (ours)
    assert {element.tag for element in root.iter()} <= {"svg", "g", "path", "text"}
    assert not any(name in element.attrib for element in root.iter() for name in ("style", "href", "id", "onload"))
    assert str(crossing.pk) in drawing.labels


def test_every_crossing_has_a_map_with_itself_and_dense_lands_a_closer_one():
    crossings = the_crossings()

    found = [sheets.of_crossing(crossing, crossings) for crossing in crossings]

    assert all(len(wanted) == 1 and wanted[0].focus in [place.pk for place in wanted[0].places] for wanted in found)
    closer = {one.slug for one in crossings if extents.round_crossing(one.longitude, one.latitude).km == 250}
    assert {"wagah", "lars", "goma-gisenyi", "allenby-king-hussein", "las-manos"} <= closer
    assert not {"torugart", "irkeshtam", "khorgos"} & closer


def test_regions_share_no_crossing_and_their_maps_show_all_of_them():
    crossings = the_crossings()
    homes = [[region.slug for region in REGIONS if region.holds(one.longitude, one.latitude)] for one in crossings]

    assert all(len(home) == 1 for home in homes)
    for region in REGIONS:
        there = {one.pk for one in crossings if region.holds(one.longitude, one.latitude)}
        drawn = {place.pk for sheet in sheets.of_region(region, crossings) for place in sheet.places}
        assert there == drawn


def test_the_maps_of_a_country_show_all_of_its_crossings():
    for code in {code for one in the_crossings() for code in (one.country_a_id, one.country_b_id)}:
        crossings = [one for one in the_crossings() if code in (one.country_a_id, one.country_b_id)]
        wanted = sheets.of_country(crossings)
        assert {place.pk for sheet in wanted for place in sheet.places} == {one.pk for one in crossings}
        assert len(wanted) <= extents.MOST_MAPS


# Every fourth in the suite, and as a proof all.
@pytest.mark.parametrize(
    "region",
    [
        pytest.param(region, id=region.slug, marks=pytest.mark.proof if number % 4 else ())
        for number, region in enumerate(REGIONS)
    ],
)
def test_the_maps_of_a_region_are_not_heavy(region):
    for sheet in sheets.of_region(region, the_crossings()):
        drawing = draw(ATLAS, *sheet)

        assert len(gzip.compress(drawing.svg.encode())) < 20_000
        ElementTree.fromstring(f"<svg>{drawing.svg}</svg>")  # noqa: S314 (ours)


def test_lines_that_are_not_agreed_are_dotted_and_limits_of_overlays_are_not_drawn():
    kashmir = draw(ATLAS, Extent(76, 34.5, 900), [])
    kyrgyzstan = draw(ATLAS, Extent(75, 41, 600), [])
    layers, view = ATLAS.overview, Lambert(Extent(63, 45.5, 900))
    drawn = sum(border.told["k"] in SETTLED | NOT_AGREED for border in layers["borders"])

    assert kashmir.has_disputed
    assert "m-disputed" in kashmir.svg
    assert not kyrgyzstan.has_disputed
    assert drawn < len(layers["borders"])
    assert land_in(layers, view).settled


def test_leased_ground_is_land_like_all_round_it():
    """Baikonur: Natural Earth leaves a hole in Kazakhstan there, in which no country lies."""
    view = Lambert(Extent(63.4, 45.95, 900))

    land = land_in(ATLAS.overview, view)

    baikonur = Point(view.to_pixels(63.4, 45.95))
    assert sum(Polygon(outline).contains(baikonur) for _, outline in land.countries) % 2 == 1  # as paths are filled


def test_countries_within_others_keep_their_ground():
    inside = [shape for shape in ATLAS.detail["countries"] if shape.told["c"] == "KG" and len(shape.lines) > 1]

    assert sum(len(shape.lines) - 1 for shape in inside) == 3


def test_maps_of_countries_and_regions_show_the_world_that_we_know_alone():
    wanted = [sheet for sheet in sheets.all_sheets(the_crossings()) if sheet.focus is None]

    seen = [extents.bounds_of(sheet.extent) for sheet in wanted]

    assert [sheet.extent for sheet, box in zip(wanted, seen, strict=True) if not WINDOW.surrounds(box)] == []


def test_maps_round_crossings_are_drawn_from_the_detail_and_never_where_it_ends():
    """Outside of the covered boxes the detail's lines are coarse, and must not be seen."""
    views = [Lambert(extents.round_crossing(one.longitude, one.latitude)) for one in the_crossings()]

    assert all(ATLAS.layers_of(view) is ATLAS.detail for view in views)
    assert ATLAS.layers_of(Lambert(Extent(-140, 0, 400))) is ATLAS.overview  # the middle of the Pacific


def area_of(country, extent):
    land = land_in(ATLAS.overview, Lambert(extent))
    return sum(Polygon(outline).area for code, outline in land.countries if code == country)


def test_a_country_goes_on_beyond_the_antimeridian():
    """The same land from either side of it, on a map round 180 degrees east and one round 180 degrees west."""
    east, west = area_of("RU", Extent(179.9, 66, 900)), area_of("RU", Extent(-179.9, 66, 900))

    assert east > 100_000
    assert west == pytest.approx(east, rel=0.05)
    assert area_of("RU", Extent(10, 66, 900)) == 0  # and none of it lies across the rest of the world
    assert area_of("FJ", Extent(178.5, -17.5, 700)) > 3_000


def test_no_coast_is_drawn_along_the_antimeridian():
    land = land_in(ATLAS.overview, Lambert(Extent(180, 67, 600)))

    lines = [shapely.LineString(line) for line in land.ground]
    middle = shapely.box(388, 20, 392, 420)
    assert max((line.intersection(middle).length for line in lines), default=0) < 60


def test_a_border_along_a_parallel_stays_on_it():
    """Told by its two ends, 1,600 km apart, it would be drawn 28 km off."""
    view = Lambert(Extent(-112, 49, 400))
    land = land_in(ATLAS.detail, view)

    for x in (100, 390, 680):
        _, y = view.to_pixels(view.to_degrees(x, 220)[0], 49)
        assert min(shapely.LineString(line).distance(shapely.Point(x, y)) for line in land.settled) < 2


def test_faces_that_cross_themselves_are_repaired_before_they_are_cut():
    views = [Lambert(extent) for region in REGIONS for extent in region.extents]

    found = [Polygon(outline) for view in views for _, outline in land_in(ATLAS.layers_of(view), view).countries]

    broken = [one for one in found if not one.is_valid and shapely.make_valid(one).area < 0.98 * one.area]
    assert broken == []


@pytest.mark.parametrize(
    ("pair", "place"),
    [
        ("INPK", (74.2, 34.6)), ("CNIN", (78.7, 33.5)), ("CNXG", (77.2, 35.6)), ("EHMR", (-15.5, 21.33)),
        ("ILSY", (35.8, 33.0)), ("RSXK", (20.9, 43.2)), ("CYXN", (33.3, 35.15)),
    ],
)  # fmt: skip
def test_lines_of_control_and_claims_are_dotted_within_a_border_that_is_settled_elsewhere(pair, place):
    view = Lambert(Extent(*place, 300))
    there = [
        border for border in ATLAS.overview["borders"] if border.told["ab"] == pair and border.box.touches(view.bounds)
    ]

    def far(border):
        return shapely.LineString(border.lines[0]).distance(shapely.Point(place))

    assert min(there, key=far).told["k"] in NOT_AGREED


def test_the_agreed_part_of_that_border_is_not():
    punjab = [border for border in ATLAS.overview["borders"] if border.told["ab"] == "INPK"]

    nearest = min(punjab, key=lambda border: shapely.LineString(border.lines[0]).distance(shapely.Point(74.57, 31.6)))
    assert nearest.told["k"] in SETTLED


def names_on(slug):
    """The names of towns on the map of a crossing."""
    (sheet,) = sheets.of_crossing(named(slug), the_crossings())
    drawn = draw(ATLAS, *sheet).svg.split('<g class="m-town">')[1].split("</g>")[0]
    return re.findall(">([^<]+)</text>", drawn)


@pytest.mark.parametrize(
    ("slug", "town"),
    [
        ("dostuk-dustlik", "Osh"),  # under the mark
        ("woodlands", "Johor Bahru"),
        ("pazarkule", "Edirne"),  # under the name of the crossing
        ("hairatan", "Termiz"),
        ("sariasiya", "Dushanbe"),  # under the name of a country
        ("bab-al-hawa", "Aleppo"),  # nearest to no crossing, but a big city
        ("paso-jama", "San Pedro de Atacama"),
        ("beitbridge", "Musina"),
        ("rosso", "Saint-Louis"),
        ("detroit-windsor", "Windsor"),
    ],
)
def test_the_towns_that_travellers_look_for_are_named(slug, town):
    assert town in names_on(slug)


@pytest.mark.parametrize("slug", ["khorgos", "mae-sai"])
def test_a_town_under_a_mark_of_its_name_is_not_named_twice(slug):
    assert named(slug).name.split(" / ")[0] not in names_on(slug)


def test_the_scale_bar_keeps_off_borders_where_a_corner_is_free():
    (sheet,) = sheets.of_crossing(named("nathu-la"), the_crossings())

    bar = draw(ATLAS, *sheet).svg.split('<g class="m-scale">')[1]

    assert int(re.search(r"M(\d+) ", bar)[1]) > 400


def test_the_sea_is_drawn_only_where_there_is_a_coast():
    assert "m-sea" not in draw(ATLAS, Extent(75.4, 40.5, 400), []).svg
    assert "m-sea" in draw(ATLAS, Extent(41.5, 41.5, 250), []).svg


def test_the_same_map_is_drawn_the_same_and_another_name_makes_another():
    crossing = named("torugart")
    (sheet,) = sheets.of_crossing(crossing, the_crossings())
    other = sheet._replace(places=tuple(place._replace(name="Renamed") for place in sheet.places))

    assert draw(ATLAS, *sheet) == draw(ATLAS, *sheet)
    assert sheet.key != other.key
    assert re.fullmatch("[0-9a-f]{64}", sheet.key)
