"""What the page of a crossing reads and shows: rows that are read each time, and what is worked out of them where a
fragment that shows it is not kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from accounts.readers import Reader
from accounts.site_info import site_name
from crossings import distances, page_head
from crossings.closures.panels import ClosedDays
from crossings.dump import open_data
from crossings.experts import expert_answers
from crossings.freshness.queries import known_of
from crossings.hours import wording
from crossings.hours.panels import TodaysHours
from crossings.links import linked_topics
from crossings.models import (
    Country,
    Crossing,
    CrossingEdit,
    CrossingFact,
    CrossingReport,
    Direction,
    Notice,
    StatusChange,
)
from crossings.reports import listing
from crossings.status import evidence, matrix, medians
from crossings.status.evidence import Told
from crossings.status.lead import lead_of
from crossings.status.stamp import Stamp
from forum import markup
from forum.models import Answer as ExpertsAnswer
from forum.models import Topic
from pagecache.prepared import MARK
from pagecache.prepared_models import Answer, answer, fingerprint

REPORTS_SHOWN = 3
TOPICS_SHOWN = 3
CHANGES_SHOWN = 8


class Asked(NamedTuple):
    """What is read for the page beside the crossing itself."""

    notices: Answer[Notice]
    facts: Answer[CrossingFact]
    nearest: Answer[Crossing]
    reports: Answer[CrossingReport]
    status_changes: Answer[StatusChange]
    edits: Answer[CrossingEdit]
    topics: Answer[Topic]
    questions: Answer[Topic]
    expert_answers: Answer[ExpertsAnswer]


def ask(found: Crossing, reader: Reader, today: date) -> Asked:
    return Asked(
        notices=answer(("notices", today), lambda: Notice.objects.not_over(today).filter(crossing=MARK), found.pk),
        facts=answer("facts", lambda: CrossingFact.objects.filter(crossing=MARK).order_by("kind"), found.pk),
        nearest=distances.nearest(found, today),
        reports=listing.newest_of(found, reader, today, REPORTS_SHOWN),
        status_changes=answer("status changes", _status_changes, found.pk),
        edits=answer("edits", _edits, found.pk),
        topics=linked_topics.latest(found, reader, TOPICS_SHOWN + 1),
        questions=linked_topics.latest_unanswered(found, reader, TOPICS_SHOWN),
        expert_answers=expert_answers.of_crossing(found, reader),
    )


def seen(
    itself: Answer[Crossing], asked: Asked, today: date, way: page_head.Way, hours: TodaysHours, shut: ClosedDays
) -> bytes:
    """The cache key of the fragments: everything that any of them shows."""
    rows = (itself.rows, *(one.rows for one in asked))
    chosen = (way.to, way.mode, way.is_wrong)
    return fingerprint(rows, today, chosen, hours, shut.coming, shut.is_by_notice, site_name(), settings.DEMO)


@dataclass
class Shown:
    """What the kept fragments of the page show; each is worked out when the first of them that shows it is made."""

    crossing: Crossing
    stamp: Stamp
    today: date
    way: page_head.Way
    asked: Asked

    def in_template(self) -> dict[str, Callable[[], object]]:
        """The properties as functions, which templates call."""
        made = [name for name, one in vars(Shown).items() if isinstance(one, cached_property)]
        return {name: partial(getattr, self, name) for name in made}

    @cached_property
    def lead(self) -> str:
        closing = [notice for notice in self.notices if notice.closes_on(self.today)]
        last = max(closing, key=lambda one: (one.begins_on, one.pk), default=None)
        return lead_of(self.crossing, self.stamp, self.today, last)

    @cached_property
    def told(self) -> list[Told]:
        return evidence.kept(self.crossing.evidence)

    @cached_property
    def against(self) -> set[int]:
        is_disputed = self.stamp.is_disputed
        return page_head.against_the_older(self.reports, self.told, self.today) if is_disputed else set()

    @cached_property
    def conditions(self) -> list[page_head.Condition]:
        return page_head.conditions_of(self.facts, self.way.mode)

    @cached_property
    def elsewhere(self) -> page_head.Elsewhere | None:
        return page_head.elsewhere(self.stamp, self.nearest, self.today)

    @cached_property
    def names(self) -> list[str]:
        return [name.text for name in self.crossing.names.all() if name.text != self.crossing.name]

    @cached_property
    def first_names(self) -> list[str]:
        return page_head.first_names(self.names, _at_the_head(self.crossing))

    @cached_property
    def facts(self) -> list[CrossingFact]:
        return self.asked.facts.instances

    @cached_property
    def notices(self) -> list[Notice]:
        return self.asked.notices.instances

    @cached_property
    def clocks(self) -> str:
        return wording.clocks(self.crossing, self.today)

    @cached_property
    def clocks_also(self) -> list[str]:
        return wording.clocks_also(self.crossing, self.today)

    @cached_property
    def lines(self) -> list[matrix.Line]:
        return matrix.lines_of(self.crossing, self.today)

    @cached_property
    def directions(self) -> list[Country]:
        return [matrix.destination(self.crossing, direction) for direction in Direction]

    @cached_property
    def reports(self) -> list[listing.ShownReport]:
        return listing.shown(self.asked.reports.instances, None, self.today)

    @cached_property
    def times(self) -> list[medians.Figure]:
        return medians.times(self.crossing)

    @cached_property
    def fees(self) -> list[medians.Figure]:
        return medians.fees(self.crossing)

    @cached_property
    def passports(self) -> list[tuple[str, int, int]]:
        return medians.passports(self.crossing)

    @cached_property
    def topics(self) -> list[Topic]:
        return self.asked.topics.instances[:TOPICS_SHOWN]

    @cached_property
    def has_more_topics(self) -> bool:
        return len(self.asked.topics.instances) > TOPICS_SHOWN

    @cached_property
    def questions(self) -> list[Topic]:
        return self.asked.questions.instances

    @cached_property
    def expert_answers(self) -> list[expert_answers.ExpertAnswer]:
        newest = (shown.report for shown in self.reports if shown.report.pk == self.crossing.newest_report_id)
        known = known_of(self.crossing, self.asked.status_changes.instances, next(newest, None), self.today)
        return expert_answers.judged(self.asked.expert_answers.instances, self.crossing, known, self.today)

    @cached_property
    def nearest(self) -> list[tuple[Crossing, int]]:
        return distances.with_distances(self.crossing, self.asked.nearest.instances)

    @cached_property
    def changes(self) -> list[tuple[date, str, StatusChange | CrossingEdit]]:
        """The history of the page, newest first: statuses, and what the editors changed."""
        changes: list[tuple[date, str, StatusChange | CrossingEdit]] = [
            (change.changed_on, "status", change) for change in self.asked.status_changes.instances
        ]
        changes += [(edit.edited_at.date(), "edit", edit) for edit in self.asked.edits.instances]
        return sorted(changes, key=lambda change: change[0], reverse=True)[:CHANGES_SHOWN]

    @cached_property
    def place(self) -> str:
        return markup.as_data(open_data.as_place(self.crossing, self.names))

    @cached_property
    def licence(self) -> dict[str, str]:
        return open_data.licence()

    @cached_property
    def cite(self) -> str:
        return open_data.cite(self.crossing, self.stamp, self.today)


def _at_the_head(found: Crossing) -> str:
    return f"{found.name} {found.country_a.name} {found.country_b.name}"


def _status_changes() -> QuerySet[StatusChange]:
    return StatusChange.objects.filter(crossing=MARK)[:CHANGES_SHOWN]


def _edits() -> QuerySet[CrossingEdit]:
    return CrossingEdit.objects.filter(crossing=MARK).select_related("edited_by")[:CHANGES_SHOWN]
