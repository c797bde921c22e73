"""Histories of crossings for the evaluation of statuses: read from a file, or made up at random.

A history says what was reported when and by whom, and what was true. One line of a file is one of them, as JSON.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from crossings.models import Direction, Mode, Outcome, Status
from crossings.models.report import Reason
from crossings.status.rules import Observation, Trust

DAY_0 = date(2024, 1, 1)
MOST_DAYS = 36_500
MOST_AUTHORS = 10**12
STATES = ("passes", "shut")


class NotAHistory(ValueError):
    """Says in one sentence what is wrong with a line."""


@dataclass(frozen=True)
class History:
    prior: str
    in_conflict_zone: bool
    # In the order of their days.
    reports: list[Observation]
    # On which day which state began, the first on day 0.
    truth: list[tuple[int, str]]
    days: int

    def passes_on(self, day: int) -> bool:
        return next(state for begins, state in reversed(self.truth) if begins <= day) == "passes"

    def spells(self) -> Iterator[tuple[int, int, str]]:
        """The changes: from which day, to which day (which is no longer of it), and which state."""
        ends = [*self.truth[1:], (self.days, "")]
        for (begins, state), (end, _) in zip(self.truth, ends, strict=True):
            if begins > 0:
                yield begins, min(end, self.days), state


def on(day: int) -> date:
    return DAY_0 + timedelta(days=day)


# --- From a file ---


def read(path: Path) -> list[History]:
    """All histories of a file. Raises NotAHistory with the number of the first line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise NotAHistory(f"{path} cannot be read: {(error.strerror or 'unknown error').lower()}.") from error
    except UnicodeDecodeError as error:
        raise NotAHistory(f"{path} is not text in UTF-8.") from error
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_history(line))
            except NotAHistory as error:
                raise NotAHistory(f"{path}, line {number}: {error}") from None
    if not found:
        raise NotAHistory(f"{path} holds no history.")
    return found


def _history(line: str) -> History:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise NotAHistory("this is not JSON.") from None
    if not isinstance(told, dict):
        raise NotAHistory("a history is a JSON object.")
    days = _number(told, "days", 1)
    prior = _one_of(told, "prior", [value for value, _ in Status.of_editors()])
    reports = [_report(told, number) for number, told in enumerate(_list(told, "reports"), 1)]
    reports.sort(key=lambda report: (report.crossed_on, report.report_id))
    return History(prior, _flag(told, "conflict"), reports, _truth(_list(told, "truth")), days)


def _report(told: object, number: int) -> Observation:
    if not isinstance(told, dict):
        raise NotAHistory(f"report {number} is not a JSON object.")
    try:
        return Observation(
            report_id=number,
            author_id=_number(told, "author", -MOST_AUTHORS, most=MOST_AUTHORS),
            crossed_on=on(_number(told, "day", 0)),
            direction=_one_of(told, "direction", Direction.values, default=Direction.A_TO_B),
            mode=_one_of(told, "mode", Mode.values, default=Mode.BICYCLE),
            outcome=_one_of(told, "outcome", Outcome.values),
            reason=_one_of(told, "reason", ["", *Reason.values], default=""),
            trust=Trust(_one_of(told, "trust", list(Trust))),
            is_hearsay=_flag(told, "hearsay"),
            is_trade=_flag(told, "trade"),
        )
    except NotAHistory as error:
        raise NotAHistory(f"report {number}: {error}") from None


def _truth(told: list) -> list[tuple[int, str]]:
    for pair in told:
        if not isinstance(pair, list) or len(pair) != 2 or type(pair[0]) is not int or pair[1] not in STATES:
            raise NotAHistory('"truth" is a list of pairs such as [211, "shut"], and the states are passes and shut.')
    truth = [(day, state) for day, state in told]
    if not truth or truth[0][0] != 0 or any(before >= after for (before, _), (after, _) in pairwise(truth)):
        raise NotAHistory('"truth" begins on day 0, and its days rise.')
    # A state that goes on is no change.
    return truth[:1] + [after for before, after in pairwise(truth) if after[1] != before[1]]


def _number(told: dict, name: str, least: int, *, most: int = MOST_DAYS) -> int:
    value = told.get(name)
    if type(value) is not int or not least <= value <= most:
        raise NotAHistory(f'"{name}" is a whole number from {least} to {most}.')
    return value


def _one_of(told: dict, name: str, choices: list[str], *, default: str | None = None) -> str:
    value = told.get(name, default)
    if not isinstance(value, str) or value not in choices:
        raise NotAHistory(f'"{name}" is one of {", ".join(choice or "nothing" for choice in choices)}.')
    return value


def _flag(told: dict, name: str) -> bool:
    value = told.get(name, False)
    if not isinstance(value, bool):
        raise NotAHistory(f'"{name}" is true or false.')
    return value


def _list(told: dict, name: str) -> list:
    value = told.get(name)
    if not isinstance(value, list):
        raise NotAHistory(f'"{name}" is a list.')
    return value


# --- Made up at random ---


@dataclass(frozen=True)
class Kind:
    """A kind of crossing: reports a day, how long it stays open and shut on average, bursts of lying new accounts."""

    reports: float
    passes_days: float = 300
    shut_days: float = 60
    bursts: float = 0
    in_conflict_zone: bool = False


KINDS = {
    "busy": Kind(0.15),
    "usual": Kind(0.06),
    "thin": Kind(0.015),
    "puppets": Kind(0.06, bursts=1 / 60),
    "conflict": Kind(0.06, passes_days=60, shut_days=60, in_conflict_zone=True),
}
DAYS = 900
AUTHORS = 400
# Who reports: the share of each trust, and how often they are wrong.
SHARES = {Trust.NEW: 0.35, Trust.MEMBER: 0.5, Trust.TRUSTED: 0.15}
ERRORS = {Trust.NEW: 0.12, Trust.MEMBER: 0.06, Trust.TRUSTED: 0.03}
# In front of a closed border fewer people turn up.
REPORTS_WHEN_SHUT = 1 / 3


def simulate(kind: Kind, dice: random.Random) -> History:
    truth = _spells(kind, dice)
    trusts = dice.choices(list(SHARES), list(SHARES.values()), k=AUTHORS)
    history = History("unknown" if kind.in_conflict_zone else "open", kind.in_conflict_zone, [], truth, DAYS)
    for day in range(DAYS):
        passes = history.passes_on(day)
        if dice.random() < kind.reports * (1 if passes else REPORTS_WHEN_SHUT):
            author = dice.randrange(AUTHORS)
            is_wrong = dice.random() < ERRORS[trusts[author]]
            history.reports.append(_seen(history, day, author, trusts[author], passes != is_wrong, dice))
        if dice.random() < kind.bursts:
            for _ in range(dice.randint(2, 4)):
                author = AUTHORS + len(history.reports)
                history.reports.append(_seen(history, day, author, Trust.NEW, not passes, dice))
    return history


def _spells(kind: Kind, dice: random.Random) -> list[tuple[int, str]]:
    passes = not kind.in_conflict_zone or dice.random() < 0.5
    truth, day = [], 0
    while day < DAYS:
        truth.append((day, STATES[not passes]))
        day += 1 + round(dice.expovariate(1 / (kind.passes_days if passes else kind.shut_days)))
        passes = not passes
    return truth


def _seen(history: History, day: int, author: int, trust: Trust, passes: bool, dice: random.Random) -> Observation:
    return Observation(
        report_id=len(history.reports) + 1,
        author_id=author,
        crossed_on=on(day),
        direction=dice.choice(Direction.values),
        mode=dice.choice(Mode.values),
        outcome=Outcome.CROSSED if passes else Outcome.FOUND_CLOSED,
        trust=trust,
    )
