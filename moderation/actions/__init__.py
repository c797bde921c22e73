"""What moderators do, each act in one transaction with its entry in the log.

By what one acts on: `topic_acts`, `post_acts`, `member_acts`, `spam`; `flags` and `appeals` are what members ask for,
`claims` who looks at what in the queue, `undo` the way back.
"""

from moderation.actions import appeals, claims, flags, member_acts, post_acts, spam, topic_acts, undo
from moderation.actions.base import for_each

__all__ = ["appeals", "claims", "flags", "for_each", "member_acts", "post_acts", "spam", "topic_acts", "undo"]
