"""Checks of settings and disk space."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from config.environment import LOOPBACK_HOSTS
from config.health.doctor.results import Finding, right, warning, wrong

SHORTEST_KEY, FEWEST_LETTERS = 50, 10
GIGABYTE = 1024**3
LEAST_FREE, WELL_FREE = 1 * GIGABYTE, 0.1  # bytes; part of the disk


def is_public() -> bool:
    return not settings.IS_LOCAL or _host() not in LOOPBACK_HOSTS


def _host() -> str:
    """The host as in ALLOWED_HOSTS, with brackets for IPv6."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    return f"[{host}]" if ":" in host else host


def secret_key() -> Finding:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS:
        return wrong("SECRET_KEY can be guessed.", f"Set it to {SHORTEST_KEY} random characters; all sign in anew.")
    return right("SECRET_KEY is long.")


def debug() -> Finding:
    if settings.DEBUG:
        level = wrong if is_public() else warning
        return level("DEBUG is on: errors show their source and settings.", "Unset DEBUG.")
    return right("DEBUG is off.")


def demo() -> Finding:
    if settings.DEMO and is_public():
        return wrong(
            "DEMO is on: the passwords of its accounts are public.", "Unset DEMO and begin with ./run --empty."
        )
    return right("This is a demo, for this machine alone." if settings.DEMO else "DEMO is off.")


def sign_up() -> Finding:
    """Not wrong in any state, but an operator who wonders why nobody comes should see it."""
    told = {
        "open": "Anybody may make an account.",
        "invitation": "Accounts are made by invitation alone (SIGNUP).",
        "closed": "Nobody can make an account (SIGNUP is closed).",
    }
    return right(told[settings.SIGNUP])


def address() -> Finding:
    if not validate_host(_host(), settings.ALLOWED_HOSTS):
        return wrong(
            f"SITE_URL is {settings.SITE_URL}, which ALLOWED_HOSTS refuses.", "Name its host in ALLOWED_HOSTS."
        )
    if "*" in settings.ALLOWED_HOSTS:
        return warning("ALLOWED_HOSTS takes any name, also a forged one.", "Name the site's own hosts.")
    if is_public() and not settings.HTTPS:
        return wrong(
            f"{settings.SITE_URL} is not HTTPS: passwords can be read on the way.", "Set SITE_URL to https://…"
        )
    return right(f"The site is at {settings.SITE_URL}.")


def proxies() -> Finding:
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        return wrong(
            "SITE_URL is HTTPS, but no proxy is trusted: pages lead to themselves, and all visitors share one limit.",
            "Set TRUSTED_PROXIES to how many proxies of yours stand in front.",
        )
    return right(f"Trusted proxies: {settings.TRUSTED_PROXIES}.")


def letters() -> Finding:
    if is_public() and not settings.SMTP_HOST:
        return warning("Nobody gets a letter, so nobody can sign up.", "Set SMTP_HOST and its companions.")
    if is_public() and "@localhost" in settings.MAIL_FROM:
        return warning(f"Letters come from {settings.MAIL_FROM} and will be taken for spam.", "Set MAIL_FROM.")
    if not settings.SMTP_HOST:
        place = "can be read at /letters/demo/" if settings.DEMO else "are printed to the console"
        return right(f"Letters {place}.")
    return right(f"Letters go to {settings.SMTP_HOST}.")


def static_files() -> Finding:
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return right("Static files are collected.")
    if is_public():
        return wrong("Static files are not collected.", "Run COLLECT_STATIC=1 manage.py collectstatic --no-input.")
    return right("Static files are served as they are.")


def erasures() -> Finding:
    """Whether the application may add to ERASURES_LIST."""
    path = Path(settings.ERASURES_LIST)
    if os.access(next(place for place in [path, *path.parents] if place.exists()), os.W_OK):
        return right(f"Erasures are noted in {path}.")
    return wrong(
        f"Erasures cannot be noted in {path}: a restore would bring back what was erased.",
        "Let the application write there, or set ERASURES_LIST.",
    )


def disk_space() -> Finding:
    home = Path(settings.HOME)
    place = next(path for path in [home / "database", home, *home.parents] if path.exists())
    disk = shutil.disk_usage(place)
    words = f"{disk.free / GIGABYTE:.1f} GB are free on the disk of {place}."
    if disk.free < LEAST_FREE:
        return wrong(words, "Make room now: a full disk stops the database.")
    if disk.free < WELL_FREE * disk.total:
        return warning(words, "Make room: less than a tenth is left.")
    return right(words)
