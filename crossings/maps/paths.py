"""The words of SVG: paths of lines, dots of towns, texts, the scale bar."""

from collections.abc import Iterable
from itertools import pairwise

from django.utils.html import escape

from crossings.maps.labels import Label
from crossings.maps.land import Land, Line
from crossings.maps.projection import Lambert, Point

PARTS = 4  # of a pixel, in which paths are told: what is finer is seen by nobody


def paths_of(land: Land) -> str:
    """From the ground up. All land is one path, so that no seam shows between countries; its edge is the coast."""
    layers: list[tuple[str, Iterable[Line], bool]] = [
        ("m-sea", [land.window] if land.has_sea else [], True),
        ("m-ground", land.ground, True),
        ("m-river", land.rivers, False),
        ("m-lake", land.lakes, True),
        ("m-ribbon", [*land.settled, *land.disputed], False),
        ("m-border", land.settled, False),
        ("m-disputed", land.disputed, False),
    ]
    drawn = [(looks, "".join(path_of(line, is_closed=closed) for line in lines)) for looks, lines, closed in layers]
    return "".join(f'<path class="{looks}" d="{path}"/>' for looks, path in drawn if path)


def path_of(line: Line, *, is_closed: bool) -> str:
    """In quarters of a pixel, each point told by its distance from the one before: short, and compresses well."""
    points = [_quarters(point) for point in line]
    steps = [(x - left, y - up) for (left, up), (x, y) in pairwise(points)]
    steps = [step for step in steps if step != (0, 0)]
    if not steps:
        return ""
    x, y = points[0]
    written = " ".join(f"{right} {down}" for right, down in steps).replace(" -", "-")
    return f"M{x} {y}l{written}{'z' if is_closed else ''}"


def dots_of(points: list[Point]) -> str:
    """All towns in one path: lines of no length, which have round ends."""
    if not points:
        return ""
    dots = "".join(f"M{x} {y}h0" for x, y in map(_quarters, points))
    return f'<path class="m-dot" d="{dots}"/>'


def _quarters(point: Point) -> tuple[int, int]:
    x, y = point
    return round(x * PARTS), round(y * PARTS)


def texts_of(looks: str, labels: list[Label]) -> str:
    return f'<g class="{looks}">{"".join(map(text_of, labels))}</g>' if labels else ""


def text_of(label: Label) -> str:
    end = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    return f'<text x="{label.x:g}" y="{label.y:g}"{end}>{escape(label.text)}</text>'


def scale_bar(view: Lambert, left: float) -> str:
    """A round number of kilometres, at the foot of the map."""
    steps = (step * 10**zeros for zeros in range(4) for step in (1, 2, 5))
    km = next((step for step in steps if step * view.pixels_per_km > 60), 5_000)
    width, foot, zero = round(km * view.pixels_per_km), view.extent.height - 14, round(left + 12)
    ends = [Label("0", zero, foot - 9, "middle"), Label(f"{km:,} km", zero + width, foot - 9, "middle")]
    bar = f'<path d="M{zero} {foot}h{width}m0-5v5m-{width}-5v5"/>'
    return f'<g class="m-scale">{bar}{"".join(map(text_of, ends))}</g>'
