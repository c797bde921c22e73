"""Reading SOCIAL_SIGN_IN: the sites with whose accounts members sign in."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import environment

MOST = 5
_SERVER = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?")


def read(name: str, value: str) -> list[dict[str, str]]:
    """Sites separated by semicolons, each `id | name | address of the server | client id | secret`; none by default.
    What is wrong is said without the value, because it holds a secret."""
    lines = [line.strip() for line in value.split(";") if line.strip()]
    found = [_site(name, line) for line in lines]
    if len({site["id"] for site in found}) != len(found) or len(found) > MOST:
        raise _wrong(name, f"has two sites of one id, or more than {MOST}")
    return found


def _site(name: str, line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 5 or not all(parts) or not all(part.isprintable() for part in parts):
        raise _wrong(name, "has a site without five parts")
    site = dict(zip(["id", "name", "server", "client_id", "secret"], parts, strict=True))
    if not re.fullmatch(r"[a-z0-9-]{1,30}", site["id"]) or len(site["name"]) > 40:
        raise _wrong(name, "has a site whose id is not of small letters and digits, or whose name is too long")
    if not _is_server(site["server"]):
        raise _wrong(name, "has a site whose address does not begin with https://")
    return site


def _is_server(url: str) -> bool:
    """An address by https; by plain HTTP only of this machine, for trying out."""
    if not _SERVER.fullmatch(url):
        return False
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in environment.LOOPBACK_HOSTS


def _wrong(name: str, what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"{name} {what}. Set it to id | name | https://server | client id | secret, several separated by ; "
        "(docs/settings.md)."
    )
