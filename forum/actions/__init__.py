"""What changes more than one model: each verb is atomic, may be repeated, keeps the counters, and sends signals."""

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
