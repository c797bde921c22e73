"""Writing a letter: a row in the caller's transaction, sent by the worker after the commit."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications.models import Letter


@transaction.atomic
def write(user_id: int, kind: Letter.Kind, key: str, **about: Any) -> tuple[Letter, bool]:
    """Create a letter, to be sent after the commit, and whether it is new; the same key returns the same letter."""
    now = timezone.now()
    values = {"kind": kind, "made_at": now, "due_at": now} | about
    return Letter.objects.get_or_create(user_id=user_id, key=key, defaults=values)
