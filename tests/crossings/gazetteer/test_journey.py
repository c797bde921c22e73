"""By which crossing a journey leads, where only cities and countries are named."""

import pytest

from crossings.gazetteer import journey
from crossings.gazetteer.cities import cities
from crossings.gazetteer.text import read_text


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Lusaka to Harare by car in the rains", "chirundu"),
        ("harare to lusaka", "chirundu"),
        ("Tbilisi - Vladikavkaz marshrutka", "lars"),
        ("Mendoza → Santiago in winter", "cristo-redentor"),
        ("Von Vilnius nach Minsk", "medininkai-kamenny-log"),
        ("De Antioche à Alep en bus", "bab-al-hawa"),
        ("Из Тбилиси во Владикавказ", "lars"),
        ("从第比利斯到弗拉季高加索怎么走", "lars"),
        ("Saigon to Phnom Penh", "bavet"),
        ("Bus Nairobi Arusha, how long", "namanga"),
        ("From Liberia, Costa Rica to Rivas by bus", "penas-blancas"),
    ],
)
def test_the_crossing_on_the_way_from_one_city_to_another_is_meant(slug_of, text, slug):
    assert slug_of(text) == slug


@pytest.mark.parametrize(
    "text",
    [
        "Flight from Lusaka to Harare",
        "Lusaka and Harare are capitals",
        "Lusaka to Ndola by bus",
        "Lisbon to Harare by car",
        "Letters to Harare",
        "The book that my aunt wrote on Lusaka to Harare",
        "A hotel on the drive from Lusaka to Harare",
    ],
)
def test_none_is_by_air_at_home_or_between_cities_far_apart(slug_of, text):
    assert slug_of(text) is None


def test_a_longer_text_tells_of_more_than_the_journey_that_it_asks_about(slug_of):
    asked = "We go from Lusaka to Harare by bus" + " and nobody knows when it leaves" * 2
    told = asked + ", said the woman who had sold us the two seats at the back for more than they were worth"

    assert slug_of(asked) == "chirundu"
    assert slug_of(told) is None


def test_the_way_is_suggested_and_not_linked(known):
    assert known.best("Lusaka to Harare", by_countries=True) is not None
    assert known.best("Lusaka to Harare", by_countries=False) is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("From Kupang to East Timor by bus", "batugade-motaain"),
        ("East Timor by land from Kupang", "batugade-motaain"),
        ("Through Turkmenistan by bike from Khiva", "dashoguz-shavat"),
        ("Termez to Afghanistan", "hairatan"),
        ("Moscow to Kazakhstan by car", None),
        ("Bus from Tbilisi to Georgia", None),
    ],
)
def test_from_a_city_into_a_country_the_nearest_is_meant_if_it_clearly_is(slug_of, text, slug):
    assert slug_of(text) == slug


def test_a_country_with_one_crossing_on_land_needs_no_other_name(slug_of):
    assert slug_of("Hire car to Bahrain") == "king-fahd-causeway"
    assert slug_of("Cars in Bahrain") is None
    assert slug_of("Flight to Bahrain, hire car") is None
    assert slug_of("Hire car to Jordan") is None


def test_who_goes_by_train_or_boat_means_another_than_who_drives(slug_of):
    assert slug_of("Kazakhstan to Turkmenistan by train, which border") == "serhetyaka-bolashak-rail"
    assert slug_of("Kazakhstan to Turkmenistan by car, which border") == "temir-baba"


def test_a_dash_between_two_cities_is_a_way_and_an_and_is_none(slug_of):
    assert slug_of("Lusaka-Harare") == "chirundu"
    assert slug_of("Lusaka, Harare") is None


def test_the_way_between_towns_of_a_crossing_leads_over_it_without_being_told(known, monkeypatch):
    """Of the crossings on land whose towns are known: that is how good the guess is where no list helps."""
    monkeypatch.setattr(journey, "_is_town_of", lambda place, point: False)
    ways = [
        (place.pk, journey.crossing_between(read_text(f"{one} to {other}", known), known))
        for place in known.places.values()
        if place.kind == "road"
        for one, other in zip(place.towns, place.towns[1:], strict=False)
        if one in cities() and other in cities()
    ]
    found = [(meant, said) for meant, said in ways if said is not None]

    assert len(found) > 100
    assert sum(meant == said for meant, said in found) / len(found) > 0.85
