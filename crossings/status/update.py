"""Judging crossings from stored reports, on every change and once a night, by crossings/status/judgement.py."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.models.badge import countries_of_badges
from crossings import signals
from crossings.closures.crossing_calendar import calendar_of
from crossings.closures.reported_days import was_announced, was_by_calendar
from crossings.hours import kept
from crossings.models import Crossing, CrossingReport, Hours, Notice, Outcome, StatusChange, StatusSource
from crossings.models.crossing import CrossingQuerySet
from crossings.status import evidence, medians, ways
from crossings.status.judgement import Judgement, Verdict, judge_reports
from crossings.status.rules import Observation, Rules, Trust, World, world_of
from crossings.wording import public_day, public_precision
from pagecache.prepared import MARK
from pagecache.prepared_models import instances
from pagecache.versions import bump

# Older ones weigh next to nothing, and no page may wait for all of them.
MOST_REPORTS = 2_000


def rules() -> Rules:
    """The numbers of this forum: the setting CROSSING_STATUS (docs/settings.md)."""
    return Rules(**settings.CROSSING_STATUS)


def today() -> date:
    """The day by which statuses are judged: in UTC, for everybody the same."""
    return timezone.now().date()


def world(crossing: Crossing) -> World:
    """What is known of a crossing beside its reports."""
    return world_of(crossing.editors_status, rules(), in_conflict_zone=crossing.in_conflict_zone)


@transaction.atomic
def judge(*crossing_ids: int, by_new_rule: bool = False) -> None:
    """Compute the status of these crossings (primary keys) from their reports, and end cached pages if it changed.

    Rows are locked in order of the primary key. A primary key that is gone is skipped. `by_new_rule`: a status that
    changes does so because the rule did; the history says so, and nobody is sent news.
    """
    crossings = list(Crossing.objects.filter(pk__in=crossing_ids).order_by("pk").select_for_update(no_key=True))
    day, numbers = today(), rules()
    for crossing in crossings:
        _judge_one(crossing, day, numbers, by_new_rule=by_new_rule)


def judge_all(*, by_new_rule: bool = False) -> None:
    """Compute the status of all crossings, once a night: trust, badges and the day change. A transaction for each.

    Of most nobody ever told anything. There only time changes what is shown, which is looked up for all at once; and
    what a first night finds is no change, so it is noted for all at once, too.
    """
    silent, day = _silent(), today()
    _note_first(silent.filter(noted_status=""), day)
    for pk in Crossing.objects.exclude(pk__in=silent.values("pk")).order_by("pk").values_list("pk", flat=True):
        judge(pk, by_new_rule=by_new_rule)
    for pk in (
        silent.with_status(day).exclude(noted_status=F("shown_status")).order_by("pk").values_list("pk", flat=True)
    ):
        _note_one(pk, day, by_new_rule=by_new_rule)


def _silent() -> CrossingQuerySet:
    """Crossings of which nobody told anything, and which keep nothing of it."""
    told = [CrossingReport.objects.filter(crossing=OuterRef("pk")), Hours.objects.filter(crossing=OuterRef("pk"))]
    kept_nothing = Q(figures={}) | Q(figures__passports__groups=[])
    empty = Crossing.objects.filter(kept_nothing, reports_count=0, reported_status="", evidence=[], kept_hours={})
    return empty.exclude(Exists(told[0]) | Exists(told[1]))


@transaction.atomic
def _note_first(unnoted: CrossingQuerySet, day: date) -> None:
    """What is shown of crossings whose history has not begun."""
    ids = list(unnoted.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    by_status = defaultdict(list)
    for pk, shown in unnoted.filter(pk__in=ids).with_status(day).values_list(*["pk", "shown_status"]):
        by_status[shown].append(pk)
    for shown, pks in by_status.items():
        bump(Crossing, *pks, noted_status=shown)


@transaction.atomic
def _note_one(pk: int, day: date, *, by_new_rule: bool) -> None:
    Crossing.objects.select_for_update(no_key=True).get(pk=pk)
    _note_change(pk, day, by_new_rule=by_new_rule)


def observations(crossing: Crossing) -> list[Observation]:
    """The reports of a crossing that everybody may read, as they count today."""
    day = today()
    calendar = calendar_of(crossing, instances("notices that close", _notices_that_close, crossing.pk))
    return [
        Observation(
            report_id=report.pk,
            author_id=report.post.author_id,
            crossed_on=public_day(report, day),
            direction=report.direction,
            mode=report.mode,
            outcome=report.outcome,
            reason=report.reason,
            trust=_trust(crossing, report.post.author, report.expert_of),
            is_hearsay=report.is_hearsay,
            is_for_the_record=report.is_for_the_record(day),
            is_trade=report.post.author.trade_at is not None,
            precision=public_precision(report, day),
            was_announced=was_announced(calendar, report, day),
            was_by_calendar=was_by_calendar(calendar, report, day),
        )
        for report in instances(("reports that count", day), lambda: _reports_that_count(day), crossing.pk)
    ]


def _notices_that_close() -> QuerySet[Notice]:
    return Notice.objects.standing().that_close().filter(crossing=MARK)


def _reports_that_count(day: date) -> QuerySet[Any]:
    """With `expert_of`: the codes of the countries of which their authors are experts."""
    counted = CrossingReport.objects.filter(crossing=MARK).readable_by_all().newest_first(day)
    counted = counted.annotate(expert_of=countries_of_badges(OuterRef("post__author")))
    return counted.select_related("post__author").only(*_COLUMNS)[:MOST_REPORTS]


_COLUMNS = [
    "crossed_on", "direction", "mode", "outcome", "reason", "is_hearsay", "is_delayed", "only_month", "post__author",
    "post__author__trust", "post__author__is_staff", "post__author__trade_at",
]  # fmt: skip


def _trust(crossing: Crossing, author: User, expert_of: list[str]) -> Trust:
    """Experts of either country are trusted there like members who have earned it."""
    is_expert = crossing.country_a_id in expert_of or crossing.country_b_id in expert_of
    if author.is_staff or author.trust >= User.Trust.TRUSTED or is_expert:
        return Trust.TRUSTED
    return Trust.MEMBER if author.trust == User.Trust.MEMBER else Trust.NEW


def _judge_one(crossing: Crossing, day: date, numbers: Rules, *, by_new_rule: bool) -> None:
    found = observations(crossing)
    known = world(crossing)
    judgement = judge_reports(found, day, known, numbers)
    values = _values(judgement, found) | {
        "figures": medians.gather(crossing), "evidence": evidence.gather(judgement.counted, known.half_life),
        "kept_hours": kept.gather(crossing, day),
    }  # fmt: skip
    changed = {name: value for name, value in values.items() if getattr(crossing, name) != value}
    if changed:
        bump(Crossing, crossing.pk, **changed)
    _note_change(crossing.pk, day, by_new_rule=by_new_rule)


def _values(judgement: Judgement, found: list[Observation]) -> dict:
    """What a crossing keeps of its reports, so that no page needs to read all of them."""
    stamp = judgement.stamp
    told = Counter(seen.cell for seen in found)
    turned_back = Counter(seen.cell for seen in found if seen.outcome not in Outcome.passes())
    newest = {seen.cell: seen.crossed_on for seen in reversed(found)}
    sides = ways.newest_of_each_side(judgement.counted)
    last = max(
        (seen for seen in found if seen.counts), key=lambda seen: (seen.crossed_on, seen.report_id), default=None
    )
    return {
        "newest_report_id": last and last.report_id,
        "newest_on": last and last.crossed_on,
        "reported_status": stamp.status if stamp.until else "",
        "speaks_until": stamp.until,
        "disputed_until": stamp.disputed_until,
        "confirmed_on": stamp.confirmed_on,
        "confirmed_count": stamp.confirmed_count,
        "contradicted": stamp.is_disputed,
        "reports_count": len(found),
        "cells": [
            _cell(cell, judgement.cells.get(cell))
            | {
                "reports": told[cell],
                "turned_back": turned_back[cell],
                "newest_on": newest[cell].isoformat(),
                "newest": sides.get(cell, []),
            }
            for cell in sorted(told)
        ],
    }


def _cell(place: tuple[str, str], verdict: Verdict | None) -> dict:
    """What is kept of a direction and way of travelling; of one without a report that counts, that nothing is said."""
    days = {
        "until": verdict and verdict.until,
        "disputed_until": verdict and verdict.disputed_until,
        "confirmed_on": verdict and verdict.confirmed_on,
    }
    return {
        "direction": place[0],
        "mode": place[1],
        "status": verdict.status if verdict and verdict.until else "",
        **{name: day and day.isoformat() for name, day in days.items()},
        "confirmed_count": verdict.confirmed_count if verdict else 0,
    }


def _note_change(crossing_id: int, day: date, *, by_new_rule: bool) -> None:
    """Keep in the history what is shown now, if it is not what was shown before."""
    shown_today = partial(Crossing.objects.with_status(day).filter, pk=MARK)
    [crossing] = instances(("shown status", day), shown_today, crossing_id)
    shown, before = crossing.shown_status, crossing.noted_status
    if shown == before:
        return
    bump(Crossing, crossing_id, noted_status=shown)
    if before:
        change = StatusChange.objects.create(
            crossing=crossing,
            changed_on=day,
            before=before,
            after=shown,
            source=StatusSource.RULE if by_new_rule else crossing.shown_source,
            noted_at=timezone.now(),
        )
        if not by_new_rule:
            signals.status_changed.send(StatusChange, change=change)


def crossings_of_reports_by(users: Iterable[User]) -> list[int]:
    """The crossings that somebody's reports count for: to be judged when the trust in them changes."""
    reports = CrossingReport.objects.filter(post__author__in=users)
    return list(reports.order_by("crossing").values_list("crossing", flat=True).distinct())
