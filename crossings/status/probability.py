"""How likely it is that foreigners get through: a filter of two hidden states, "passes" and "shut". Pure.

Between reports the probability drifts back to its prior, because a border may have changed its mind; a report
multiplies the odds. So silence makes nothing surer, and news counts for more than numbers. `manage.py evaluate_status`
measures how well that does.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

# However many agree on one day: nobody is ever surer than this.
SUREST = 0.998


def log_ratio(error: float) -> float:
    """The logarithm of how much more often a report is right than wrong, for a share of wrong reports below 0.5."""
    return math.log((1 - error) / error)


def drift(probability: float, prior: float, days: float, mean_days: float) -> float:
    """The probability after some days without a report; `mean_days` is how long a state lasts on average."""
    return prior + (probability - prior) * math.exp(-days / mean_days)


def see(probability: float, evidence: float) -> float:
    """The probability after the reports of one day; `evidence` is the sum of their log ratios, for "passes" above 0."""
    odds = math.log(probability / (1 - probability)) + evidence
    seen = 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0
    return min(max(seen, 1 - SUREST), SUREST)


def run(evidence: Mapping[date, float], prior: float, mean_days: float, today: date) -> float:
    """The probability today, from the evidence of each day. Days that are still ahead count as today."""
    probability, last = prior, None
    for day in sorted(evidence):
        if last is not None:
            probability = drift(probability, prior, (day - last).days, mean_days)
        probability, last = see(probability, evidence[day]), day
    if last is None:
        return prior
    return drift(probability, prior, max((today - last).days, 0), mean_days)


def days_past(distance: float, bar: float, mean_days: float) -> int:
    """For how many whole days a distance from the prior stays at least as large as a bar, which is above 0."""
    return -1 if distance < bar else math.floor(mean_days * math.log(distance / bar) + 1e-9)


def shares(days: Iterable[date], ratio: float, most: float, window: timedelta) -> list[tuple[date, float]]:
    """The log ratios of reports that count together for at most `most` within a window.

    The newest take their share first, so that one report more can never lower what the others say together today.
    """
    found: deque[tuple[date, float]] = deque()
    given = []
    for day in sorted(days, reverse=True):
        while found and found[0][0] - day > window:
            found.popleft()
        share = min(ratio, most - math.fsum(share for _, share in found))
        if share > 1e-12:
            found.append((day, share))
            given.append((day, share))
    return given
