"""Borderpost's settings, with migrations of a later version (tests/faults/rounds/migration.py)."""

from config.settings import *  # noqa: F403

INSTALLED_APPS += ["tests.faults.later"]  # noqa: F405
