"""What first-hand reports say of a crossing, and how long they may speak. Pure: no database, no clock of its own.

Each report weighs trust x 0.5^(age / half-life). Reports that got through stand against reports that did not, first in
each cell (one direction, one way of travelling), then pooled for the stamp at the head of the page. The heavier side
speaks as long as its weight is not below the threshold, so one member's report speaks for one half-life. As all
weights halve together, time alone never turns one side into the other: it only ends what reports say.

Hearsay and reports of business accounts weigh nothing; of one author only the newest report of a cell counts.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crossings.models.crossing import Status
from crossings.models.report import Outcome, Reason

# Who was refused alone for a paper, a passport or the hour has seen a crossing that works for others.
_WORKS_FOR_OTHERS = {Reason.PAPERS, Reason.PASSPORT, Reason.HOURS}
CAUTIOUS_FIRST = [Status.CLOSED, Status.LIMITED, Status.OPEN]


@dataclass(frozen=True)
class Rules:
    """The numbers of the judgement (docs/settings.md). Half-lives in days, `longest` in half-lives, others weights."""

    half_life: float = 90
    half_life_in_conflict: float = 30
    threshold: float = 0.5
    # However many reports there were, the newest must be younger than so many half-lives.
    longest: float = 4
    # From this share of all weight on, the lighter side contradicts the heavier.
    contradiction: float = 0.25
    new: float = 0.5
    member: float = 1.0
    trusted: float = 2.0

    def half_life_of(self, *, in_conflict_zone: bool) -> float:
        """In days."""
        return self.half_life_in_conflict if in_conflict_zone else self.half_life


@dataclass(frozen=True)
class Observation:
    """What a report says, as far as it counts. `trust` is the weight of its author on the day of crossing."""

    report_id: int
    author_id: int
    crossed_on: date
    direction: str
    mode: str
    outcome: str
    reason: str = ""
    trust: float = 1.0
    is_hearsay: bool = False
    is_trade: bool = False
    # Of more than three years ago.
    is_for_the_record: bool = False

    @property
    def cell(self) -> tuple[str, str]:
        return self.direction, self.mode

    @property
    def counts(self) -> bool:
        is_news = not self.is_hearsay and not self.is_for_the_record
        return is_news and not self.is_trade and self.trust > 0


@dataclass(frozen=True)
class Verdict:
    """What some reports say together. `status` is empty when they are too few or too old to speak."""

    status: str
    # The weight behind it and against it today.
    weight: float
    against: float
    # The newest report that agrees, and how many agree that were made within one half-life before it.
    confirmed_on: date | None
    confirmed_count: int
    # The last day on which they speak, if nothing new is heard.
    until: date | None
    contradicted: bool

    @property
    def confidence(self) -> float:
        """From 0 to 1: rises with agreeing reports, falls with time and with reports that say otherwise."""
        if not self.status:
            return 0.0
        return self.weight / (self.weight + self.against) * (1 - 0.5**self.weight)


@dataclass(frozen=True)
class Judgement:
    """The stamp, and each cell by direction and mode."""

    stamp: Verdict
    cells: dict[tuple[str, str], Verdict]


NOTHING = Verdict("", 0.0, 0.0, None, 0, None, contradicted=False)


def judge_reports(observations: Iterable[Observation], today: date, half_life: float, rules: Rules) -> Judgement:
    """What the reports say today, in any order; `half_life` of the crossing, in days."""
    counted = _newest_of_each_author(observation for observation in observations if observation.counts)
    by_cell: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for observation in counted:
        by_cell[observation.cell].append(observation)
    cells = {cell: _weigh(found, today, half_life, rules) for cell, found in sorted(by_cell.items())}
    return Judgement(_weigh(counted, today, half_life, rules, is_pool=True), cells)


def says(outcome: str, reason: str = "", *, is_pool: bool = False) -> Status:
    """The status that one report speaks for: in its own cell, or in the pool of all cells."""
    if outcome == Outcome.CROSSED:
        return Status.OPEN
    if outcome == Outcome.CONDITIONS or reason in _WORKS_FOR_OTHERS:
        return Status.LIMITED
    if reason == Reason.TRANSPORT and is_pool:
        return Status.LIMITED
    return Status.CLOSED


def weight_of(observation: Observation, today: date, half_life: float) -> float:
    """Trust x 0.5^(age / half-life); the day of crossing and what lies ahead have the full weight."""
    age = max((today - observation.crossed_on).days, 0)
    return observation.trust * 0.5 ** (age / half_life)


def _newest_of_each_author(observations: Iterable[Observation]) -> list[Observation]:
    newest: dict[tuple, Observation] = {}
    for observation in observations:
        key = (observation.author_id, *observation.cell)
        known = newest.get(key)
        if known is None or _age_key(observation) > _age_key(known):
            newest[key] = observation
    return sorted(newest.values(), key=lambda observation: observation.report_id)


def _age_key(observation: Observation) -> tuple[date, int]:
    return observation.crossed_on, observation.report_id


def _weigh(
    observations: Sequence[Observation], today: date, half_life: float, rules: Rules, *, is_pool: bool = False
) -> Verdict:
    by_status: dict[Status, list[Observation]] = defaultdict(list)
    for observation in observations:
        by_status[says(observation.outcome, observation.reason, is_pool=is_pool)].append(observation)
    # Summed exactly, so that the order of reports cannot matter.
    weights = {
        status: math.fsum(weight_of(observation, today, half_life) for observation in found)
        for status, found in by_status.items()
    }
    shut = weights.get(Status.CLOSED, 0.0)
    passes = math.fsum([weights.get(Status.LIMITED, 0.0), weights.get(Status.OPEN, 0.0)])
    is_shut = shut >= passes
    weight, against = (shut, passes) if is_shut else (passes, shut)
    camp = [Status.CLOSED] if is_shut else [Status.LIMITED, Status.OPEN]
    agreeing = [observation for status in camp for observation in by_status.get(status, [])]
    if not agreeing:
        return NOTHING
    newest = max(observation.crossed_on for observation in agreeing)
    until = _last_day(weight, newest, today, half_life, rules)
    if weight < rules.threshold or until < today:
        return NOTHING
    # Of several that weigh the same, the more cautious one; CAUTIOUS_FIRST has that order.
    status = max(camp, key=lambda status: (weights.get(status, 0.0), -CAUTIOUS_FIRST.index(status)))
    recent = newest - timedelta(days=half_life)
    return Verdict(
        status=status,
        weight=weight,
        against=against,
        confirmed_on=newest,
        confirmed_count=len({seen.author_id for seen in agreeing if seen.crossed_on >= recent}),
        until=until,
        contradicted=against >= rules.contradiction * (weight + against) and against > 0,
    )


def _last_day(weight: float, newest: date, today: date, half_life: float, rules: Rules) -> date:
    """The last day on which this weight is not below the threshold, and the newest report is young enough."""
    oldest_that_speaks = newest + timedelta(days=math.floor(rules.longest * half_life))
    if weight < rules.threshold:
        return min(today - timedelta(days=1), oldest_that_speaks)
    days = math.floor(half_life * math.log2(weight / rules.threshold) + 1e-9)
    return min(today + timedelta(days=days), oldest_that_speaks)
