"""Kinds of letters that members unsubscribed from."""

from accounts.models import User
from notifications.models import Letter, UnwantedLetter


def is_wanted(user: User, kind: Letter.Kind) -> bool:
    return not UnwantedLetter.objects.filter(user=user, kind=kind).exists()


def unwanted(user: User) -> set[str]:
    return set(UnwantedLetter.objects.filter(user=user).values_list("kind", flat=True))


def set_wanted(user: User, kind: Letter.Kind, *, is_wanted: bool) -> None:
    """Subscribe or unsubscribe a kind of letters. Idempotent."""
    if is_wanted:
        UnwantedLetter.objects.filter(user=user, kind=kind).delete()
    else:
        UnwantedLetter.objects.get_or_create(user=user, kind=kind)
