"""How often one member, or one address, may do a thing. Counted in the database, so for all processes together."""

import ipaddress
import re
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True)
class Limit:
    times: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """ "10/5m": ten times in five minutes. Raises ImproperlyConfigured."""
        match = re.fullmatch(r"(\d+)/(\d+)([smhd])", text)
        if not match:
            raise ImproperlyConfigured(f"The limit {text!r} is not understood. Write it like 10/5m: times/time.")
        return cls(int(match[1]), int(match[2]) * _UNITS[match[3]])


@dataclass
class TooMany(Exception):
    """The limit is reached; it begins anew in `retry_after` seconds."""

    retry_after: int


def take(scope: str, request: HttpRequest) -> None:
    """Count one use of a thing that settings.RATE_LIMITS limits. Raises TooMany.

    One statement of its own: it counts at once for everybody, and stays counted if the action fails.
    """
    limit = Limit.parse(settings.RATE_LIMITS[scope])
    window = int(time.time()) // limit.seconds
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_rate (scope, who, ends_at, uses) VALUES (%s, %s, to_timestamp(%s), 1)
            ON CONFLICT (scope, who, ends_at) DO UPDATE SET uses = accounts_rate.uses + 1 RETURNING uses
            """,
            [scope, whose(request), (window + 1) * limit.seconds],
        )
        (uses,) = cursor.fetchone()
    if uses > limit.times:
        raise TooMany(retry_after=(window + 1) * limit.seconds - int(time.time()))


def delete_old() -> None:
    """Forget what no longer counts; the worker's clock calls this every night."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_rate WHERE ends_at < now()")


def whose(request: HttpRequest) -> str:
    """Whom a use counts for: a member, or a visitor's block of addresses."""
    if request.user.is_authenticated:
        return f"member {request.user.pk}"
    return f"address {block_of(client_address(request))}"


def client_address(request: HttpRequest) -> str:
    """Where a request comes from. X-Forwarded-For counts only as far as our own proxies wrote it."""
    proxies = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def block_of(address: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address, which one person has to themselves."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network(f"{ip}/64", strict=False))
