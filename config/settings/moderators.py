"""Moderation (docs/moderation.md)."""

from config import environment

# Total weight of open flags at which a post is held; a member's flag weighs 1.
FLAGS_HIDE_AT = environment.positive("FLAGS_HIDE_AT", 3.0)
# Seconds after an act until its letter is written, unless the act was undone.
MODERATION_LETTER_DELAY = environment.number("MODERATION_LETTER_DELAY", 120)
# Whether readers see who edited a post and when, and what it said before, as far as everybody could read that.
READERS_SEE_EDITS = environment.flag("READERS_SEE_EDITS", True)
WARNING_LIFE_DAYS = environment.positive("WARNING_LIFE_DAYS", 180)
ADDRESSES_KEPT_DAYS = environment.positive("ADDRESSES_KEPT_DAYS", 90)
# Steps: from this many standing points on, suspended for this many days.
WARNINGS_SUSPEND = environment.steps("WARNINGS_SUSPEND", "3:7,6:30")
