"""Reading settings from the environment: each value is read once, in config/settings.py."""

import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PRIVATE_NETWORKS = "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes and on are true; 0, false, no, off and nothing are false; anything else is an error."""
    value = text(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to 1 or 0.")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.")
    return int(value)


def positive(name: str, default: float, *, below: float = 10_000) -> float:
    """A number above 0 and below a limit, with two decimals at most."""
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", value) or not 0 < float(value) < below:
        limit = "" if below == 10_000 else f" and below {below:g}"
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a number above 0{limit}, such as {default:g}.")
    return float(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str, default: str) -> list[Network]:
    """Blocks of IP addresses, separated by commas."""
    try:
        return [ipaddress.ip_network(word) for word in words(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Set it to blocks such as 10.0.0.0/8,::1.") from error


def steps(name: str, default: str) -> list[tuple[int, int]]:
    """Pairs such as 3:7,6:30, in rising order: from 3 on 7, from 6 on 30."""
    value = text(name, default).replace(" ", "")
    if not re.fullmatch(r"[0-9]{1,3}:[0-9]{1,4}(,[0-9]{1,3}:[0-9]{1,4})*", value):
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to pairs such as 3:7,6:30.")
    pairs = [pair.split(":") for pair in value.split(",")]
    return sorted((int(start), int(then)) for start, then in pairs)


def secret_key(home: Path, hosts: list[str]) -> str:
    """SECRET_KEY; on loopback only, one made at the first start and kept in the home directory."""
    if key := text("SECRET_KEY"):
        return key
    if not set(hosts) <= LOOPBACK_HOSTS:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. A public site needs its own: 50 random characters, kept secret."
        )
    path = home / "secret_key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=_private) as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def database(url: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL address (a postgresql:// URL or libpq's key=value form)."""
    try:
        parts = conninfo_to_dict(url)
    except Exception as error:
        raise ImproperlyConfigured(f"DATABASE_URL is not an address PostgreSQL understands: {error}") from error
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found = {known[key]: str(value) for key, value in parts.items() if key in known}
    options = {key: value for key, value in parts.items() if key not in known}
    return {"ENGINE": "django.db.backends.postgresql", **found, "OPTIONS": options}
