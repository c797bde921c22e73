"""What the worker does beside tasks: the nightly chores, and the lock that lets one worker work at a time."""
