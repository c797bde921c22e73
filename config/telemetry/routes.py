"""By what a request is counted and logged: never by its path, which may hold a signed link."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"}
_WITHOUT_ROUTE = {"/health/live": "health", "/health/ready": "health", "/metrics": "metrics"}


def route_of(request: HttpRequest) -> str:
    """The name of the route, such as forum:topic; "static", "health", "metrics", or "none" where there is no page."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    if request.path_info.startswith(settings.STATIC_URL):
        return "static"
    return _WITHOUT_ROUTE.get(request.path_info, "none")


def method_of(request: HttpRequest) -> str:
    method = request.method or ""
    return method if method in METHODS else "other"


def wide_block(address: str) -> str:
    """The /24 of an IPv4 address or the /48 of an IPv6 one, as the proxy's log has it; "-" for anything else."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "-"
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
