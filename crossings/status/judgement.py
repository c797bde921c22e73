"""What first-hand reports say of a crossing, and how long they may speak. Pure: no database, no clock of its own.

The reports run through a filter that expects change (crossings/status/probability.py), all of them for the stamp, and
those of each cell (one direction, one way of travelling) for the table. A side is shown when the probability is past
its bar, with and without the reports of accounts below member trust: these may lower what is shown, and never make a
side speak. When credible reports of a short time stand against each other, the status is "disputed".

Hearsay, reports of business accounts, and closures on days that a notice had announced are no evidence.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crossings.models.crossing import Status
from crossings.models.report import Outcome
from crossings.status import probability
from crossings.status.rules import PRIORS, Observation, Rules, World, lets_through, newest_of_episodes, says

# Newer reports that make their side so likely settle what older ones said against it.
SETTLED = 0.9


@dataclass(frozen=True)
class Verdict:
    """What some reports say together. `status` is empty when they are too few or too old to speak."""

    status: str
    # The side that is past its bar, closed or open (or limited); also where it is disputed.
    side: str
    # How likely it is today that foreigners get through.
    probability: float
    # The newest report that confirms the side, and how many authors confirm it within one half-life before that. A
    # refusal never confirms that one gets through: where there is nothing else, and in a dispute without a side, it is
    # the newest report, and none confirms.
    confirmed_on: date | None = None
    confirmed_count: int = 0
    # The last day on which they speak so, if nothing new is heard.
    until: date | None = None
    # Until then reports of both sides are still recent, although none speaks: disputed.
    disputed_until: date | None = None

    @property
    def is_disputed(self) -> bool:
        return self.status == Status.DISPUTED

    def on(self, day: date) -> str:
        """The status on a later day on which nothing new was heard."""
        if self.until and day <= self.until:
            return self.status
        return Status.DISPUTED if self.disputed_until and day <= self.disputed_until else ""


@dataclass(frozen=True)
class Judgement:
    """The stamp, each cell by direction and mode, and the reports that count, newest first."""

    stamp: Verdict
    cells: dict[tuple[str, str], Verdict]
    counted: list[Observation]


def judge_reports(observations: Iterable[Observation], today: date, world: World, rules: Rules) -> Judgement:
    """What the reports say today. The order in which they come does not matter."""
    seen = [observation for observation in observations if observation.counts]
    pool = Evidence(seen, world, rules, is_pool=True)
    # A cell expects what the pool says, and no more surely than if the editors had said so.
    prior = min(max(pool.credible_probability(today), PRIORS[Status.CLOSED]), PRIORS[Status.OPEN])
    by_cell: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for observation in seen:
        by_cell[observation.cell].append(observation)
    cells = {
        cell: Evidence(found, replace(world, prior=prior), rules).verdict_of_cell(today)
        for cell, found in sorted(by_cell.items())
    }
    return Judgement(pool.verdict(today), cells, pool.counted)


class Evidence:
    """What the reports of a crossing, or of one of its cells, say together on any day from the newest on."""

    def __init__(self, seen: Iterable[Observation], world: World, rules: Rules, *, is_pool: bool = False):
        self.world, self.rules, self.is_pool = world, rules, is_pool
        self.counted = newest_of_episodes(seen, rules.episode)
        self.by_side: dict[bool, list[Observation]] = {False: [], True: []}
        for observation in self.counted:
            self.by_side[self._passes(observation)].append(observation)
        everybody = self._by_day(self.counted)
        credible = self._by_day([observation for observation in self.counted if observation.is_credible])
        # With and without the accounts below member trust.
        self.evidence = [everybody] if everybody == credible else [everybody, credible]

    def credible_probability(self, today: date) -> float:
        return self._probability(self.evidence[-1], today)

    def verdict_of_cell(self, today: date) -> Verdict:
        """A cell speaks for one half-life at most: then it says what the pool says."""
        verdict = self.verdict(today)
        if verdict.until is None:
            return verdict
        # By a credible report that says so: what others add makes no cell speak longer.
        speaking = self.by_side[verdict.side != Status.CLOSED]
        newest = next(seen for seen in speaking if seen.is_credible).crossed_on
        last = newest + timedelta(days=math.floor(self.world.half_life))
        if verdict.until <= last:
            return verdict
        shorter = replace(verdict, until=last)
        return shorter if today <= last else replace(shorter, status=shorter.on(today), side="", until=None)

    def verdict(self, today: date) -> Verdict:
        found = [self._probability(evidence, today) for evidence in self.evidence]
        both = self._both_until()
        disputed_until = both if both and both >= today else None
        for passes in (False, True):
            days = min(self._days(passes, one) for one in found)
            if days >= 0:
                return self._speaking(passes, found[0], today + timedelta(days=days), disputed_until)
        if disputed_until is None:
            return Verdict("", "", found[0])
        newest = self.counted[0].crossed_on
        return Verdict(Status.DISPUTED, "", found[0], newest, disputed_until=disputed_until)

    def _speaking(self, passes: bool, chance: float, until: date, disputed_until: date | None) -> Verdict:
        agreeing = self.by_side[passes]
        confirming = [seen for seen in agreeing if seen.outcome in Outcome.passes()] if passes else agreeing
        newest = (confirming or agreeing)[0].crossed_on
        recent = newest - timedelta(days=self.world.half_life)
        side = self._word(agreeing) if passes else Status.CLOSED
        return Verdict(
            status=Status.DISPUTED if self._is_disputed(passes) else side,
            side=side,
            probability=chance,
            confirmed_on=newest,
            confirmed_count=len({seen.author_id for seen in confirming if seen.crossed_on >= recent}),
            until=until,
            disputed_until=disputed_until,
        )

    def _is_disputed(self, passes: bool) -> bool:
        """Whether credible reports of the other side stand against this side, unless newer ones have settled that.

        All of it by the day of the newest credible report: only news may end a dispute, never silence.
        """
        newest, against = ([seen for seen in self.by_side[side] if seen.is_credible] for side in (passes, not passes))
        if not newest or not against:
            return False
        last, other = newest[0].crossed_on, against[0].crossed_on
        if (last - other).days > self.rules.episode:
            return False
        if other >= last:
            return True
        until_last = ({day: ratio for day, ratio in one.items() if day <= last} for one in self.evidence)
        chances = [self._probability(one, last) for one in until_last]
        return min(chance if passes else 1 - chance for chance in chances) < SETTLED

    def _both_until(self) -> date | None:
        """The last day on which reports of both sides are recent; no single author disputes, nor newcomers alone."""
        newest = [found[0] for found in self.by_side.values() if found]
        if len({seen.author_id for seen in newest}) < 2 or not any(seen.is_credible for seen in self.counted):
            return None
        older = min(found[0].crossed_on for found in self.by_side.values())
        return older + timedelta(days=self.rules.episode)

    def _days(self, passes: bool, chance: float) -> int:
        """For how many days from today on a side is past its bar; below 0 where it is not."""
        prior = self.world.prior
        bar = self.rules.bar_of(Status.OPEN if passes else Status.CLOSED, prior)
        distance, needed = (chance - prior, bar - prior) if passes else (prior - chance, bar - (1 - prior))
        return probability.days_past(distance, needed, self.world.mean_days)

    def _probability(self, evidence: dict[date, float], today: date) -> float:
        return probability.run(evidence, self.world.prior, self.world.mean_days, today)

    def _by_day(self, counted: Iterable[Observation]) -> dict[date, float]:
        """The sum of the log ratios of each day; summed exactly, so that the order of reports cannot matter."""
        by_day: dict[date, list[float]] = defaultdict(list)
        new: dict[bool, list[date]] = {False: [], True: []}
        for seen in counted:
            passes = self._passes(seen)
            if seen.is_credible:
                ratio = probability.log_ratio(self.rules.error_of(seen.trust))
                by_day[seen.crossed_on].append(ratio if passes else -ratio)
            else:
                new[passes].append(seen.crossed_on)
        one, most = (probability.log_ratio(error) for error in (self.rules.error_new, self.rules.error_member))
        for passes, days in new.items():
            for day, share in probability.shares(days, one, most, timedelta(days=self.rules.burst)):
                by_day[day].append(share if passes else -share)
        return {day: math.fsum(ratios) for day, ratios in by_day.items()}

    def _passes(self, seen: Observation) -> bool:
        return lets_through(seen.outcome, seen.reason, is_pool=self.is_pool)

    def _word(self, agreeing: Sequence[Observation]) -> Status:
        """Open or restricted, by credible reports that got through; of two that weigh the same the more cautious."""
        weights: dict[Status, list[float]] = defaultdict(list)
        for seen in agreeing:
            if seen.is_credible:
                age = (agreeing[0].crossed_on - seen.crossed_on).days
                weight = probability.log_ratio(self.rules.error_of(seen.trust)) * math.exp(-age / self.world.mean_days)
                weights[says(seen.outcome, seen.reason, is_pool=self.is_pool)].append(weight)
        is_open = math.fsum(weights[Status.OPEN]) > math.fsum(weights[Status.LIMITED])
        return Status.OPEN if is_open else Status.LIMITED
