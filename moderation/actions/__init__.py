"""Acts of moderators, each in one transaction with its log entry.

By what is acted on: `topic_acts`, `post_acts`, `member_acts`, `spam`. `flags` and `appeals` are made by members,
`claims` assign queue items, and `undo` reverts acts.
"""

from moderation.actions import appeals, claims, flags, member_acts, post_acts, spam, topic_acts, undo
from moderation.actions.base import for_each

__all__ = ["appeals", "claims", "flags", "for_each", "member_acts", "post_acts", "spam", "topic_acts", "undo"]
