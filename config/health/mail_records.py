"""What DNS says of letters from our domain: who may send them (SPF), by which key they are signed (DKIM), what is done
with those that are neither (DMARC)."""

import base64
import binascii
from collections.abc import Callable
from typing import NamedTuple

from dns import exception, resolver

PATIENCE = 3.0  # seconds for all servers together
FEWEST_KEY_BYTES = 128  # an RSA key of 1024 bits; shorter ones are ignored (RFC 8301)


class NotLookedAt(Exception):
    """No resolver answers, so nothing is known."""


class Problem(NamedTuple):
    words: str
    advice: str


MOST_ABOVE = 5
Ask = Callable[[str], list[str]]


def texts(name: str) -> list[str]:
    """The TXT records of a name, none if it does not exist. Raises NotLookedAt."""
    try:
        asking = resolver.Resolver()
        asking.timeout = asking.lifetime = PATIENCE
        found = asking.resolve(name, "TXT")
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except (exception.DNSException, OSError) as error:
        raise NotLookedAt(str(error)) from error
    return [b"".join(record.strings).decode("ascii", "replace") for record in found]


def spf(domain: str, ask: Ask) -> Problem | None:
    found = [text for text in ask(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return Problem(
            f"{domain} does not say who may send its letters (SPF).", f"Add a TXT record to {domain}: v=spf1 mx -all"
        )
    if len(found) > 1:
        return Problem(f"{domain} has {len(found)} SPF records, so none counts.", "Make one of them.")
    if "+all" in found[0].lower().split() or "all" in found[0].lower().split():
        return Problem(f"SPF of {domain} lets everybody send its letters.", "End it with -all or ~all.")
    return None


def dkim(domain: str, selector: str, ask: Ask) -> Problem | None:
    name = f"{selector}._domainkey.{domain}"
    tags = _tags(next(iter(ask(name)), ""))
    if not tags.get("p"):
        return Problem(
            f"There is no DKIM key at {name}.", "Publish the key of the mail server there, or correct DKIM_SELECTOR."
        )
    if tags.get("k", "rsa") == "rsa" and not _is_long(tags["p"]):
        return Problem(f"The DKIM key at {name} is broken or too short.", "Publish an RSA key of 2048 bits.")
    return None


def dmarc(domain: str, ask: Ask) -> Problem | None:
    """Looked for at the domain, then at those above it, whose policies hold for their subdomains."""
    labels = domain.split(".")
    names = [".".join(labels[place:]) for place in range(max(1, len(labels) - 1))][:MOST_ABOVE]
    found = next((tags for name in names if (tags := _policy(name, ask))), {})
    if not found:
        return Problem(
            f"{domain} does not say what to do with forged letters (DMARC); large mailbox providers ask for it.",
            f"Add a TXT record to _dmarc.{domain}: v=DMARC1; p=none",
        )
    if found.get("p", "").lower() not in {"none", "quarantine", "reject"}:
        return Problem(f"DMARC of {domain} has no policy.", "Give it p=none, p=quarantine or p=reject.")
    return None


def _policy(name: str, ask: Ask) -> dict[str, str]:
    return next((_tags(text) for text in ask(f"_dmarc.{name}") if _tags(text).get("v") == "DMARC1"), {})


def _tags(text: str) -> dict[str, str]:
    """`v=DKIM1; p=…` as a dictionary."""
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}


def _is_long(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) >= FEWEST_KEY_BYTES
    except (binascii.Error, ValueError):
        return False
