"""By which crossing a journey leads from one city to another, or to a country: "Lusaka to Harare"."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import product

from crossings.distances import Point, kilometres
from crossings.gazetteer.cities import City, cities
from crossings.gazetteer.context import Kind
from crossings.gazetteer.name_index import KnownNames
from crossings.gazetteer.named_places import Place
from crossings.gazetteer.text import LIKENED, LONGEST, Text
from crossings.models import Crossing

FARTHEST = 1_500  # km between two cities
DETOUR, DETOUR_BESIDE = 1.5, 60  # how much longer it may be by the crossing: so many times, and km
AS_NEAR = 1.02  # among crossings by which it is nearly as far, the one spelt in most ways is meant
SAME = 25  # km between what two lists say of one city
NEAR_CITY = 300  # km from a city to the crossing into a country
CLEARLY = 1.4  # how many times farther the next one has to lie
BARE = 5  # words of a text that is a journey without any word of travelling: "Lusaka to Harare"
LONG = 25  # words of a title or a sentence; a longer text tells of more than the journey that it asks about
TERSE = 10  # words of a text in which two cities may stand side by side: "bus nairobi arusha how long"
# Between two places, besides the words that say to where one goes: in French, Spanish, German, Russian.
_TO = frozenset({"a", "al", "bis", "do"})
_TO_WITHOUT_SPACES = re.compile("前往|到|至|去|往")
_LENGTHS = range(8, 1, -1)  # of names of cities there
_NONE: frozenset[int] = frozenset()

_TRAVEL = (Kind.BORDER, Kind.GOING, Kind.LAND, Kind.RAIL, Kind.WATER)

End = Sequence[City] | str  # the cities of a name, or the code of a country


def crossing_between(read: Text, known: KnownNames) -> int | None:
    """The crossing by which a journey leads that a title or a sentence asks about; of more than BARE words only where
    it speaks of travel."""
    is_asked = len(read.words) <= BARE or (len(read.words) <= LONG and read.context.has(*_TRAVEL))
    if not is_asked or read.context.has(Kind.AIR, Kind.STAY):
        return None
    for one, other in _ends(read, known):
        if (found := _by_ends(one, other, read, known)) is not None:
            return found
    return _by_country(read, known) if len(read.countries) == 1 and read.context.has(Kind.LAND) else None


def only_between(read: Text, known: KnownNames) -> int | None:
    """The only crossing between the two countries of a text that speaks of borders or of going by land."""
    if len(read.countries) != 2 or read.context.has(Kind.AIR) or not read.context.has(Kind.BORDER, Kind.LAND):
        return None
    found = by_way(read, known.between.get(frozenset(read.countries), ()), known)
    return found[0] if len(found) == 1 else None


def _by_country(read: Text, known: KnownNames) -> int | None:
    """The crossing into the one country that is named, from a city: "from Kupang, East Timor by bus"; or, where
    somebody goes to it, the only one that it has on land."""
    (code,) = read.countries
    toward = [place + 1 for kind in (Kind.TOWARD, Kind.THROUGH) for place in read.context.places.get(kind, ())]
    ends = [end for first in toward if first < LIKENED and (end := _end_from(read.words, first, known))]
    for end in ends:
        if not isinstance(end, str) and (found := _to_country(end, code, read, known)) is not None:
            return found
    on_land = [pk for pair, pks in known.between.items() if code in pair for pk in pks if _is_on_land(known.places[pk])]
    return on_land[0] if len(on_land) == 1 and code in ends else None


def _ends(read: Text, known: KnownNames) -> Iterator[tuple[End, End]]:
    """From where to where: "from Osh to Andijan", "Osh - Andijan"."""
    words = read.words[:LIKENED]
    toward = set(read.context.places.get(Kind.TOWARD, ()))
    dashes = read.after_dashes()
    is_terse = len(words) <= TERSE and read.context.has(Kind.BORDER, Kind.LAND)
    for place in range(1, len(words)):
        if is_between := place in toward or words[place] in _TO:
            then = place + 2 if words[place + 1 : place + 2] == ["the"] else place + 1
        else:
            then = place
        if not (is_between or is_terse or place in dashes):
            continue
        if (one := _end_before(words, place, known)) and (other := _end_from(words, then, known)):
            yield one, other
    if read.letters:
        yield from _ends_without_spaces(read.letters, known)


def _ends_without_spaces(letters: str, known: KnownNames) -> Iterator[tuple[End, End]]:
    """From where to where in a script without spaces: the word for "to" stands right between them."""
    for to in _TO_WITHOUT_SPACES.finditer(letters):
        before = (_end(letters[max(0, to.start() - length) : to.start()], known) for length in _LENGTHS)
        after = (_end(letters[to.end() : to.end() + length], known) for length in _LENGTHS)
        one, other = next((end for end in before if end), None), next((end for end in after if end), None)
        if one and other:
            yield one, other


def _end_before(words: Sequence[str], stop: int, known: KnownNames) -> End | None:
    for length in range(min(LONGEST, stop), 0, -1):
        found = _end("".join(words[stop - length : stop]), known)
        if found and isinstance(found, str) and stop > length:
            return _within(_end_before(words, stop - length, known), found) or found
        if found:
            return found
    return None


def _end_from(words: Sequence[str], first: int, known: KnownNames) -> End | None:
    for length in range(LONGEST, 0, -1):
        if first + length <= len(words) and (found := _end("".join(words[first : first + length]), known)):
            after = None if isinstance(found, str) else _end_from(words, first + length, known)
            return (_within(found, after) if isinstance(after, str) else None) or found
    return None


def _within(found: End | None, code: str) -> End | None:
    """Of the cities those of a country: "Liberia, Costa Rica"."""
    return None if found is None or isinstance(found, str) else [city for city in found if code in city.countries]


def _end(key: str, known: KnownNames) -> End | None:
    called = cities().get(key)
    if not called and key not in known.place_keys and key not in known.town_heads and key.isascii():
        return None
    codes = known.countries_called(key)
    if len(codes) == 1:
        return next(iter(codes))
    called = called or tuple(_beside(known.towns.get(known.town_called(key), _NONE), known))
    return (*called, *_beside(known.town_heads.get(key, _NONE), known)) or None


def _beside(pks: Set[int], known: KnownNames) -> Iterator[City]:
    """Towns of which nothing is known but the crossings that they lie near."""
    for place in map(known.places.__getitem__, pks):
        if place.point:
            yield City(known.country_of(pks) or frozenset(place.countries), place.point)


def _by_ends(one: End, other: End, read: Text, known: KnownNames) -> int | None:
    if isinstance(one, str):
        one, other = other, one  # from a country to a city
    if isinstance(one, str):
        return None
    return _to_country(one, other, read, known) if isinstance(other, str) else _to_city(one, other, read, known)


def _to_city(one: Sequence[City], other: Sequence[City], read: Text, known: KnownNames) -> int | None:
    """The crossing by which it is shortest between the two cities of these names that lie nearest to each other."""
    start, end = min(product(one, other), key=lambda ends: kilometres(ends[0].point, ends[1].point))
    pairs = [frozenset(pair) for pair in product(start.countries, end.countries) if pair[0] != pair[1]]
    if not pairs or (far := kilometres(start.point, end.point)) > FARTHEST:
        return None
    by_way = _by_length(known, read, pairs, start.point, end.point)
    if not by_way or by_way[0][0] > far * DETOUR + DETOUR_BESIDE:
        return None
    for _, pk in by_way:
        if all(_is_town_of(known.places[pk], city.point) for city in (start, end)):
            return pk
    return max((pk for far, pk in by_way if far <= by_way[0][0] * AS_NEAR + 10), key=lambda pk: known.places[pk].rank)


def _is_town_of(place: Place, point: Point) -> bool:
    """Whether a city there is one of the towns of the crossing, by whatever name."""
    return any(kilometres(city.point, point) <= SAME for key in place.towns for city in cities().get(key, ()))


def _to_country(one: Sequence[City], code: str, read: Text, known: KnownNames) -> int | None:
    """The crossing into a country that is clearly the nearest to a city."""
    found = sorted(
        (far, pk)
        for city in one
        if city.countries != {code}
        for far, pk in _by_length(known, read, [frozenset({code, own}) for own in city.countries - {code}], city.point)
    )
    if (
        not found
        or found[0][0] > NEAR_CITY
        or any(far < found[0][0] * CLEARLY for far, pk in found if pk != found[0][1])
    ):
        return None
    return found[0][1]


def _by_length(
    known: KnownNames, read: Text, pairs: Sequence[frozenset[str]], *points: Point
) -> list[tuple[float, int]]:
    """The crossings between these countries, by how far it is from all of the points."""
    pks = by_way(read, [pk for pair in pairs for pk in known.between.get(pair, ())], known)
    places = [place for pk in pks if (place := known.places[pk]).point]
    return sorted((sum(kilometres(place.point or point, point) for point in points), place.pk) for place in places)


def by_way(read: Text, pks: Sequence[int], known: KnownNames) -> list[int]:
    """Those of the crossings that one takes as the text says: by train, by boat, else by road or on foot."""
    kinds = [known.places[pk].kind for pk in pks]
    for kind, meant in ((Kind.WATER, Crossing.Kind.FERRY), (Kind.RAIL, Crossing.Kind.RAIL)):
        if read.context.has(kind) and meant in kinds:
            return [pk for pk, is_kind in zip(pks, kinds, strict=True) if is_kind == meant]
    return [pk for pk in pks if _is_on_land(known.places[pk])] or list(pks)


def _is_on_land(place: Place) -> bool:
    return place.kind in (Crossing.Kind.ROAD, Crossing.Kind.FOOT)
