"""How often one member, or one address, may do something: counted in the database, for all processes."""

import ipaddress
import re
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import RateCount
from accounts.readers import is_member

SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}


class TooMany(Exception):
    """Too often: try again after this many seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Limit(NamedTuple):
    times: int
    seconds: int


def take(scope: str, request: HttpRequest) -> None:
    """Count one more act, before it is done and outside its transaction, or refuse it."""
    limit = limit_of(scope)
    values: dict[str, str | int] = {"key": f"{scope} {taker(request)}", "seconds": limit.seconds}
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE, values)
        count, seconds_left = cursor.fetchone()
    if count > limit.times:
        raise TooMany(retry_after=max(1, seconds_left))


_COUNT_ONE = """
    INSERT INTO accounts_ratecount AS kept (key, count, started_at)
    VALUES (%(key)s, 1, now())
    ON CONFLICT (key) DO UPDATE SET (count, started_at) = (
        SELECT CASE WHEN is_over THEN 1 ELSE least(kept.count, 1000000) + 1 END,
               CASE WHEN is_over THEN now() ELSE kept.started_at END
        FROM (SELECT kept.started_at <= now() - make_interval(secs => %(seconds)s) AS is_over) AS w
    )
    RETURNING count, ceil(extract(epoch FROM started_at - now()) + %(seconds)s)::int
"""


def taker(request: HttpRequest) -> str:
    """Whom the act is counted for: the member, or the block of addresses a visitor comes from."""
    if is_member(request):
        return f"member {request.user.pk}"
    return f"address {address_block(client_address(request))}"


def address_block(address: str) -> str:
    """One IPv4 address, or the /64 that a household gets in IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))


def client_address(request: HttpRequest) -> str:
    """The visitor's address, as our outermost proxy saw it; what stands left of that anyone can write."""
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(forwarded) >= proxies:
        address = forwarded[-proxies].strip()
        if address_block(address) != "unknown":
            return address
    return request.META.get("REMOTE_ADDR") or "unknown"


def limit_of(scope: str) -> Limit:
    return parse(scope, settings.RATE_LIMITS[scope])


def parse(scope: str, text: str) -> Limit:
    """What the operator wrote: 10/10m is ten in ten minutes."""
    found = re.fullmatch(r"\s*([0-9]{1,6})\s*/\s*([0-9]{0,6})([smhd])\s*", text)
    limit = Limit(int(found[1]), int(found[2] or 1) * SECONDS[found[3]]) if found else Limit(0, 0)
    if not limit.seconds or limit.seconds > 366 * SECONDS["d"]:
        raise ImproperlyConfigured(
            f"RATE_LIMIT_{scope.upper()} is {text!r}. "
            "Write how many in how long, such as 10/10m or 5/1h (s, m, h or d)."
        )
    return limit


def delete_old() -> None:
    """Forget counts whose time is over, and with them the addresses; the nightly clock calls this."""
    longest = max(limit_of(scope).seconds for scope in settings.RATE_LIMITS)
    RateCount.objects.filter(started_at__lt=timezone.now() - timedelta(seconds=longest)).delete()
