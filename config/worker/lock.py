"""The lock of the database that the worker holds while it lives: what says that one works, and only one."""

# Any number that is ours alone.
LOCK = 7_215_001
TRY = "SELECT pg_try_advisory_lock(%s)"
IS_HELD = """
    SELECT EXISTS (
        SELECT FROM pg_locks
         WHERE locktype = 'advisory' AND classid = 0 AND objid = %s AND objsubid = 1 AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""
