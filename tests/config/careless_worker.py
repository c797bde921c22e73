"""The worker with one mistake in it, as a control for proofs: it never looks whether its locks are still held."""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from config.worker.turn import Turn  # noqa: E402

Turn._takes_lock_of_work = lambda turn: True  # type: ignore[method-assign]
call_command("worker")
