"""The advisory locks of the worker: proof that exactly one is at work.

Without Django, for the container's health check.
"""

# Arbitrary numbers that no other locks use. LOCK is held on a connection of its own for as long as a worker works;
# LOCK_OF_WORK by the connection that works.
LOCK = 7_215_001
LOCK_OF_WORK = 7_215_002
TRY = "SELECT pg_try_advisory_lock(%s)"
_HELD = """
    SELECT FROM pg_locks
     WHERE locktype = 'advisory' AND classid = 0 AND objid = {lock} AND objsubid = 1 AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
IS_HELD = f"SELECT EXISTS ({_HELD.format(lock='%s')})"
# Whether the worker began within the last hour. A worker of another role is not seen, and counts as older.
_BEGAN_LATELY = "SELECT pid FROM pg_stat_activity WHERE backend_start > now() - interval '1 hour'"
HOLDER_IS_NEW = f"SELECT EXISTS ({_HELD.format(lock='%s')} AND pid IN ({_BEGAN_LATELY}))"
# Whether the process with that id holds LOCK, and this connection LOCK_OF_WORK, which it takes if it is free. An
# advisory lock is counted, hence the CASE: it is taken at most once by a connection.
IS_OURS = f"""
    SELECT EXISTS ({_HELD.format(lock=LOCK)} AND pid = %s),
           CASE WHEN EXISTS ({_HELD.format(lock=LOCK_OF_WORK)} AND pid = pg_backend_pid()) THEN true
                ELSE pg_try_advisory_lock({LOCK_OF_WORK}) END
"""
RELEASE = f"SELECT pg_advisory_unlock({LOCK_OF_WORK})"
