"""A crossing as far as its names go, a name, and a word that may be meant for one."""

from dataclasses import dataclass, field

from crossings.distances import Point
from crossings.models import Crossing


@dataclass(frozen=True, slots=True)
class Place:
    """A crossing as far as its names go. Of two that share a name, the one that is spelt in more ways counts, else the
    road beside the railway."""

    pk: int
    names_count: int
    countries: tuple[str, str]
    kind: str = Crossing.Kind.ROAD
    point: Point | None = None
    towns: tuple[str, ...] = ()  # their keys

    @property
    def is_road(self) -> bool:
        return self.kind != Crossing.Kind.RAIL

    @property
    def rank(self) -> tuple[int, bool]:
        return self.names_count, self.is_road


@dataclass(frozen=True, slots=True)
class Name:
    """A name that may stand in a text, by its key, and the crossings that are called so."""

    key: str
    places: dict[int, bool]  # by the crossing's primary key: whether it needs context
    sound: str
    titles: set[int] = field(default_factory=set)  # the crossings whose first name it is, or one half of it


@dataclass(frozen=True, slots=True)
class Heard:
    """A word that may be a misspelt name, how it sounds, and by their keys the names that it is likened to."""

    word: str
    sound: str
    among: dict[str, Name]
