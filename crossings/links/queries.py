"""Which crossings topics are about, with all that pages of the forum show of them: one statement for each page."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FETCH_RAISE, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from crossings.freshness import queries
from crossings.models import (
    Country,
    Crossing,
    CrossingReport,
    CrossingTopic,
    Notice,
    ReportFee,
    StatusChange,
    StatusSource,
)
from crossings.models.crossing import shown_on
from crossings.status import update
from crossings.status.stamp import Stamp, stamp_of
from forum.models import Topic
from pagecache.prepared import MARK, as_model, statement
from pagecache.store import Store

# How long a change of status is said on the topics about the crossing.
NEWS_FOR = timedelta(days=90)
LINK = "crossing_links__"
TOPICS_AT_ONCE = 30

_CROSSING = ["id", "slug", "name", "as_of", "editors_status", "confirmed_on", "confirmed_count"]
_OF_CARDS = ["altitude_m", "kind", "country_a_id", "country_b_id", "in_conflict_zone", "contradicted"]
_COUNTRY = ["code", "name"]
_SHOWN = ["shown_status", "shown_source"]
_REPORT = [
    "crossed_on", "only_month", "is_delayed", "is_hearsay", "direction", "outcome", "reason", "mode", "minutes_at_exit",
    "minutes_between", "minutes_at_entry", "days_waiting", "papers", "between", "unofficial_payment",
]  # fmt: skip
_FEE = ["amount", "currency", "purpose", "has_receipt"]
_NOTICE = ["kind", "text", "source", "begins_on", "ends_on"]
CHANGE = ["changed_on", "before", "after", "source"]
NEWEST = ["pk", "post_id", "crossed_on", "only_month", "is_delayed", "outcome", "reason"]
# Before the oldest of them the status is taken to have been what that one ended.
MOST_CHANGES = 20


@dataclass
class Linked:
    """A crossing that a topic is, or was, about; and what one page of the topic shows of it."""

    crossing: Crossing
    stamp: Stamp
    is_standing: bool = True
    # With the post that tells the story, by its primary key.
    reports: list[tuple[int, CrossingReport, list[ReportFee]]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    change: StatusChange | None = None
    history: list[StatusChange] = field(default_factory=list)
    newest: CrossingReport | None = None


@dataclass(frozen=True)
class Page:
    """All links of a topic, and what may be an answer on one page of it; kept for several readers."""

    links: list[Linked]
    answers: list[queries.Found]


def of_topics(topic_ids: Sequence[int]) -> Iterator[tuple[int, Linked]]:
    """The standing links of the topics of a list, in the order in which they were made."""
    today = update.today()
    question = statement(("crossings of topics", today), lambda: _of_topics(today))
    for ids in batched(topic_ids, TOPICS_AT_ONCE, strict=False):
        for row in question.rows(*ids, *[0] * (TOPICS_AT_ONCE - len(ids))):
            values = list(row)
            yield values.pop(0), _linked(values, _CROSSING, today)


def of_page(topic: Topic, first_number: int, last_number: int) -> Page:
    """All links of a topic; of those that were removed the reports still stand. One page of its posts is looked at.

    Kept for the topic as it is, with its crossings: until a version rises, and for KEPT_SECONDS at most.
    """
    key = (topic.stamp, topic.pk, first_number, last_number)
    return _kept.get_or_make(key, lambda: _read(topic.pk, first_number, last_number))


_kept: Store[tuple, Page] = Store(max_items=500, ttl=settings.KEPT_SECONDS)


def _read(topic_id: int, first_number: int, last_number: int) -> Page:
    today = update.today()
    question = statement(("crossings of a page", today), lambda: _of_page(today))
    rows = question.rows(topic_id, first_number, last_number)
    # The answers come with each row; a topic without links has one row with nothing else.
    found = [queries.of_json(json.loads(answer)) for _, answer_list, *_ in rows[:1] for answer in answer_list]
    return Page([_with_all(list(row[2:]), today) for row in rows if row[0] is not None], found)


def _of_topics(today: date):
    marks = [MARK + place for place in range(TOPICS_AT_ONCE)]
    links = CrossingTopic.objects.standing().filter(topic__in=marks).annotate(**shown_on(today, "crossing__"))
    return links.order_by("pk").values_list("topic_id", *_paths(_CROSSING), *_SHOWN)


def _of_page(today: date):
    crossing = OuterRef(f"{LINK}crossing")
    fees = ReportFee.objects.filter(report=OuterRef("pk")).order_by("pk").values(json=_json(_FEE))
    reports = CrossingReport.objects.filter(
        crossing=crossing, post__topic=MARK, post__number__range=(MARK + 1, MARK + 2)
    ).values(json=_json(["pk", "post_id", *_REPORT], fees=ArraySubquery(fees)))
    notices = Notice.objects.in_effect(today).filter(crossing=crossing).values(json=_json(_NOTICE))
    changes = StatusChange.objects.filter(crossing=crossing).order_by("-changed_on", "-pk")
    newest = CrossingReport.objects.filter(pk=OuterRef(f"{LINK}crossing__newest_report"))
    topics = Topic.objects.filter(pk=MARK).annotate(
        **shown_on(today, f"{LINK}crossing__"),
        answers=ArraySubquery(queries.on_page(MARK, (MARK + 1, MARK + 2))),
        told=ArraySubquery(reports),
        notices=ArraySubquery(notices),
        changes=ArraySubquery(as_json(changes, CHANGE)[:MOST_CHANGES]),
        newest=Subquery(as_json(newest, NEWEST)),
    )
    countries = [f"crossing__country_{side}__{name}" for side in "ab" for name in _COUNTRY]
    of_links = ["removed_at", *countries, *_paths(_CROSSING + _OF_CARDS)]
    first, *rest = [f"{LINK}{name}" for name in of_links]
    return topics.order_by(f"{LINK}pk").values_list(
        f"{LINK}pk", "answers", "told", "notices", "changes", "newest", first, *rest, *_SHOWN
    )


def _with_all(values: list, today: date) -> Linked:
    told, notices, changes, newest, removed_at, *rest = values
    country_a, country_b = (_as(Country, _COUNTRY, rest[place : place + 2]) for place in (0, 2))
    found = _linked(rest[4:], _CROSSING + _OF_CARDS, today)
    found.crossing.country_a, found.crossing.country_b = country_a, country_b
    found.is_standing = removed_at is None
    found.reports = [_report(found.crossing, json.loads(report)) for report in told]
    found.notices = [_notice(json.loads(notice)) for notice in notices]
    found.history = [change_of(json.loads(change)) for change in changes]
    found.change = next((change for change in found.history[:1] if _is_news(change, today)), None)
    found.newest = newest_of(json.loads(newest)) if newest else None
    return found


def _is_news(change: StatusChange, today: date) -> bool:
    """Nobody saw anything new where the rule for statuses changed."""
    return change.changed_on >= today - NEWS_FOR and change.source != StatusSource.RULE


def _linked(values: list, names: list[str], today: date) -> Linked:
    crossing = _as(Crossing, names, values[: len(names)])
    crossing.shown_status, crossing.shown_source = values[len(names) :]
    return Linked(crossing, stamp_of(crossing, today))


def _report(crossing: Crossing, told: dict) -> tuple[int, CrossingReport, list[ReportFee]]:
    facts = {name: told[name] for name in _REPORT} | _days(told, "crossed_on")
    fees = [ReportFee(**fee) for fee in told["fees"]]
    return told["post_id"], CrossingReport(crossing=crossing, pk=told["pk"], **facts), fees


def _notice(told: dict) -> Notice:
    return Notice(**told | _days(told, "begins_on", "ends_on"))


def change_of(told: dict) -> StatusChange:
    return StatusChange(**told | _days(told, "changed_on"))


def newest_of(told: dict) -> CrossingReport:
    return CrossingReport(**told | _days(told, "crossed_on"))


def _days(told: dict, *names: str) -> dict[str, date | None]:
    """JSON has no dates."""
    return {name: date.fromisoformat(told[name]) if told[name] else None for name in names}


def _as(model: Any, names: list[str], values: Sequence) -> Any:
    return as_model(model, names, values, fetch_mode=FETCH_RAISE)


def _paths(names: list[str]) -> list[str]:
    return [f"crossing__{name}" for name in names]


def as_json(found: QuerySet, names: list[str]) -> QuerySet:
    return found.values(json=_json(names))


def _json(names: list[str], **more: Any) -> JSONObject:
    return JSONObject(**{name: name for name in names}, **more)
