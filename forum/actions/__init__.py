"""Writes that change more than one model. Each is atomic and idempotent, updates the counters, and sends signals."""

from forum.actions import answers, drafts, edits, posts, reactions, rearrange, rules, subforums, topics, visibility

__all__ = [
    "answers",
    "drafts",
    "edits",
    "posts",
    "reactions",
    "rearrange",
    "rules",
    "subforums",
    "topics",
    "visibility",
]
