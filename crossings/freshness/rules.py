"""How long an answer may be trusted, and what ends that. Pure: no database, no clock of its own.

An answer speaks for a day: the day it was written, or edited, or last called "still true", whichever is latest. From
that day on it holds for one half-life, unless three members or an expert call it outdated, or a newer report says
otherwise. What is an answer at all says crossings/freshness/queries.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from crossings.models.crossing import Status
from forum.models.reaction import OUTDATED_NEEDED

# Where nothing says more, an answer that is not about a crossing holds as long as procedures do.
PROCEDURE_DAYS = 730
# In the last part of its half-life an answer is about to age.
ABOUT_TO_AGE = 0.8

_SIDES = {
    Status.OPEN: "passes", Status.LIMITED: "passes", Status.CLOSED: "shut", Status.BILATERAL: "shut",
}  # fmt: skip


class State(StrEnum):
    OUTDATED = "outdated"
    CONTRADICTED = "contradicted"
    AGED = "aged"
    AGEING = "ageing"
    FRESH = "fresh"


@dataclass(frozen=True)
class Newest:
    """The newest first-hand report of a crossing, of those that count; `on` is its day as others may know it."""

    post_id: int
    on: date
    status: str


@dataclass(frozen=True)
class Known:
    """What is known of a crossing: its status as it is shown, and how it came to that, the oldest change first."""

    crossing_id: int
    status: str
    # The days on which the status changed, each with the status that it had before.
    changes: Sequence[tuple[date, str]] = ()
    newest: Newest | None = None
    # Whether reports that speak say otherwise than the status, and weigh enough to be shown beside it.
    is_contested: bool = False

    def says_otherwise(self, before: str, day: date) -> bool:
        """The newest report is of a later day and the other side, and does not stand alone against the status."""
        if self.newest is None or self.newest.on <= day or not _disagree(before, self.newest.status):
            return False
        return self.is_contested or not _disagree(self.status, self.newest.status)

    def status_on(self, day: date) -> str:
        """The status at the end of a day; before the first change on record, what that change ended."""
        return next((before for changed_on, before in self.changes if changed_on > day), self.status)


@dataclass(frozen=True)
class AnswerFacts:
    """What decides how far an answer may be trusted."""

    written_on: date
    edited_on: date | None = None
    still_true_on: date | None = None
    # When an expert confirmed it last, its author among them.
    confirmed_on: date | None = None
    outdated_count: int = 0
    # When the newest of them was pressed, by any member.
    outdated_on: date | None = None
    # When an expert of a country that its topic is about called it outdated last.
    expert_outdated_on: date | None = None
    # When a moderator marked it as out of date.
    marked_on: date | None = None
    # What its author saw at crossings, by their primary keys: that is what it says of them.
    claims: dict[int, str] = field(default_factory=dict)

    @property
    def speaks_for(self) -> date:
        days = (self.written_on, self.edited_on, self.still_true_on, self.confirmed_on)
        return max(day for day in days if day)

    @property
    def is_called_outdated(self) -> bool:
        """By as many members as it takes, an expert or a moderator, and no expert has confirmed it since."""
        return self.called_on is not None or self.is_marked

    @property
    def called_on(self) -> date | None:
        """The day from which the word of an expert stands, or else that of as many members as it takes."""
        return self.called_by_expert_on or self._called_by_members_on

    @property
    def called_by_expert_on(self) -> date | None:
        """When an expert called it outdated last, unless one has confirmed it since."""
        return self._unless_confirmed(self.expert_outdated_on)

    @property
    def _called_by_members_on(self) -> date | None:
        return self._unless_confirmed(self.outdated_on) if self.outdated_count >= OUTDATED_NEEDED else None

    @property
    def is_marked(self) -> bool:
        """Called outdated by a moderator's mark, which no expert has confirmed since."""
        return self._unless_confirmed(self.marked_on) is not None

    def _unless_confirmed(self, day: date | None) -> date | None:
        """A day, if no expert has confirmed the answer on it or since."""
        return day if day and (self.confirmed_on is None or day > self.confirmed_on) else None


@dataclass(frozen=True)
class Verdict:
    state: State
    # The day an answer speaks for, and the last day on which it holds.
    speaks_for: date
    until: date
    # What contradicts it, and the status from which that differs.
    crossing_id: int | None = None
    newest: Newest | None = None
    before: str = ""

    @property
    def aged_on(self) -> date:
        """The first day on which it no longer holds."""
        return self.until + timedelta(days=1)

    @property
    def is_doubtful(self) -> bool:
        return self.state not in {State.FRESH, State.AGEING}


def half_life_of(subject_days: int | None, status_days: Iterable[float]) -> float:
    """How long an answer holds, in days: as long as its subject does, else as the statuses of its crossings.

    `subject_days` is what the matters of the topic's title say (`Matter.holds_days`): 0 for what goes with the status.
    `status_days` are the half-lives of the crossings that the topic is about.
    """
    if subject_days:
        return subject_days
    return min(status_days, default=PROCEDURE_DAYS)


def judge_answer(answer: AnswerFacts, half_life: float, crossings: Iterable[Known], today: date) -> Verdict:
    """How far an answer may be trusted today; `half_life` in days. Of several doubts the gravest is the verdict."""
    speaks_for = answer.speaks_for
    until = speaks_for + timedelta(days=int(half_life))
    if answer.is_called_outdated:
        return Verdict(State.OUTDATED, speaks_for, until)
    for known in crossings:
        before = answer.claims.get(known.crossing_id) or known.status_on(speaks_for)
        if known.says_otherwise(before, speaks_for):
            return Verdict(State.CONTRADICTED, speaks_for, until, known.crossing_id, known.newest, before)
    if today > until:
        return Verdict(State.AGED, speaks_for, until)
    is_ageing = (today - speaks_for).days >= half_life * ABOUT_TO_AGE
    return Verdict(State.AGEING if is_ageing else State.FRESH, speaks_for, until)


def _disagree(before: str, now: str) -> bool:
    """One lets foreigners through and the other does not. What is not known contradicts nothing."""
    sides = {_SIDES.get(status) for status in (before, now)}  # type: ignore[call-overload]
    return len(sides) == 2 and None not in sides
