"""Entering, changing, withdrawing and bringing back posted hours; "still so"; the clocks of the two posts.

What was said, by whom and why stands in the history of the crossing; the rows themselves are kept for ever.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from crossings.editorial.actions import keep_edit, lock_crossing, refuse_stale
from crossings.editorial.wording import Words, changes, marker
from crossings.hours import kept, wording
from crossings.models import Crossing, CrossingReport, Hours, HoursConfirmation
from crossings.models.hours import ONCE, SAID
from crossings.permissions import can_confirm_hours, can_edit_hours
from crossings.status import update
from forum.permissions import NotAllowed

MOST_ROWS = 40  # standing, of one crossing
_TWICE = "These hours stand here already. Change that row, or say “still so”."


@transaction.atomic
def enter_hours(user: User, crossing: Crossing, *, values: Mapping[str, Any], reason: str) -> Hours:
    """A new row. The same that stands already is given back.

    Raises NotAllowed, and ValidationError if the same hours stand with another source, or too many rows stand.
    """
    crossing = lock_crossing(crossing, user, can_edit_hours)
    if standing := crossing.hours.standing().filter(**values).first():
        return standing
    _refuse_twice(crossing, values)
    return _enter(user, crossing, values, reason)


@transaction.atomic
def change_hours(user: User, hours: Hours, *, values: Mapping[str, Any], reason: str, based_on: str) -> Hours:
    """Another row in the place of this one. The same again changes nothing.

    Raises NotAllowed, ChangedMeanwhile, and ValidationError if the same hours stand in another row, or too many rows.
    """
    crossing = lock_crossing(hours.crossing, user, can_edit_hours)
    hours = Hours.objects.with_countries().get(pk=hours.pk)
    now = standing_in_place_of(hours)
    if now is not None and {name: getattr(now, name) for name in SAID} == dict(values):
        return now
    before, after = wording.of_hours(now), wording.of_hours(Hours(crossing=hours.crossing, **values))
    refuse_stale(based_on, before, changes(before, after))
    if now is None:  # withdrawn, and the editor has seen so
        _refuse_twice(crossing, values)
        return _enter(user, crossing, values, reason, before=hours)
    _refuse_twice(crossing, values, but=now)
    _withdraw(user, now)
    return _enter(user, crossing, values, reason, before=now, stood=before)


@transaction.atomic
def withdraw_hours(user: User, hours: Hours, *, reason: str) -> None:
    """Take a row out; a change of it by others is taken out with it. Twice changes nothing. Raises NotAllowed."""
    crossing = lock_crossing(hours.crossing, user, can_edit_hours)
    now = standing_in_place_of(Hours.objects.with_countries().get(pk=hours.pk))
    if now is None:
        return
    before = wording.of_hours(now)
    _withdraw(user, now)
    _keep(user, crossing, reason, changes(before, {}))


@transaction.atomic
def restore_hours(user: User, hours: Hours) -> Hours:
    """Bring a row back as it was, in the place of what replaced it. Twice changes nothing.

    Raises NotAllowed, and ValidationError if the same hours stand in another row, or too many rows stand.
    """
    crossing = lock_crossing(hours.crossing, user, can_edit_hours)
    hours = Hours.objects.with_countries().get(pk=hours.pk)
    values = {name: getattr(hours, name) for name in SAID}
    now = standing_in_place_of(hours)
    if now is not None and {name: getattr(now, name) for name in SAID} == values:
        return now
    _refuse_twice(crossing, values, but=now)
    if now is not None:
        _withdraw(user, now)
    stood, said = (
        wording.of_hours(now) if now else None,
        list(hours.confirmations.values("by", "report", "confirmed_at")),
    )
    return _enter(user, crossing, values, "Hours brought back", before=now or hours, stood=stood, said=said)


@transaction.atomic
def confirm_hours(user: User, hours: Hours) -> None:
    """ "Still so", as of the newest day on which the member was there. Twice changes nothing. Raises NotAllowed."""
    crossing = Crossing.objects.select_for_update(no_key=True).get(pk=hours.crossing_id)
    hours = Hours.objects.get(pk=hours.pk)
    report = newest_visit(user, crossing)
    seen_on: date | None = report.on if report else None  # type: ignore[attr-defined]
    if report is None or not can_confirm_hours(user, hours, seen_on):
        raise NotAllowed
    said = {"report": report, "confirmed_at": timezone.now()}
    found, is_new = HoursConfirmation.objects.get_or_create(hours=hours, by=user, defaults=said)
    if not is_new and found.report_id == report.pk:
        return
    if not is_new:
        HoursConfirmation.objects.filter(pk=found.pk).update(**said)
    kept.keep(crossing, update.today())


@transaction.atomic
def edit_clocks(user: User, crossing: Crossing, *, values: Mapping[str, str], reason: str, based_on: str) -> Crossing:
    """Change the clocks of the two posts. Raises NotAllowed and ChangedMeanwhile."""
    lock_crossing(crossing, user, can_edit_hours)
    crossing = Crossing.objects.with_countries().get(pk=crossing.pk)
    before = wording.of_clocks(crossing)
    for name, value in values.items():
        setattr(crossing, name, value)
    lines = changes(before, wording.of_clocks(crossing))
    if not lines:
        return crossing
    refuse_stale(based_on, before, lines)
    crossing.save(update_fields=[*values])
    keep_edit(user, crossing, reason, lines)
    return crossing


def standing_in_place_of(hours: Hours) -> Hours | None:
    """The row itself, or what stands in its place: what replaced it, or what it replaced and was brought back."""
    rows = Hours.objects.with_countries()
    seen: dict[int, Hours] = {}
    found = [hours]
    while found:
        standing = [row for row in found if row.withdrawn_at is None]
        if standing:
            return max(standing, key=lambda row: row.pk)
        seen |= {row.pk: row for row in found}
        before = [row.replaces_id for row in found if row.replaces_id]
        found = list(rows.filter(Q(replaces__in=[row.pk for row in found]) | Q(pk__in=before)).exclude(pk__in=seen))
    return None


def marker_of(hours: Hours | None) -> str:
    return marker(wording.of_hours(hours))


def newest_visit(user: User, crossing: Crossing) -> CrossingReport | None:
    """The newest report of a member who was there, of those that everybody may read, with `on`: the public day."""
    if not user.is_authenticated:
        return None
    return kept.visits(crossing.pk, update.today()).filter(post__author=user).order_by("-on", "-pk").first()


def _refuse_twice(crossing: Crossing, values: Mapping[str, Any], but: Hours | None = None) -> None:
    same = crossing.hours.standing().filter(**{name: values[name] for name in ONCE})
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise ValidationError(_TWICE)


def _enter(
    user: User,
    crossing: Crossing,
    values: Mapping[str, Any],
    reason: str,
    *,
    before: Hours | None = None,
    stood: Words | None = None,
    said: Sequence[Mapping[str, Any]] = (),
) -> Hours:
    """A row, who `said` "still so" of it, and a line of the history from what `stood`; `before` is replaced.

    Raises ValidationError if nothing stood in its place, and too many rows stand.
    """
    if not stood and crossing.hours.standing().count() >= MOST_ROWS:
        raise ValidationError(f"A crossing may have {MOST_ROWS} rows of hours. Take out what is over.")
    hours = Hours.objects.create(
        crossing=crossing, entered_by=user, entered_at=timezone.now(), replaces=before, **values
    )
    HoursConfirmation.objects.bulk_create(
        HoursConfirmation(
            hours=hours, by_id=one["by"], report_id=one["report"], confirmed_at=one["confirmed_at"]
        )
        for one in said
    )  # fmt: skip
    hours.crossing = Crossing.objects.with_countries().get(pk=crossing.pk)
    _keep(user, crossing, reason, changes(stood or {}, wording.of_hours(hours)))
    return hours


def _withdraw(user: User, hours: Hours) -> None:
    hours.withdrawn_by, hours.withdrawn_at = user, timezone.now()
    hours.save(update_fields=["withdrawn_by", "withdrawn_at"])


def _keep(user: User, crossing: Crossing, reason: str, lines: list[list[str]]) -> None:
    keep_edit(user, crossing, reason, lines)
    kept.keep(crossing, update.today())
    update.judge(crossing.pk)  # a closure on a day on which it rests is no news
