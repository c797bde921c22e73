"""What a report says of a crossing, whether it counts, and the numbers by which reports are judged. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crossings.models.crossing import Status
from crossings.models.report import Outcome, Reason

# Who was refused alone for a paper, a passport or the hour has seen a crossing that works for others.
_WORKS_FOR_OTHERS = {Reason.PAPERS, Reason.PASSPORT, Reason.HOURS}
# How likely "passes" is when nothing was reported, by what the editors say; in conflict zones they know nothing.
PRIORS = {
    Status.OPEN: 0.75, Status.LIMITED: 0.7, Status.UNKNOWN: 0.5, Status.BILATERAL: 0.25, Status.CLOSED: 0.25,
}  # fmt: skip
PRIOR_IN_CONFLICT = 0.5
# A side must also be so much likelier than the prior alone makes it: the prior never speaks.
MARGIN = 0.05


class Trust(StrEnum):
    NEW = "new"
    MEMBER = "member"
    TRUSTED = "trusted"


@dataclass(frozen=True)
class Rules:
    """The numbers of the judgement (docs/settings.md). Ages are in days."""

    # How long a state of a crossing lasts on average.
    change: float = 60
    change_in_conflict: float = 30
    # The shares of reports that are wrong, by the trust in their authors.
    error_new: float = 0.3
    error_member: float = 0.12
    error_trusted: float = 0.04
    bar_passes: float = 0.66
    bar_shut: float = 0.62
    # Reports of one author no further apart are one; opposite reports no further apart are a dispute.
    episode: float = 30
    # Within so many days, accounts below member trust weigh together as one member at most.
    burst: float = 14
    # How long what editors say, and what answers say of a status, is fresh.
    half_life: float = 90
    half_life_in_conflict: float = 30

    def half_life_of(self, *, in_conflict_zone: bool) -> float:
        """In days."""
        return self.half_life_in_conflict if in_conflict_zone else self.half_life

    def error_of(self, trust: Trust) -> float:
        return {Trust.NEW: self.error_new, Trust.MEMBER: self.error_member, Trust.TRUSTED: self.error_trusted}[trust]

    def bar_of(self, side: Status, prior: float) -> float:
        """How likely a side must be to be shown."""
        if side == Status.CLOSED:
            return max(self.bar_shut, 1 - prior + MARGIN)
        return max(self.bar_passes, prior + MARGIN)


@dataclass(frozen=True)
class World:
    """What is known of a crossing beside its reports: the prior of "passes", how long a state lasts, a half-life."""

    prior: float
    mean_days: float
    half_life: float


@dataclass(frozen=True)
class Observation:
    """What a report says, as far as it counts. `trust` is the trust in its author today."""

    report_id: int
    author_id: int
    # The day as others may know it, and whether only its "week" or "month" is public.
    crossed_on: date
    direction: str
    mode: str
    outcome: str
    reason: str = ""
    trust: Trust = Trust.MEMBER
    is_hearsay: bool = False
    is_trade: bool = False
    # Of more than three years ago.
    is_for_the_record: bool = False
    precision: str = "day"
    # A closure on a day on which an official notice had closed the crossing is no news.
    was_announced: bool = False
    # Nor is one on a day on which the calendar of the crossing has it shut: a weekend, a holiday.
    was_by_calendar: bool = False

    @property
    def cell(self) -> tuple[str, str]:
        return self.direction, self.mode

    @property
    def counts(self) -> bool:
        is_expected = self.was_announced or self.was_by_calendar
        return not (self.is_hearsay or self.is_for_the_record or is_expected or self.is_trade)

    @property
    def is_credible(self) -> bool:
        return self.trust != Trust.NEW


def world_of(editors_status: str, rules: Rules, *, in_conflict_zone: bool) -> World:
    half_life = rules.half_life_of(in_conflict_zone=in_conflict_zone)
    if in_conflict_zone:
        return World(PRIOR_IN_CONFLICT, rules.change_in_conflict, half_life)
    return World(PRIORS[Status(editors_status)], rules.change, half_life)


def says(outcome: str, reason: str = "", *, is_pool: bool = False) -> Status:
    """The status that one report speaks for: in its own cell, or in the pool of all cells."""
    if outcome == Outcome.CROSSED:
        return Status.OPEN
    if outcome == Outcome.CONDITIONS or reason in _WORKS_FOR_OTHERS:
        return Status.LIMITED
    if reason == Reason.TRANSPORT and is_pool:
        return Status.LIMITED
    return Status.CLOSED


def lets_through(outcome: str, reason: str = "", *, is_pool: bool = False) -> bool:
    """Whether a report speaks for that foreigners get through, if not its author."""
    return says(outcome, reason, is_pool=is_pool) != Status.CLOSED


def newest_of_episodes(observations: Iterable[Observation], episode: float) -> list[Observation]:
    """One report of each author and episode, newest first: within an episode a newer report replaces the one before."""
    newer: dict[int, date] = {}
    found = []
    for observation in sorted(observations, key=_age_key, reverse=True):
        before = newer.get(observation.author_id)
        if before is None or (before - observation.crossed_on).days > episode:
            found.append(observation)
        newer[observation.author_id] = observation.crossed_on
    return found


def _age_key(observation: Observation) -> tuple[date, int]:
    return observation.crossed_on, observation.report_id
