"""Distances on the globe, and which crossings lie near one."""

import math
from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Power

from crossings.models import Crossing
from crossings.models.crossing import CrossingQuerySet
from pagecache.prepared import MARK, float_mark, text_mark
from pagecache.prepared_models import Answer, answer

EARTH_RADIUS_KM = 6371.0
NEAREST_SHOWN = 3

Point = tuple[float, float]  # latitude and longitude


def distance_km(one: Crossing, other: Crossing) -> float:
    """The great-circle distance in kilometres, as the crow flies."""
    return kilometres((one.latitude, one.longitude), (other.latitude, other.longitude))


def kilometres(one: Point, other: Point) -> float:
    """The same between two points."""
    a, b = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def nearest(crossing: Crossing, day: date) -> Answer[Crossing]:
    """The nearest crossings of one of the two countries, with their statuses."""
    narrower = math.cos(math.radians(crossing.latitude))
    here = (crossing.pk, crossing.country_a_id, crossing.country_b_id, crossing.latitude, crossing.longitude, narrower)
    return answer(("nearest", day), lambda: _nearest(day), *here)


def with_distances(crossing: Crossing, others: Iterable[Crossing]) -> list[tuple[Crossing, int]]:
    """In whole kilometres."""
    return [(other, round(distance_km(crossing, other))) for other in others]


def _nearest(day: date) -> CrossingQuerySet:
    pair = [text_mark(1), text_mark(2)]
    up, across = F("latitude") - float_mark(3), F("longitude") - float_mark(4)
    return (
        Crossing.objects.filter(Q(country_a__in=pair) | Q(country_b__in=pair))
        .exclude(pk=MARK)
        .with_countries()
        .defer("version")
        .with_status(day)
        .order_by(Power(up, 2) + Power(across * float_mark(5), 2), "pk")[:NEAREST_SHOWN]
    )
