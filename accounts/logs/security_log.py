"""The security log: one line of JSON for each event, in UTC (docs/operating.md lists the events).

No secrets: neither what was typed nor addresses of pages, which may hold signed tokens, only the names of routes. JSON
escapes line breaks and everything that is not ASCII, so that no text from outside begins a line of its own.
"""

import json
import logging
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.limits.rate_limits import client_address
from accounts.logs import request_ids
from accounts.readers import is_member

logger = logging.getLogger("borderpost.security")


def note(event: str, request: HttpRequest | None = None, **facts: Any) -> None:
    """Write an event, with who asked for what from where. `facts` are numbers and words of ours, never typed text."""
    line: dict[str, Any] = {"at": timezone.now().isoformat(timespec="milliseconds"), "event": event}
    if request is not None:
        match = request.resolver_match
        line |= {
            "member": request.user.pk if is_member(request) else None,
            "address": client_address(request),
            "method": request.method,
            "route": match.view_name if match else "",
        }
    if request_id := request_ids.current():
        line["request"] = request_id
    logger.info("%s", json.dumps(line | facts, default=str))
