"""The worker's nightly and frequent chores, and the lock that lets only one worker run at a time."""
