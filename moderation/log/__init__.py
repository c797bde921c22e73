"""The log of moderators' acts: writing it, and who may read what of it."""
