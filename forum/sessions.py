"""Sessions in the database, as Django has them, but read by a prepared statement: every page of every member does."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from forum.statements import run

_READ = """
    SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s
"""


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = run(_READ, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return None
        key, data, until = found[0]
        return Session(session_key=key, session_data=data, expire_date=until)
