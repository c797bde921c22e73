"""Changing what the editors say of a crossing. Every change is kept in words, with who made it, when and why.

Saving the same again changes nothing. `based_on` is the marker (crossings/editorial/wording.py) of what the form began
with; the second of two editors gets ChangedMeanwhile, and nothing is written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from crossings import tasks
from crossings.editorial import wording
from crossings.editorial.wording import Words
from crossings.models import Crossing, CrossingEdit, CrossingFact, CrossingName
from crossings.permissions import can_edit_crossing, can_edit_place
from crossings.status import update
from forum.permissions import NotAllowed
from pagecache.versions import bump

# What changes the judgement of a crossing.
_JUDGED = {"editors_status", "in_conflict_zone"}
# What changes its maps, and those of its neighbours.
_MAPPED = {"name", "latitude", "longitude", "country_a", "country_b"}
# What changes the experts whose replies answer questions about it.
_COUNTRIES = {"country_a", "country_b"}


@dataclass
class ChangedMeanwhile(Exception):
    """Somebody else changed the same since the form was opened. `said` is how it stands now, with its marker; `lines`
    are what the second editor would have changed of it."""

    marker: str
    said: Words
    lines: list[list[str]]


@transaction.atomic
def add_crossing(user: User, crossing: Crossing, *, reason: str) -> Crossing:
    """A new crossing, with its own name as its first. The same again gives the one that is there.

    Raises NotAllowed, and ValidationError if its address or name is taken.
    """
    if not can_edit_place(user):
        raise NotAllowed
    said = wording.of_place(crossing)
    try:
        _save(crossing)
    except ValidationError:
        known = Crossing.objects.filter(slug=crossing.slug).first()
        if known is None or wording.of_place(known) != said:
            raise
        return known
    CrossingName.objects.create(crossing=crossing, text=crossing.name)
    keep_edit(user, crossing, reason, wording.changes({}, said))
    update.judge(crossing.pk)
    tasks.draw_maps.enqueue()
    return crossing


@transaction.atomic
def edit_place(user: User, crossing: Crossing, *, values: Mapping[str, Any], reason: str, based_on: str) -> Crossing:
    """Change what a crossing itself is. Raises NotAllowed, ChangedMeanwhile, and ValidationError for a name taken."""
    crossing = lock_crossing(crossing, user, can_edit_place)
    before = wording.of_place(crossing)
    differing = [name for name, value in values.items() if getattr(crossing, name) != value]
    for name in differing:
        setattr(crossing, name, values[name])
    lines = wording.changes(before, wording.of_place(crossing))
    if not lines:
        return crossing
    refuse_stale(based_on, before, lines)
    _save(crossing, update_fields=differing)
    CrossingName.objects.get_or_create(crossing=crossing, text=crossing.name)
    keep_edit(user, crossing, reason, lines)
    if _JUDGED.intersection(differing):
        update.judge(crossing.pk)
    if _MAPPED.intersection(differing):
        tasks.draw_maps.enqueue()
    if _COUNTRIES.intersection(differing):
        tasks.follow_countries.enqueue(crossing.pk)
    return crossing


@transaction.atomic
def edit_facts(
    user: User, crossing: Crossing, *, facts: Iterable[CrossingFact], reason: str, based_on: str
) -> Crossing:
    """These are all the facts of a crossing from now on. Raises NotAllowed and ChangedMeanwhile."""
    crossing = lock_crossing(crossing, user, can_edit_crossing)
    known, wanted = {fact.kind: fact for fact in crossing.facts.all()}, {fact.kind: fact for fact in facts}
    before, after = wording.of_facts(known.values()), wording.of_facts(wanted.values())
    lines = wording.changes(before, after)
    if not lines:
        return crossing
    refuse_stale(based_on, before, lines)
    crossing.facts.exclude(kind__in=wanted).delete()
    for kind, fact in wanted.items():
        said = {name: getattr(fact, name) for name in ("text", "as_of", "source", "confidence")}
        CrossingFact.objects.update_or_create(crossing=crossing, kind=kind, defaults=said)
    keep_edit(user, crossing, reason, lines)
    return crossing


@transaction.atomic
def edit_names(user: User, crossing: Crossing, *, names: Mapping[str, bool], reason: str, based_on: str) -> Crossing:
    """These are all the names of a crossing from now on, each with whether it needs context; its own one stays.

    Raises NotAllowed and ChangedMeanwhile.
    """
    crossing = lock_crossing(crossing, user, can_edit_crossing)
    names = {crossing.name: False} | dict(names)
    wanted = [CrossingName(crossing=crossing, text=text, needs_context=mark) for text, mark in names.items()]
    known = {name.text: name for name in crossing.names.all()}
    before, after = wording.of_names(known.values()), wording.of_names(wanted)
    lines = wording.changes(before, after)
    if not lines:
        return crossing
    if based_on != wording.marker(before):
        lists = ["\n".join(said.values()) for said in (before, after)]
        raise ChangedMeanwhile(wording.marker(before), {"Names": lists[0]}, [["Names", *lists]])
    lines = [["Name", *texts] for _, *texts in lines]
    crossing.names.exclude(text__in=names).delete()
    for mark in (True, False):
        crossing.names.filter(text__in=[text for text in names if names[text] is mark]).update(needs_context=mark)
    CrossingName.objects.bulk_create(name for name in wanted if name.text not in known)
    keep_edit(user, crossing, reason, lines)
    return crossing


def lock_crossing(crossing: Crossing, user: User, may: Callable[[User, Crossing], bool]) -> Crossing:
    """The crossing as it is now, locked until the transaction ends, if the user may still change it."""
    crossing = Crossing.objects.select_for_update(no_key=True).get(pk=crossing.pk)
    if not may(user, crossing):
        raise NotAllowed
    return crossing


def refuse_stale(based_on: str, said: Words, lines: list[list[str]]) -> None:
    marker = wording.marker(said)
    if based_on != marker:
        raise ChangedMeanwhile(marker, said, lines)


def keep_edit(user: User, crossing: Crossing, reason: str, lines: list[list[str]]) -> None:
    """Write a change into the history of a crossing, and end its kept pages."""
    CrossingEdit.objects.create(
        crossing=crossing, edited_by=user, edited_at=timezone.now(), reason=reason, changes=lines
    )
    bump(Crossing, crossing.pk)


def _save(crossing: Crossing, **how: Any) -> None:
    """Two editors may choose one name at once: only the database knows who was first."""
    try:
        with transaction.atomic():
            crossing.save(**how)
    except IntegrityError as error:
        words = {"slug": "Another crossing has this address.", "name": "Another crossing has this name."}
        others = Crossing.objects.exclude(pk=crossing.pk)
        taken = {field: text for field, text in words.items() if others.filter(**{field: getattr(crossing, field)})}
        if not taken:
            raise
        raise ValidationError(taken) from error
