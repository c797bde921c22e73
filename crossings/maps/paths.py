"""The words of SVG: paths of lines, dots of towns, texts, the scale bar."""

from collections.abc import Iterable
from itertools import pairwise

from django.utils.html import escape

from crossings.maps.labels import Label
from crossings.maps.land import Land, Line
from crossings.maps.projection import Lambert, Point


def paths_of(land: Land) -> str:
    """From the ground up. All land is one path, so that no seam shows between countries."""
    layers: list[tuple[str, Iterable[Line], bool]] = [
        ("m-sea", [land.window] if land.coast else [], True),
        ("m-ground", [outline for _, outline in land.countries], True),
        ("m-river", land.rivers, False),
        ("m-coast", land.coast, False),
        ("m-lake", land.lakes, True),
        ("m-ribbon", [*land.settled, *land.disputed], False),
        ("m-border", land.settled, False),
        ("m-disputed", land.disputed, False),
    ]
    drawn = [(looks, "".join(path_of(line, is_closed=closed) for line in lines)) for looks, lines, closed in layers]
    return "".join(f'<path class="{looks}" d="{path}"/>' for looks, path in drawn if path)


def path_of(line: Line, *, is_closed: bool) -> str:
    """In tenths of a pixel, each point told by its distance from the one before: short, and compresses well."""
    points = [(round(x * 10), round(y * 10)) for x, y in line]
    steps = [(x - left, y - up) for (left, up), (x, y) in pairwise(points)]
    steps = [step for step in steps if step != (0, 0)]
    if not steps:
        return ""
    x, y = points[0]
    written = " ".join(f"{right} {down}" for right, down in steps).replace(" -", "-")
    return f"M{x} {y}l{written}{'z' if is_closed else ''}"


def dots_of(points: list[Point]) -> str:
    """All towns in one path."""
    if not points:
        return ""
    circles = "".join(f"M{round(x * 10) - 17} {round(y * 10)}a17 17 0 1 0 34 0 17 17 0 1 0-34 0" for x, y in points)
    return f'<path class="m-dot" d="{circles}"/>'


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
