"""From degrees to the pixels of a map and back: Lambert's conformal conic projection on the sphere."""

import math
from typing import NamedTuple

from crossings.distances import EARTH_RADIUS_KM

Point = tuple[float, float]
# In degrees: a cone has no parallels at a pole, and a pole is no circle. No crossing is entered beyond 85, but some may
# be stored from before that was asked.
_FARTHEST_PARALLEL, _FARTHEST = 89.0, 89.9
_TINY = 1e-12  # the radius of a pole


class Box(NamedTuple):
    """From west to east and from south to north, in degrees; or a rectangle in pixels."""

    left: float
    low: float
    right: float
    high: float

    def touches(self, other: "Box") -> bool:
        return (
            self.right >= other.left and self.left <= other.right and self.high >= other.low and self.low <= other.high
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.low <= y <= self.high

    def surrounds(self, other: "Box") -> bool:
        return self.holds(other.left, other.low) and self.holds(other.right, other.high)

    def moved(self, right: float) -> "Box":
        return self._replace(left=self.left + right, right=self.right + right)

    @classmethod
    def around(cls, points: list[Point]) -> "Box":
        xs, ys = zip(*points, strict=True)
        return cls(min(xs), min(ys), max(xs), max(ys))


class Extent(NamedTuple):
    """What a map shows: its middle in degrees, how many kilometres across, and its size in pixels."""

    longitude: float
    latitude: float
    km: int
    width: int = 780
    height: int = 440


class Lambert:
    """Angles are true everywhere, distances along two parallels a third of the map's height from its middle."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        spread = math.degrees(extent.km * extent.height / extent.width / EARTH_RADIUS_KM) / 3
        middle = extent.latitude if abs(extent.latitude) > 0.01 else 0.01  # on the equator the cone would be a cylinder
        middle = _within(middle, _FARTHEST_PARALLEL - spread)
        low, high = (math.radians(middle + sign * spread) for sign in (-1, 1))
        self._cone = math.log(math.cos(low) / math.cos(high)) / math.log(_stretch(high) / _stretch(low))
        self._size = math.cos(low) * _stretch(low) ** self._cone / self._cone
        self._middle = self._radius(extent.latitude)
        self.pixels_per_km = extent.width / extent.km
        self._scale = EARTH_RADIUS_KM * self.pixels_per_km
        self.bounds = self._bounds()

    def to_pixels(self, longitude: float, latitude: float) -> Point:
        radius, angle = self._radius(latitude), self._cone * math.radians(longitude - self.extent.longitude)
        x = self.extent.width / 2 + radius * math.sin(angle) * self._scale
        y = self.extent.height / 2 - (self._middle - radius * math.cos(angle)) * self._scale
        return x, y

    def to_degrees(self, x: float, y: float) -> Point:
        across = (x - self.extent.width / 2) / self._scale
        down = self._middle - (self.extent.height / 2 - y) / self._scale
        side = math.copysign(1, self._cone)
        radius, angle = side * max(math.hypot(across, down), _TINY), math.atan2(side * across, side * down)
        latitude = 2 * math.atan((self._size / radius) ** (1 / self._cone)) - math.pi / 2
        return self.extent.longitude + math.degrees(angle / self._cone), math.degrees(latitude)

    def _radius(self, latitude: float) -> float:
        return self._size / _stretch(math.radians(_within(latitude, _FARTHEST))) ** self._cone

    def _bounds(self) -> Box:
        """The box of degrees that holds the whole map, looked for along its edges."""
        width, height = self.extent.width, self.extent.height
        edge = [(width * step / 8, y) for step in range(9) for y in (0.0, height)]
        edge += [(x, height * step / 8) for step in range(9) for x in (0.0, width)]
        return Box.around([self.to_degrees(x, y) for x, y in edge])


def _stretch(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


def _within(latitude: float, farthest: float) -> float:
    return max(-farthest, min(farthest, latitude))
