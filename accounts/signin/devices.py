"""Where a member is signed in: one row for each session, written when it begins and once an hour of use."""

import ipaddress
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.limits.rate_limits import client_address
from accounts.models import MemberSession, User
from accounts.readers import is_member, user_of
from accounts.signin.browser_words import browser_words

EVERY = 60 * 60  # seconds
# A session that is used every day ends all the same; one that is not used ends after SESSION_COOKIE_AGE.
LONGEST = timedelta(days=180)
MOST_LISTED = 50
_NOTED, _BEGAN_AT = "noted", "began_at"

_NOTE = """
    INSERT INTO accounts_membersession (session_id, user_id, device, place, began_at, used_at)
    SELECT session_key, %(user)s, %(device)s, %(place)s, %(began_at)s, %(now)s
    FROM django_session WHERE session_key = %(key)s
    ON CONFLICT (session_id) DO UPDATE
    SET user_id = excluded.user_id, device = excluded.device, place = excluded.place, used_at = excluded.used_at
"""


def note_use(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a member's request notes the use of their session, once an hour."""

    def answer(request: HttpRequest) -> HttpResponse:
        if is_member(request) and _is_due(request):
            note(request, user_of(request).pk)
        return get_response(request)

    return answer


def note(request: HttpRequest, user_id: int) -> None:
    """Note device and place of the session, which is saved. What cannot be noted, such as while the database only
    reads, keeps nobody from reading."""
    session = request.session
    if not session.session_key:
        session.create()
    began_at = session.get(_BEGAN_AT) or time.time()
    values = {
        "key": session.session_key,
        "user": user_id,
        "device": browser_words(request.META.get("HTTP_USER_AGENT", "")),
        "place": block_of(client_address(request)),
        "began_at": datetime.fromtimestamp(began_at, UTC),
        "now": timezone.now(),
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NOTE, values)
    except DatabaseError:
        return
    session[_BEGAN_AT] = began_at
    session[_NOTED] = [time.time(), session.session_key]


def _is_due(request: HttpRequest) -> bool:
    """The row goes with its session when that gets a new key, so it is written again then."""
    noted_at, key = request.session.get(_NOTED) or (0, "")
    return key != request.session.session_key or not 0 <= time.time() - noted_at < EVERY


def block_of(address: str) -> str:
    """The /24 of an IPv4 address or the /48 of an IPv6 one; "" for anything else."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network((int(parsed), 24 if parsed.version == 4 else 48), strict=False))


def end(user: User, number: int) -> bool:
    """End one session of a member; whether it stood. Idempotent."""
    found = MemberSession.objects.filter(user=user, pk=number).values("session")
    return bool(Session.objects.filter(pk__in=found).delete()[0])


def end_others(request: HttpRequest, user: User) -> None:
    """End all sessions of a member but this one, those that were never noted, too, and private feeds with them."""
    user.sessions_ended_at = timezone.now()
    User.objects.filter(pk=user.pk).update(sessions_ended_at=user.sessions_ended_at)
    update_session_auth_hash(request, user)
    forget_others(user, request.session.session_key)


def forget_others(user: User, kept: str | None = None) -> None:
    """Delete a member's sessions, but that with the key `kept`."""
    others = MemberSession.objects.filter(user=user).exclude(session=kept).values("session")
    Session.objects.filter(pk__in=others).delete()


def end_old() -> None:
    """Delete sessions that began LONGEST ago. Called nightly (config/worker/nightly.py)."""
    old = MemberSession.objects.filter(began_at__lt=timezone.now() - LONGEST).values("session")
    Session.objects.filter(pk__in=old).delete()
