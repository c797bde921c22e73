"""Writing a letter: a row in the caller's transaction, sent by the worker after the commit."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications import tasks
from notifications.models import Letter


@transaction.atomic
def write(user_id: int, kind: Letter.Kind, key: str, **about: Any) -> tuple[Letter, bool]:
    """Create a letter, to be sent after the commit, and whether it is new; the same key returns the same letter."""
    values = {"kind": kind, "made_at": timezone.now()} | about
    letter, is_new = Letter.objects.get_or_create(user_id=user_id, key=key, defaults=values)
    if is_new:
        tasks.send_letter.enqueue(letter.pk)
    return letter, is_new
