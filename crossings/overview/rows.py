"""The rows of the home page that tell of crossings, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.dateformat import format as written
from django.utils.http import urlencode

from crossings import wording
from crossings.models import Crossing, CrossingReport, Mode, Outcome, Status
from crossings.status.stamp import Stamp
from forum import markup

SHOWN_LETTERS = 160
# Crossings of one closure that are named; of the others it says how many they are.
NAMED = 2
# What is counted together, by its look and its word: neighbours only is closed to everybody else.
TALLY = {
    ("open", "open"): [Status.OPEN],
    ("limited", "restricted"): [Status.LIMITED],
    ("closed", "closed"): [Status.CLOSED, Status.BILATERAL],
    ("disputed", "disputed"): [Status.DISPUTED],
    ("stale-open", "not known"): [Status.STALE, Status.UNKNOWN],
}


@dataclass(frozen=True)
class Count:
    """How many crossings look so today, and the list of them."""

    mark: str
    words: str
    number: int
    url: str

    @property
    def colour(self) -> str:
        return self.mark.partition("-")[0]


@dataclass(frozen=True)
class ChangeRow:
    """A crossing whose status changed: what it is now, on what evidence, and what it was."""

    crossing: Crossing
    stamp: Stamp
    changed_on: date
    before: str
    # Who told what, the newer side first; of a closure by notice, its words.
    evidence: str


@dataclass(frozen=True)
class ReportRow:
    """What a traveller saw, in three short lines."""

    crossing: Crossing
    colour: str
    outcome: str
    words: str
    # The day as everybody may know it, the way, how it took, and who told it.
    phrases: list[str]
    author: str
    post_id: int

    @classmethod
    def of(cls, report: CrossingReport, html: str, author: str, today: date) -> "ReportRow":
        """`html` is the story."""
        return cls(
            crossing=report.crossing,
            colour=wording.colour_of(report.outcome),
            outcome=Outcome(report.outcome).label.lower(),
            words=markup.words_of(html, SHOWN_LETTERS),
            phrases=_phrases(report, today),
            author=author,
            post_id=report.post_id,
        )


@dataclass(frozen=True)
class ClosureRow:
    """Crossings that will be closed on the same days for the same reason."""

    crossings: list[Crossing]
    text: str
    begins_on: date
    ends_on: date | None

    @property
    def days(self) -> str:
        """ "Tue 1 Dec", "5 to 6 Dec", "From 11 Dec"."""
        first = self.begins_on
        if self.ends_on is None:
            return f"From {written(first, 'j M')}"
        if self.ends_on == first:
            return written(first, "D j M")
        is_same_month = (first.year, first.month) == (self.ends_on.year, self.ends_on.month)
        return f"{written(first, 'j' if is_same_month else 'j M')} to {written(self.ends_on, 'j M')}"

    @property
    def named(self) -> list[Crossing]:
        return self.crossings[:NAMED]

    @property
    def more_count(self) -> int:
        return len(self.crossings) - len(self.named)


@dataclass(frozen=True)
class Overview:
    """What the home page shows of crossings to everybody."""

    tally: list[Count] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)
    reports: list[ReportRow] = field(default_factory=list)
    closures: list[ClosureRow] = field(default_factory=list)


def tally_of(counts: Mapping[Status, int]) -> list[Count]:
    """Every look, also one that no crossing has today."""
    return [
        Count(mark, words, sum(counts.get(one, 0) for one in statuses), _list_of(statuses))
        for (mark, words), statuses in TALLY.items()
    ]


def _list_of(statuses: list[Status]) -> str:
    query = urlencode({"status": [one.value for one in statuses]}, doseq=True)
    return f"{reverse('crossings:crossings')}?{query}"


def _phrases(report: CrossingReport, today: date) -> list[str]:
    to_country = wording.direction_in_words(report.crossing, report.direction).rpartition(" to ")[2]
    phrases = [wording.day_in_words(report, today), f"to {to_country}, {wording.BY_MODE[Mode(report.mode)]}"]
    minutes = wording.total_minutes(report)
    return [*phrases, f"{wording.duration(minutes)} in all"] if minutes else phrases
