"""What moderators do, each act in one transaction with its entry in the log.

By what one acts on: `topics`, `posts`, `members`, `spam`; `flags` is what members ask for, `queue` who looks at what.
"""

from moderation.actions import flags, members, posts, queue, spam, topics
from moderation.actions.acting import for_each

__all__ = ["flags", "for_each", "members", "posts", "queue", "spam", "topics"]
