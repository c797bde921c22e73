"""The worker's nightly chores, and the lock that lets only one worker run at a time."""
