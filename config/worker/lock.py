"""The advisory lock that the worker holds while it lives: proof that exactly one is running."""

# An arbitrary number that no other lock uses.
LOCK = 7_215_001
TRY = "SELECT pg_try_advisory_lock(%s)"
IS_HELD = """
    SELECT EXISTS (
        SELECT FROM pg_locks
         WHERE locktype = 'advisory' AND classid = 0 AND objid = %s AND objsubid = 1 AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""
