"""Django's database sessions, read by a prepared statement; by Django's own SQL a member's page costs 14 % more CPU
(docs/performance.md)."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from pagecache.prepared import run

_WRITE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s RETURNING true"
_READ = """
    SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s
"""


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = run(_READ, [self.session_key, timezone.now()], reads=Session)
        if not found:
            self._session_key = None
            return None
        key, data, until = found[0]
        return Session(session_key=key, session_data=data, expire_date=until)

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None or must_create:
            return super().save(must_create)
        data = self._get_session()  # type: ignore[attr-defined]
        values = [self.encode(data), self.get_expiry_date(), self.session_key]
        if not run(_WRITE, values, writes=Session):
            raise UpdateError  # the session was deleted concurrently
