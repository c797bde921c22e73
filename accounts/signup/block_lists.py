"""Block lists of the sign-up form: e-mail domains, networks of IP addresses, and names.

A domain also blocks its subdomains. A name is compared by its skeleton without separators; a star at either end stands
for anything. Administrators keep the lists (moderation/filters/gate.py).
"""

import ipaddress
import re
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts.limits.rate_limits import address_block
from accounts.models import SignUpBlock
from accounts.text import names

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Kind = SignUpBlock.Kind
# Ended blocks are listed, and can be begun again, for this long.
KEPT_AFTER_END = timedelta(days=7)
_SEPARATORS = re.compile(r"[\s._-]+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def find(*, email: str = "", username: str = "", address: str = "") -> SignUpBlock | None:
    """The first standing block of an e-mail address, a username or an IP address, by a query each; "" is none."""
    return _of_address(address) or _of_domain(email) or _of_name(username)


def count(block: SignUpBlock) -> None:
    """Count a refused sign-up for the administrators' list."""
    SignUpBlock.objects.filter(pk=block.pk).update(refused_count=F("refused_count") + 1, last_refused_at=timezone.now())


def forget_ended() -> int:
    """Delete blocks, and the addresses in them, KEPT_AFTER_END after their end; returns how many. Called nightly."""
    return SignUpBlock.objects.ended_before(timezone.now() - KEPT_AFTER_END).delete()[0]


def fold_domain(text: str) -> str:
    """The domain of an e-mail address, or a domain as it is listed, in ASCII and small letters; "" if it is none."""
    host = text.strip().rpartition("@")[2].strip().strip(".").removeprefix("*.").lower()
    try:
        plain = host.encode("idna").decode()
    except UnicodeError:
        return ""
    labels = plain.split(".")
    return plain if len(plain) <= 253 and all(_LABEL.fullmatch(label) for label in labels) else ""


def network_of(text: str) -> Network | None:
    """The network of an IP address or of CIDR, such as 192.0.2.0/24; None if it is neither."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    mapped = network.network_address.ipv4_mapped if isinstance(network, ipaddress.IPv6Network) else None
    if mapped and network.prefixlen >= 96:
        return ipaddress.ip_network((mapped, network.prefixlen - 96), strict=False)
    return network


def network_around(address: str) -> Network | None:
    """The network of one reader: the IPv4 address, or the /64 of IPv6."""
    return network_of(address_block(address))


def fold_name(text: str) -> str:
    """The pattern of a name as it is compared: skeleton without separators, with the stars at its ends; "" if empty."""
    text = text.strip()
    bare = bare_name(text.strip("*"))
    return f"{'*' * text.startswith('*')}{bare}{'*' * text.endswith('*')}" if bare else ""


def is_like(folded: str, name: str) -> bool:
    """Whether a username, as bare_name gives it, is one of the names that a folded pattern means."""
    bare = folded.strip("*")
    begins, ends = folded.endswith("*"), folded.startswith("*")
    if begins and ends:
        return bare in name
    if begins:
        return name.startswith(bare)
    return name.endswith(bare) if ends else name == bare


def domains_above(domain: str) -> list[str]:
    """A domain and all that it is a subdomain of: a.b.example, b.example, example."""
    labels = domain.split(".")
    return [".".join(labels[place:]) for place in range(len(labels))]


def bare_name(name: str) -> str:
    """The skeleton of a name without separators and stars. Costly: make it once for each name that is compared."""
    return _SEPARATORS.sub("", names.skeleton(name)).replace("*", "")


def _of_domain(email: str) -> SignUpBlock | None:
    domain = fold_domain(email)
    if not domain:
        return None
    return SignUpBlock.objects.standing().filter(kind=Kind.DOMAIN, folded__in=domains_above(domain)).first()


def _of_address(address: str) -> SignUpBlock | None:
    network = network_of(address)
    if network is None:
        return None
    own = str(network.network_address)
    blocks = SignUpBlock.objects.standing().filter(kind=Kind.ADDRESS)
    return blocks.filter(first_address__lte=own, last_address__gte=own).first()


def _of_name(username: str) -> SignUpBlock | None:
    """In Python, because a list of names is short and patterns have no index."""
    if not username:
        return None
    blocks = SignUpBlock.objects.standing().filter(kind=Kind.NAME).only("pk", "kind", "folded")
    name = bare_name(username)
    return next((block for block in blocks.order_by("pk") if is_like(block.folded, name)), None)
