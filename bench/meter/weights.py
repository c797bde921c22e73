"""Bytes of a first visit: the page, its stylesheet, its scripts and their imports, all gzip."""

import gzip
import re
from urllib.parse import urljoin

from bench.meter.client import Answer, Client

_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
_SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"')
_IMPORT = re.compile(r'^\s*import\s+(?:[^"\';]+from\s+)?["\'](\.[^"\']+)["\']', re.MULTILINE)


def styles_in(html: str) -> list[str]:
    return _STYLE.findall(html)


def scripts_in(html: str) -> list[str]:
    return _SCRIPT.findall(html)


def size(client: Client, address: str) -> int:
    return compressed(client.get(address))


def size_with_imports(client: Client, addresses: list[str]) -> int:
    """Bytes of scripts with the modules they import by relative URLs, each counted once."""
    waiting, sizes = list(addresses), {}
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        answer = client.get(address)
        sizes[address] = compressed(answer)
        waiting += [urljoin(address, name) for name in _IMPORT.findall(answer.text)]
    return sum(sizes.values())


def compressed(answer: Answer) -> int:
    """Bytes as sent with gzip, or as they would be."""
    return len(answer.body if answer.is_compressed else gzip.compress(answer.body))
