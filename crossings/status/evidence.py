"""Who told what of a crossing last, for the sentences of pages: kept with it, so that no page reads all reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as written

from crossings.models.report import Outcome
from crossings.status.rules import Observation, lets_through

PASSES, SHUT = "passes", "shut"
MOST_DAYS = 3
SHORTEST = 60


@dataclass(frozen=True)
class Told:
    """What travellers of one side told: how many they are, and on which days they were there, the newest last."""

    side: str
    count: int
    # The first and the last day, or all days, of up to three.
    days: tuple[date, ...]
    # The precision of the last day and of the first: day, week, month.
    precision: str = "day"
    first_precision: str = "day"
    # Everybody found it closed, nobody was turned back; everybody got through freely.
    found_closed: bool = False
    freely: bool = False
    # Nobody got through, but those refused lacked a paper, came by the wrong transport or at the wrong hour.
    only_refused: bool = False
    # All of them are newcomers.
    are_new: bool = False

    @property
    def first_on(self) -> date:
        return self.days[0]

    @property
    def last_on(self) -> date:
        return self.days[-1]

    @property
    def is_of_days(self) -> bool:
        """Whether the first and the last day are public, and not only their week or month."""
        return self.precision == self.first_precision == "day"

    @property
    def is_shut(self) -> bool:
        return self.side == SHUT

    @property
    def in_short(self) -> str:
        """For a stamp: "Closed"."""
        return "Closed" if self.is_shut else "Refused" if self.only_refused else "Through"

    @property
    def last_in_short(self) -> str:
        """ "17 Nov", or only the month, where its author hides the day."""
        return written(self.last_on, "j M" if self.precision == "day" else "M Y")

    @property
    def days_in_short(self) -> str:
        """ "26, 27 Nov", where they are two of one month; else the last."""
        same_month = len(self.days) == 2 and self.days[0].replace(day=1) == self.days[1].replace(day=1)
        both = self.is_of_days and same_month and self.count <= 2
        return f"{self.days[0].day}, {self.last_in_short}" if both else self.last_in_short

    @classmethod
    def of_json(cls, kept: dict) -> "Told":
        return cls(**kept | {"days": tuple(map(date.fromisoformat, kept["days"]))})

    def as_json(self) -> dict:
        return vars(self) | {"days": [day.isoformat() for day in self.days]}


def gather(counted: Iterable[Observation], half_life: float) -> list[dict]:
    """What a crossing keeps (Crossing.evidence): the newer side first, then what the other side told before that."""
    newest_first = sorted(counted, key=lambda seen: (seen.crossed_on, not _passes(seen), seen.report_id), reverse=True)
    if not newest_first:
        return []
    # Long enough to hold both sides of a dispute.
    since = newest_first[0].crossed_on - timedelta(days=max(half_life, SHORTEST))
    recent = [seen for seen in newest_first if seen.crossed_on >= since]
    newer_passes = _passes(recent[0])
    older = [seen for seen in recent if _passes(seen) != newer_passes]
    newer = [seen for seen in recent if _passes(seen) == newer_passes and _is_after(seen, older)]
    return [_told(side).as_json() for side in (newer, older) if side]


def kept(evidence: Iterable[dict]) -> list[Told]:
    return [Told.of_json(told) for told in evidence]


def _passes(seen: Observation) -> bool:
    return lets_through(seen.outcome, seen.reason, is_pool=True)


def _is_after(seen: Observation, older: list[Observation]) -> bool:
    return not older or seen.crossed_on >= older[0].crossed_on


def _told(side: list[Observation]) -> Told:
    """Of the side that passes those who got through count; the refused only where nobody did."""
    through = [seen for seen in side if seen.outcome in Outcome.passes()]
    newest_first = through or side
    days = sorted({seen.crossed_on for seen in newest_first})
    exact = all(seen.precision == "day" for seen in newest_first)
    outcomes = {seen.outcome for seen in newest_first}
    return Told(
        side=PASSES if _passes(newest_first[0]) else SHUT,
        count=len({seen.author_id for seen in newest_first}),
        days=tuple(days if exact and len(days) <= MOST_DAYS else [days[0], days[-1]]),
        precision=newest_first[0].precision,
        first_precision=newest_first[-1].precision,
        found_closed=outcomes == {Outcome.FOUND_CLOSED},
        freely=outcomes == {Outcome.CROSSED},
        only_refused=not through and _passes(side[0]),
        are_new=not any(seen.is_credible for seen in newest_first),
    )
