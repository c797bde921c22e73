"""The moderation queue: its items, their list, and the buttons of each."""
