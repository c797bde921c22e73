"""Letters that came back: they make letters rarer, then stop them, until the member has another address or says that
theirs works again.

A soft bounce weighs 1, a hard one 2; from LOWER_AT on nothing is sent at once any more, from STOP_AT on nothing at
all. They count for FADE_AFTER, unless they stopped the letters. A complaint stops all letters at once.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.utils import timezone

from accounts.models import User
from notifications.letters import preferences
from notifications.models import Bounce, Frequency, Letter

WEIGHTS = {Bounce.Kind.SOFT: 1, Bounce.Kind.HARD: 2, Bounce.Kind.COMPLAINT: 0}
LOWER_AT, STOP_AT = 2, 4
FADE_AFTER = timedelta(days=30)


@transaction.atomic
def record(user: User, kind: Bounce.Kind, key: str, *, words: str = "", letter: Letter | None = None) -> bool:
    """Count a bounce or a complaint, and whether it is new. The same key again counts nothing."""
    values = {
        "letter": letter, "address": user.email, "kind": kind, "weight": WEIGHTS[kind],
        "words": words[:200], "at": timezone.now(),
    }  # fmt: skip
    _, is_new = Bounce.objects.get_or_create(user=user, key=key[:120], defaults=values)
    if is_new and kind == Bounce.Kind.COMPLAINT:
        preferences.stop(user, preferences.ALL)
    return is_new


def weights(user_ids: Collection[int]) -> dict[int, int]:
    """The weight of bounces of members' addresses, without those that have none. One query."""
    rows = Bounce.objects.standing().filter(user__in=user_ids).values_list("user").annotate(Sum("weight"))
    return dict(rows.order_by())


def lowered(frequency: Frequency, weight: int) -> Frequency:
    """The frequency at which an address with bounces of that weight gets what its member wants at `frequency`."""
    if weight >= STOP_AT:
        return Frequency.NEVER
    return Frequency.DAILY if frequency == Frequency.AT_ONCE and weight >= LOWER_AT else frequency


def is_stopped(user: User) -> bool:
    return weights([user.pk]).get(user.pk, 0) >= STOP_AT


def is_dead(user: User, *, within: timedelta | None = None) -> bool:
    """Whether hard bounces alone reach STOP_AT; with `within`, and the newest is no older than that."""
    hard = Bounce.objects.standing().filter(user=user, kind=Bounce.Kind.HARD)
    if hard.aggregate(weight=Sum("weight", default=0))["weight"] < STOP_AT:
        return False
    return within is None or hard.filter(at__gt=timezone.now() - within).exists()


@transaction.atomic
def forgive(user: User) -> None:
    """Send letters again: the member says that their address works. Idempotent."""
    Bounce.objects.filter(user=user).delete()


def forget_old() -> None:
    """Delete bounces that no longer count, and those of former addresses. Called nightly (config/worker/nightly.py)."""
    Bounce.objects.exclude(address=F("user__email")).delete()
    total = Bounce.objects.filter(user=OuterRef("user")).values("user").annotate(total=Sum("weight")).values("total")
    old = Bounce.objects.filter(at__lt=timezone.now() - FADE_AFTER).annotate(total=Subquery(total))
    old.filter(total__lt=STOP_AT).delete()
