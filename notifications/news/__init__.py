"""News of members: which cause tells whom, in which words, and how many are unread."""
