"""Changing the preset reasons of a subforum, or of the whole forum (None). All raise NotAllowed."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.models import Subforum
from forum.permissions import CannotBeDone, NotAllowed
from moderation.models import PresetReason
from moderation.permissions import can_edit_reasons
from moderation.reasons.offered_reasons import Preset, presets_for
from moderation.rules import RuleChoice, rules_for
from pagecache.prepared import run

# No form offers more: choosing would take longer than writing.
MOST = 12


@dataclass
class ReasonChangedMeanwhile(Exception):
    """Edit conflict: somebody else changed it since the form was opened; `reason` is how it stands now."""

    reason: PresetReason


@transaction.atomic
def add_reason(user: User, subforum: Subforum | None, *, label: str, **values: Any) -> PresetReason:
    """Add a reason at the end. `values`: text, rule_text, is_forum_rule, cause. The same label and values again change
    nothing.

    The first one of a place that inherits its reasons brings copies of those, so that none is lost. Raises CannotBeDone
    for a label that is there with other words, and for more than MOST.
    """
    own = _lock(user, subforum) or _copy_inherited(user, subforum)
    same = next((reason for reason in own if reason.label.casefold() == label.casefold()), None)
    if same is not None:
        if all(getattr(same, name) == value for name, value in values.items()):
            return same
        raise CannotBeDone("There is a reason with this name already. Change that one, or choose another name.")
    if len(own) >= MOST:
        raise CannotBeDone(
            f"There are {MOST} reasons already, and more would be hard to choose from. Remove one first."
        )
    return _create(user, subforum, own[-1].position + 1 if own else 0, label=label, **values)


@transaction.atomic
def copy_inherited(user: User, subforum: Subforum | None) -> list[PresetReason]:
    """Make the inherited reasons the place's own, to be changed there. Idempotent."""
    return _lock(user, subforum) or _copy_inherited(user, subforum)


@transaction.atomic
def change_reason(user: User, reason: PresetReason, *, based_on: int, **values: Any) -> PresetReason | None:
    """Change a reason; None if it is gone. `based_on` is the version that the form was opened with.

    Raises ReasonChangedMeanwhile, and CannotBeDone for the label of another reason.
    """
    own = _lock(user, reason.subforum)
    now = next((other for other in own if other.pk == reason.pk), None)
    if now is None or all(getattr(now, name) == value for name, value in values.items()):
        return now
    if now.version != based_on:
        raise ReasonChangedMeanwhile(now)
    if any(other.pk != now.pk and other.label.casefold() == values["label"].casefold() for other in own):
        raise CannotBeDone("There is another reason with this name. Choose another name.")
    stands = values | {"by": user, "at": timezone.now(), "version": now.version + 1}
    PresetReason.objects.filter(pk=now.pk).update(**stands)
    now.refresh_from_db()
    return now


@transaction.atomic
def remove_reason(user: User, reason: PresetReason) -> None:
    """Remove a reason. Idempotent. A place without any of its own inherits them again."""
    _lock(user, reason.subforum)
    PresetReason.objects.filter(pk=reason.pk).delete()


@transaction.atomic
def raise_reason(user: User, reason: PresetReason) -> None:
    """Move a reason before the one above it; the first stays."""
    own = _lock(user, reason.subforum)
    place = next((number for number, other in enumerate(own) if other.pk == reason.pk), 0)
    if place:
        own[place - 1 : place + 1] = [own[place], own[place - 1]]
    for number, other in enumerate(own):
        if other.position != number:
            PresetReason.objects.filter(pk=other.pk).update(position=number)


def _lock(user: User, subforum: Subforum | None) -> list[PresetReason]:
    """The place's own reasons, which nobody else changes until the end of the transaction. Raises NotAllowed."""
    if not can_edit_reasons(user, subforum):
        raise NotAllowed
    # An advisory lock, because before the first reason there is no row to lock.
    name = f"preset reasons {subforum.pk if subforum else 'of all'}"
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name], writes=PresetReason)
    return list(PresetReason.objects.filter(subforum=subforum).select_related("subforum"))


def _copy_inherited(user: User, subforum: Subforum | None) -> list[PresetReason]:
    rules = rules_for(subforum)
    presets = presets_for(subforum, rules)
    return [_copy(user, subforum, number, preset, rules) for number, preset in enumerate(presets)]


def _copy(user: User, subforum: Subforum | None, number: int, preset: Preset, rules: list[RuleChoice]) -> PresetReason:
    rule = next((rule for rule in rules if rule.value == preset.rule), None)
    named = {"rule_text": rule.text, "is_forum_rule": rule.is_forum_rule} if rule else {}
    return _create(user, subforum, number, label=preset.label, text=preset.text, cause=preset.cause, **named)


def _create(user: User, subforum: Subforum | None, position: int, **values: Any) -> PresetReason:
    return PresetReason.objects.create(subforum=subforum, position=position, by=user, at=timezone.now(), **values)
