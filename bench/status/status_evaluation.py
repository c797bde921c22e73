"""How well a rule for statuses follows the truth: judged on histories every third day, beside the old vote."""

import statistics
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from bench.status.status_histories import History, on
from bench.status.status_vote import vote
from crossings.models import Status
from crossings.status.judgement import Evidence
from crossings.status.rules import Rules, world_of

FIRST_DAY, EVERY = 60, 3


@dataclass(frozen=True)
class Judged:
    """What a rule says on a day: whether foreigners get through, or nothing; and how likely it takes that to be."""

    passes: bool | None
    probability: float


# What a rule makes of the first so many reports of a history, on a day.
Rule = Callable[[int, date], Judged]


@dataclass
class Figures:
    """What one rule did on all histories. Shares are from 0 to 1; what was never the case is None."""

    judged: list[tuple[Judged, bool]] = field(default_factory=list)
    lags: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, float | None]:
        shown = [(one.passes, truth) for one, truth in self.judged if one.passes is not None]
        wrong = sum(passes != truth for passes, truth in shown)
        errors = [(one.probability - truth) ** 2 for one, truth in self.judged]
        return {
            "wrong": round(wrong / len(shown), 4) if shown else None,
            "brier": round(statistics.fmean(errors), 4) if errors else None,
            "shown": round(len(shown) / len(self.judged), 4) if self.judged else None,
            "lag_median": statistics.median(self.lags) if self.lags else None,
            "lag_p90": _p90(self.lags) if self.lags else None,
        }

    def calibration(self) -> Iterator[tuple[int, int, float, float]]:
        """By tenths of the probability: which, how many days, the mean probability, and how often it was true."""
        for tenth in range(10):
            found = [
                (one.probability, truth) for one, truth in self.judged if min(int(one.probability * 10), 9) == tenth
            ]
            if found:
                said, true = (statistics.fmean(values) for values in zip(*found, strict=True))
                yield tenth, len(found), said, true


def evaluate(histories: Iterable[History], rules: Rules) -> dict[str, Figures]:
    """The present rule ("now") and the old one ("vote") side by side."""
    figures = {"now": Figures(), "vote": Figures()}
    for history in histories:
        _judge(history, _present_rule(history, rules), figures["now"])
        _judge(history, _old_vote(history), figures["vote"])
    return figures


def _present_rule(history: History, rules: Rules) -> Rule:
    world = world_of(history.prior, rules, in_conflict_zone=history.in_conflict_zone)

    def judge(known: int, today: date) -> Judged:
        seen = [report for report in history.reports[:known] if report.counts]
        verdict = Evidence(seen, world, rules, is_pool=True).verdict(today)
        return Judged(verdict.side != Status.CLOSED if verdict.side else None, verdict.probability)

    return judge


def _old_vote(history: History) -> Rule:
    def judge(known: int, today: date) -> Judged:
        found = vote(history.reports[:known], today, in_conflict_zone=history.in_conflict_zone)
        return Judged(None if found.side is None else found.side != Status.CLOSED, found.probability)

    return judge


def _judge(history: History, judge: Rule, figures: Figures) -> None:
    days = [report.crossed_on for report in history.reports]
    judged = {}
    for day in range(FIRST_DAY, history.days, EVERY):
        judged[day] = judge(bisect_right(days, on(day)), on(day))
        figures.judged.append((judged[day], history.passes_on(day)))
    figures.lags += _lags(history, judged)


def _lags(history: History, judged: dict[int, Judged]) -> Iterator[int]:
    """Days from the second report after each change to the first judged day that shows it.

    A change that is never shown counts until its end.
    """
    for begins, end, state in history.spells():
        told = [report.crossed_on for report in history.reports if on(begins) <= report.crossed_on < on(end)]
        if len(told) < 2 or begins < FIRST_DAY:
            continue
        shown = (day for day, one in judged.items() if begins <= day < end and one.passes == (state == "passes"))
        yield max((on(next(shown, end)) - told[1]).days, 0)


def _p90(lags: list[int]) -> float:
    return sorted(lags)[min(len(lags) * 9 // 10, len(lags) - 1)]
