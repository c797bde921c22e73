"""Measuring in rounds: in each the constant view and every page take turns, so that noise affects all alike."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from bench.meter.servers import Rig
from bench.pages import OFTEN, Page


class Cost(NamedTuple):
    """CPU seconds of one request, and of one of the constant view just before it."""

    web: float
    database: float
    constant: float

    @property
    def total(self) -> float:
        return self.web + self.database

    @property
    def times(self) -> float:
        return self.total / self.constant


@dataclass
class Figures:
    """Results of a page: a cost for each round, queries and sizes."""

    page: Page
    rounds: list[Cost] = field(default_factory=list)
    queries: int = 0
    raw: int = 0  # bytes
    compressed: int = 0  # bytes

    @property
    def times(self) -> float:
        """Cost as a multiple of the constant view: median of the rounds."""
        return median(cost.times for cost in self.rounds)

    @property
    def web(self) -> float:
        return median(cost.web for cost in self.rounds)

    @property
    def database(self) -> float:
        return median(cost.database for cost in self.rounds)

    def times_those_of(self, other: "Figures") -> float:
        """Cost as a multiple of another page: median of the rounds."""
        return median(mine.total / its.total for mine, its in zip(self.rounds, other.rounds, strict=True))


def measure(rig: Rig, pages: list[Page], *, rounds: int, requests: int, say: Callable[[str], None]) -> list[Figures]:
    found = [_warm_up(rig, page) for page in pages]
    for number in range(1, rounds + 1):
        say(f"Round {number} of {rounds} …")
        for figures in found:
            figures.rounds.append(_one_round(rig, figures.page, requests))
    return found


def _warm_up(rig: Rig, page: Page, requests: int = 10) -> Figures:
    """First requests compile templates, open connections and fill caches; sizes, which vary a little, are noted."""
    answers = [rig.ask(page) for _ in range(requests)]
    return Figures(
        page,
        raw=round(median(len(answer.content) for answer in answers)),
        compressed=round(median(len(answer.body) for answer in answers)),
    )


def _one_round(rig: Rig, page: Page, requests: int) -> Cost:
    constant = rig.cpu_of_constant(OFTEN * requests) / (OFTEN * requests)
    turn = page.often * requests
    web, database = rig.cpu_of_page(page, turn)
    return Cost(web / turn, database / turn, constant)
