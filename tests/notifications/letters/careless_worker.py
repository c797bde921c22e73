"""The worker with one mistake in it, as a control for proofs: it notes a letter as sent before it sends it."""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from notifications.letters import delivery  # noqa: E402
from notifications.models import Letter  # noqa: E402

hand_over = delivery._hand_over


def note_first(letter: Letter, mailer: object) -> bool:
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())
    return hand_over(letter, mailer)


delivery._hand_over = note_first
call_command("worker", "--once")
