"""Distances on the globe, and which crossings lie near one."""

import math

from django.db.models import F, Q
from django.db.models.functions import Power

from crossings.models import Crossing

EARTH_RADIUS_KM = 6371.0
NEAREST_SHOWN = 3


def distance_km(one: Crossing, other: Crossing) -> float:
    """The great-circle distance in kilometres, as the crow flies."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def nearest(crossing: Crossing, day) -> list[tuple[Crossing, int]]:
    """The nearest crossings of one of the two countries, with their statuses and distances in whole kilometres."""
    pair = [crossing.country_a_id, crossing.country_b_id]
    narrower = math.cos(math.radians(crossing.latitude))
    apart = Power(F("latitude") - crossing.latitude, 2) + Power((F("longitude") - crossing.longitude) * narrower, 2)
    found = (
        Crossing.objects.filter(Q(country_a__in=pair) | Q(country_b__in=pair))
        .exclude(pk=crossing.pk)
        .with_countries()
        .with_status(day)
        .order_by(apart, "pk")[:NEAREST_SHOWN]
    )
    return [(other, round(distance_km(crossing, other))) for other in found]
