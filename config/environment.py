"""Reading settings from the environment: each value is read once, in config/settings/."""

import ipaddress
import os
import re
import secrets
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.http.request import validate_host
from psycopg.conninfo import conninfo_to_dict

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PRIVATE_NETWORKS = "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
SHORTEST_SECRET_KEY = 20
_LABEL = r"[A-Za-z0-9_](?:[-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]{{2,45}}\])"
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


_asked: set[str] = set()


def wrong(name: str, value: str, wanted: str) -> ImproperlyConfigured:
    """The error that stops the start: one line that names the setting, its value, and what to set instead."""
    shown = value if len(value) <= 60 else f"{value[:57]}..."
    return ImproperlyConfigured(f"{name} is {shown!r}. Set it to {wanted} (docs/settings.md).")


def text(name: str, default: str = "") -> str:
    _asked.add(name)
    return os.environ.get(name, default)


def given() -> list[str]:
    """The names of the settings that are set in the environment."""
    return sorted(_asked & os.environ.keys())


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes and on are true; 0, false, no, off and nothing are false; anything else is an error."""
    value = text(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise wrong(name, value, "1 or 0")


def option(name: str, *, package: str) -> bool:
    """A flag that needs a package which is not always installed."""
    is_on = flag(name)
    if is_on and not list(metadata.distributions(name=package)):
        raise wrong(name, text(name), f"0, or install {package} as docs/operating.md says")
    return is_on


def number(name: str, default: int, *, least: int = 0, most: int = 999_999_999) -> int:
    """A whole number in ASCII digits, from `least` to `most`."""
    value = text(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise wrong(name, value, f"a whole number from {least} to {most}, such as {default}")
    return int(value)


def positive(name: str, default: float, *, below: float = 10_000) -> float:
    """A number above 0 and below a limit, with two decimals at most."""
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", value) or not 0 < float(value) < below:
        limit = "" if below == 10_000 else f" and below {below:g}"
        raise wrong(name, value, f"a number above 0{limit}, such as {default:g}")
    return float(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str, default: str) -> list[Network]:
    """Blocks of IP addresses, separated by commas."""
    try:
        return [ipaddress.ip_network(word) for word in words(name, default)]
    except ValueError as error:
        raise wrong(name, text(name), "blocks of addresses such as 10.0.0.0/8,::1") from error


def steps(name: str, default: str) -> list[tuple[int, int]]:
    """Pairs such as 3:7,6:30, in rising order: from 3 on 7, from 6 on 30."""
    value = text(name, default).replace(" ", "")
    if not re.fullmatch(r"[1-9][0-9]{0,2}:[1-9][0-9]{0,3}(,[1-9][0-9]{0,2}:[1-9][0-9]{0,3})*", value):
        raise wrong(name, value, "pairs such as 3:7,6:30")
    pairs = [pair.split(":") for pair in value.split(",")]
    return sorted((int(start), int(then)) for start, then in pairs)


def choice(name: str, default: str, allowed: list[str]) -> str:
    value = text(name, default).strip()
    if value not in allowed:
        raise wrong(name, value, f"{', '.join(allowed[:-1])} or {allowed[-1]}")
    return value


def pattern(name: str, default: str, expression: str, wanted: str) -> str:
    """A text that matches a regular expression as a whole, or is empty if the default is."""
    value = text(name, default).strip()
    if (value or default) and not re.fullmatch(expression, value, re.ASCII):
        raise wrong(name, value, wanted)
    return value


def slug(name: str, default: str) -> str:
    return pattern(name, default, r"[-\w]{1,50}", f"the address of a subforum, such as {default}")


def rate(name: str, default: str) -> str:
    """A rate limit, how many in how long: 10/10m. None of both is 0, and a year is the longest."""
    value = text(name, default).replace(" ", "")
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{0,6})([smhd])", value)
    seconds = int(found[2] or 1) * SECONDS[found[3]] if found else 0
    if not found or not int(found[1]) or not 0 < seconds <= 366 * SECONDS["d"]:
        raise wrong(name, value, f"how many in how long, such as {default} (s, m, h or d)")
    return value


def hosts(name: str, default: str) -> list[str]:
    """Host names as in ALLOWED_HOSTS: without scheme, port and path; "*" and a leading dot are Django's."""
    found = words(name, default)
    if not found or not all(host == "*" or re.fullmatch(_HOST, host.removeprefix(".")) for host in found):
        raise wrong(name, text(name), "names without https:// and port, such as forum.example.org")
    return found


def own_path(name: str, default: str) -> str:
    """A path of the site with a slash at its end and none at its beginning, of small letters, digits and hyphens."""
    found = text(name, default).strip().strip("/")
    if not re.fullmatch(r"[a-z0-9-]+(?:/[a-z0-9-]+)*", found) or found.partition("/")[0] in _TAKEN_PATHS:
        raise wrong(name, found, "a path that nothing else has, such as operator/ or back-office/")
    return f"{found}/"


# First parts of paths that the site has itself.
_TAKEN_PATHS = {
    "about", "account", "answered", "badges", "bookmarks", "countries", "crossings", "data", "desk", "drafts",
    "experts", "feed", "find", "forums", "health", "help", "imprint", "invitations", "kept", "latest", "letters", "log",
    "media", "members", "mentions", "metrics", "moderation", "no-reply", "notifications", "posts", "privacy", "private",
    "read", "report", "reports", "rules", "search", "settings", "staff", "static", "terms", "theme", "through",
    "topics", "unanswered", "unread", "watches",
}  # fmt: skip


def host(name: str) -> str:
    """One host name, or nothing."""
    return pattern(name, "", _HOST, "the name of a server, such as mail.example.org")


def site_url(name: str, default: str, allowed: list[str]) -> str:
    """The address of the site: scheme, a host that it answers to, perhaps a port, and nothing else."""
    value = text(name, default).strip().rstrip("/")
    if not _is_origin(value):
        raise wrong(name, value, "scheme and name alone, such as https://forum.example.org")
    found = urlsplit(value).hostname or ""
    if not validate_host(f"[{found}]" if ":" in found else found, allowed):
        raise ImproperlyConfigured(
            f"{name} is {value!r}, but ALLOWED_HOSTS is {','.join(allowed)!r}. Name its host there (docs/settings.md)."
        )
    return value


def origins(name: str) -> list[str]:
    """Addresses with scheme and without path, in which a host may begin with `*.`."""
    found = words(name)
    if not all(_is_origin(origin.replace("://*.", "://", 1)) for origin in found):
        raise wrong(name, text(name), "addresses such as https://other.example.org")
    return found


def _is_origin(url: str) -> bool:
    found = re.fullmatch(rf"https?://(?:{_HOST})(?::([0-9]{{1,5}}))?", url)
    return found is not None and 0 < int(found[1] or 1) < 65_536


def sender(name: str, default: str) -> str:
    """An e-mail address, perhaps with a name before it: Borderpost <post@example.org>."""
    value = text(name, default).strip()
    found = re.fullmatch(r"(?:(?:\"[^\"<>\r\n]*\"|[^<>@\"\r\n,]*) *<)?([^<>\s]+@[^<>\s]+?)(>?)", value)
    if not found or ("<" in value) != bool(found[2]) or not _is_address(found[1]):
        raise wrong(name, value, f"an e-mail address, such as {default}")
    return value


def address(name: str) -> str:
    """An e-mail address, or nothing."""
    value = text(name).strip()
    if value and not _is_address(value):
        raise wrong(name, value, "an e-mail address, such as bounces@example.org")
    return value


def contact(name: str) -> str:
    """mailto: with an e-mail address, https: with a page, or nothing."""
    value = text(name).strip()
    is_page = re.fullmatch(rf"https://(?:{_HOST})(?::[0-9]{{1,5}})?(/[^\s]*)?", value)
    if value and not is_page and not (value.startswith("mailto:") and _is_address(value.removeprefix("mailto:"))):
        raise wrong(name, value, "mailto:security@example.org or https://…")
    return value


def _is_address(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return value.isascii()


def credentials(name: str) -> str:
    """`name:password`, or nothing. Never shown in an error."""
    value = text(name)
    user, colon, password = value.partition(":")
    if value and not (user.strip() and colon and password.strip()):
        raise ImproperlyConfigured(f"{name} has no colon in the middle. Set it to name:password (docs/settings.md).")
    return value


def token(name: str) -> str:
    """A secret without blanks, of 20 signs or more, or nothing. Never shown in an error."""
    value = text(name).strip()
    if value and not re.fullmatch(r"[!-~]{20,}", value):
        raise ImproperlyConfigured(f"{name} is too short. Set it to 20 random signs or more (docs/settings.md).")
    return value


def path(name: str, default: str, *, is_folder: bool = True) -> str:
    """A folder, which need not exist yet, or a file whose folder must exist; a file may be left out."""
    value = text(name, default)
    if "\0" in value or (is_folder and not value.strip()):
        raise wrong(name, value, "the path of a folder")
    found = Path(value)
    if is_folder and found.exists() and not found.is_dir():
        raise ImproperlyConfigured(f"{name} is {value!r}, which is a file. Set it to a folder (docs/settings.md).")
    if not is_folder and value and (found.is_dir() or not found.parent.is_dir()):
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Set it to a file, in a folder that exists (docs/settings.md)."
        )
    return value


def former_secret_keys(name: str) -> list[str]:
    """Secret keys of before, separated by commas; one that could be guessed would open what it once signed."""
    found = words(name)
    for number, key in enumerate(found, 1):
        if len(key) < SHORTEST_SECRET_KEY:
            raise ImproperlyConfigured(
                f"{name} has {len(key)} characters in its key {number}. Set {name} to whole former keys, or unset it."
            )
    return found


def secret_key(home: Path, hosts: list[str]) -> str:
    """SECRET_KEY; on loopback only, one made at the first start and kept in the home directory."""
    is_public = not set(hosts) <= LOOPBACK_HOSTS
    if key := text("SECRET_KEY").strip():
        if is_public and len(key) < SHORTEST_SECRET_KEY:
            raise ImproperlyConfigured(
                f"SECRET_KEY has {len(key)} characters. Set it to 50 random ones, kept secret (docs/settings.md)."
            )
        return key
    if is_public:
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


def database(name: str, url: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL address (a postgresql:// URL or libpq's key=value form). Never shown in an error,
    because it holds a password."""
    try:
        parts = conninfo_to_dict(url)
        ports = [int(port) for port in str(parts.get("port", "")).split(",") if port]
    except Exception:
        parts, ports = {}, [0]
    if not parts or not all(0 < port < 65_536 for port in ports):
        raise ImproperlyConfigured(
            f"{name} is not an address that PostgreSQL understands. Set it to postgresql://user:password@host/name, "
            "with signs such as @ and / in the password as %40 and %2F (docs/settings.md)."
        )
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found = {known[key]: str(value) for key, value in parts.items() if key in known}
    options = {key: value for key, value in parts.items() if key not in known}
    return {"ENGINE": "django.db.backends.postgresql", **found, "OPTIONS": options}
