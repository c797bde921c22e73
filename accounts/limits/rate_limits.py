"""Rate limits per member or IP address, counted in the database for all processes (docs/settings.md)."""

import ipaddress
import re
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import RateCount
from accounts.readers import is_member
from pagecache.prepared import run

SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}


class TooMany(Exception):
    """The rate limit is exceeded; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Shed(Exception):
    """Refused because many others ask as well; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Limit(NamedTuple):
    times: int
    seconds: int


def take(scope: str, request: HttpRequest) -> None:
    """Count one request against the limit of RATE_LIMITS[scope], in a transaction of its own. Raises TooMany above it.

    Call it before the act and outside of any transaction, so that a rollback does not undo the count.
    """
    count(scope, taker(request))


def count(scope: str, key: str) -> None:
    """As `take`, for whatever the key names. Raises TooMany."""
    limit = limit_of(scope)
    blocks = connection.atomic_blocks
    # As `transaction.atomic(durable=True)` looks, but without BEGIN and COMMIT around one statement.
    if blocks and not blocks[-1]._from_testcase:  # type: ignore[attr-defined]
        raise RuntimeError("A request is counted outside of any transaction, so that a rollback leaves the count.")
    values: dict[str, str | int] = {"key": f"{scope} {key}", "seconds": limit.seconds}
    [(times, seconds_left)] = run(_COUNT_ONE, values, writes=RateCount)
    if times > limit.times:
        raise TooMany(retry_after=max(1, seconds_left))


def count_for_all(scope: str) -> None:
    """As `take`, for everybody together. Raises Shed, because it is not one's own limit."""
    try:
        count(scope, "all")
    except TooMany as error:
        raise Shed(error.retry_after) from error


def give_back(scope: str, key: str) -> None:
    """Take back one count, of something that succeeded where only failures count."""
    RateCount.objects.filter(key=f"{scope} {key}", count__gt=0).update(count=F("count") - 1)


def forget(scope: str, key: str) -> None:
    RateCount.objects.filter(key=f"{scope} {key}").delete()


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
    """The key of a count: the member, or the visitor's block of addresses."""
    if is_member(request):
        return f"member {request.user.pk}"
    return f"address {address_block(client_address(request))}"


def address_block(address: str) -> str:
    """An IPv4 address as it is, an IPv6 address as its /64, which is one household; "unknown" if it is neither."""
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
    """The client's IP address from X-Forwarded-For, as the outermost of TRUSTED_PROXIES saw it.

    Entries further left can be forged. Without trusted proxies it is REMOTE_ADDR.
    """
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
    """A limit from its setting: 10/10m is ten in ten minutes. Raises ImproperlyConfigured."""
    found = re.fullmatch(r"\s*([0-9]{1,6})\s*/\s*([0-9]{0,6})([smhd])\s*", text)
    limit = Limit(int(found[1]), int(found[2] or 1) * SECONDS[found[3]]) if found else Limit(0, 0)
    if not limit.seconds or limit.seconds > 366 * SECONDS["d"]:
        raise ImproperlyConfigured(
            f"RATE_LIMIT_{scope.upper()} is {text!r}. "
            "Write how many in how long, such as 10/10m or 5/1h (s, m, h or d)."
        )
    return limit


def delete_old() -> None:
    """Delete counts of past windows, and the addresses in them. Called nightly (config/worker/nightly.py)."""
    longest = max(limit_of(scope).seconds for scope in settings.RATE_LIMITS)
    RateCount.objects.filter(started_at__lt=timezone.now() - timedelta(seconds=longest)).delete()
