"""Maps on a world without land: to draw a real one takes as long as twenty pages."""

from crossings.maps.atlas import Atlas


class EmptyWorld(Atlas):
    detail = overview = {layer: [] for layer in ("countries", "borders", "coast", "lakes", "rivers")}
    _covered = []
    names = {}
    towns = []
