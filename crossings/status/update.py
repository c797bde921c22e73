"""Judging crossings from stored reports, on every change and once a night, by crossings/status/rules.py."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef
from django.utils import timezone

from accounts.models import User
from accounts.models.badge import countries_of_badges
from crossings import signals
from crossings.models import Crossing, CrossingReport, Outcome, StatusChange
from crossings.status import medians
from crossings.status.rules import NOTHING, Judgement, Observation, Rules, judge_reports
from crossings.wording import public_day
from pagecache.versions import bump

# Older ones weigh next to nothing, and no page may wait for all of them.
MOST_REPORTS = 2_000


def rules() -> Rules:
    """The numbers of this forum: the setting CROSSING_STATUS (docs/settings.md)."""
    return Rules(**settings.CROSSING_STATUS)


def today() -> date:
    """The day by which statuses are judged: in UTC, for everybody the same."""
    return timezone.now().date()


@transaction.atomic
def judge(*crossing_ids: int) -> None:
    """Compute the status of these crossings (primary keys) from their reports, and end cached pages if it changed.

    Rows are locked in order of the primary key. A primary key that is gone is skipped.
    """
    crossings = list(Crossing.objects.filter(pk__in=crossing_ids).order_by("pk").select_for_update(no_key=True))
    day, numbers = today(), rules()
    for crossing in crossings:
        _judge_one(crossing, day, numbers)


def judge_all() -> None:
    """Compute the status of all crossings, once a night: trust, badges and the day change. A transaction for each."""
    for pk in Crossing.objects.order_by("pk").values_list("pk", flat=True):
        judge(pk)


def observations(crossing: Crossing) -> list[Observation]:
    """The reports of a crossing that everybody may read, as they count today."""
    numbers, day = rules(), today()
    counted = CrossingReport.objects.filter(crossing=crossing).readable_by_all().newest_first(day)
    reports = counted.select_related("post__author").only(*_COLUMNS)
    return [
        Observation(
            report_id=report.pk,
            author_id=report.post.author_id,
            crossed_on=public_day(report, day),
            direction=report.direction,
            mode=report.mode,
            outcome=report.outcome,
            reason=report.reason,
            trust=_trust(numbers, crossing, report.post.author, report.expert_of),
            is_hearsay=report.is_hearsay,
            is_for_the_record=report.is_for_the_record(day),
            is_trade=report.post.author.trade_at is not None,
        )
        for report in reports.annotate(expert_of=countries_of_badges(OuterRef("post__author")))[:MOST_REPORTS]
    ]


_COLUMNS = [
    "crossed_on", "direction", "mode", "outcome", "reason", "is_hearsay", "is_delayed", "only_month", "post__author",
    "post__author__trust", "post__author__is_staff", "post__author__trade_at",
]  # fmt: skip


def _trust(numbers: Rules, crossing: Crossing, author: User, expert_of: list[str]) -> float:
    """Experts of either country, and who has earned it, weigh most."""
    is_expert = crossing.country_a_id in expert_of or crossing.country_b_id in expert_of
    if author.is_staff or author.trust >= User.Trust.TRUSTED or is_expert:
        return numbers.trusted
    return numbers.member if author.trust == User.Trust.MEMBER else numbers.new


def _judge_one(crossing: Crossing, day: date, numbers: Rules) -> None:
    half_life = numbers.half_life_of(in_conflict_zone=crossing.in_conflict_zone)
    found = observations(crossing)
    values = {"figures": medians.gather(crossing)} | _values(judge_reports(found, day, half_life, numbers), found)
    changed = {name: value for name, value in values.items() if getattr(crossing, name) != value}
    if changed:
        bump(Crossing, crossing.pk, **changed)
    _note_change(crossing.pk, day)


def _values(judgement: Judgement, found: list[Observation]) -> dict:
    """What a crossing keeps of its reports, so that no page needs to read all of them."""
    stamp = judgement.stamp
    told = Counter(seen.cell for seen in found)
    turned_back = Counter(seen.cell for seen in found if seen.outcome not in Outcome.passes())
    newest = {seen.cell: seen.crossed_on for seen in reversed(found)}
    cells = {cell: judgement.cells.get(cell, NOTHING) for cell in sorted(told)}
    last = max(
        (seen for seen in found if seen.counts), key=lambda seen: (seen.crossed_on, seen.report_id), default=None
    )
    return {
        "newest_report_id": last and last.report_id,
        "newest_on": last and last.crossed_on,
        "reported_status": stamp.status,
        "speaks_until": stamp.until,
        "confirmed_on": stamp.confirmed_on,
        "confirmed_count": stamp.confirmed_count,
        "contradicted": stamp.contradicted,
        "reports_count": len(found),
        "cells": [
            {
                "direction": direction,
                "mode": mode,
                "status": cell.status,
                "until": cell.until and cell.until.isoformat(),
                "confirmed_on": cell.confirmed_on and cell.confirmed_on.isoformat(),
                "confirmed_count": cell.confirmed_count,
                "contradicted": cell.contradicted,
                "reports": told[direction, mode],
                "turned_back": turned_back[direction, mode],
                "newest_on": newest[direction, mode].isoformat(),
            }
            for (direction, mode), cell in cells.items()
        ],
    }


def _note_change(crossing_id: int, day: date) -> None:
    """Keep in the history what is shown now, if it is not what was shown before."""
    crossing = Crossing.objects.with_status(day).get(pk=crossing_id)
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
            source=crossing.shown_source,
            noted_at=timezone.now(),
        )
        signals.status_changed.send(StatusChange, change=change)


def crossings_of_reports_by(users: Iterable[User]) -> list[int]:
    """The crossings that somebody's reports count for: to be judged when the trust in them changes."""
    reports = CrossingReport.objects.filter(post__author__in=users)
    return list(reports.order_by("crossing").values_list("crossing", flat=True).distinct())
