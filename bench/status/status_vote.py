"""The rule by which statuses were judged before the filter, kept for comparison only: a vote of reports.

Each report weighs trust x 0.5^(age / half-life), of an author only the newest of each direction and way of travelling;
the heavier side speaks from a threshold on.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crossings.models import Status
from crossings.status.rules import Observation, Trust, says

WEIGHTS = {Trust.NEW: 0.5, Trust.MEMBER: 1.0, Trust.TRUSTED: 2.0}
THRESHOLD = 0.5
HALF_LIFE, HALF_LIFE_IN_CONFLICT = 90, 30
# However many reports there were, the newest must be younger than so many half-lives.
LONGEST = 4


@dataclass(frozen=True)
class Vote:
    side: Status | None
    probability: float


def vote(observations: Iterable[Observation], today: date, *, in_conflict_zone: bool) -> Vote:
    half_life = HALF_LIFE_IN_CONFLICT if in_conflict_zone else HALF_LIFE
    sides: dict[bool, list[Observation]] = {False: [], True: []}
    for observation in _newest_of_each_author(observations):
        sides[says(observation.outcome, observation.reason, is_pool=True) != Status.CLOSED].append(observation)
    shut, passes = (math.fsum(_weight(seen, today, half_life) for seen in sides[side]) for side in (False, True))
    if not shut + passes:
        return Vote(None, 0.5)
    wins = passes > shut
    newest = max(observation.crossed_on for observation in sides[wins])
    speaks = max(shut, passes) >= THRESHOLD and (today - newest).days <= LONGEST * half_life
    side = Status.OPEN if wins else Status.CLOSED
    return Vote(side if speaks else None, passes / (shut + passes))


def _weight(observation: Observation, today: date, half_life: float) -> float:
    return WEIGHTS[observation.trust] * 0.5 ** (max((today - observation.crossed_on).days, 0) / half_life)


def _newest_of_each_author(observations: Iterable[Observation]) -> Iterable[Observation]:
    newest: dict[tuple, Observation] = {}
    for observation in sorted(observations, key=lambda seen: (seen.crossed_on, seen.report_id)):
        if observation.counts:
            newest[observation.author_id, *observation.cell] = observation
    return newest.values()
