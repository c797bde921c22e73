"""Keeping a visitor's form, giving it to the member whom they become, and forgetting it."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import cipher
from accounts.limits import rate_limits
from accounts.models import KeptText, User
from accounts.models.kept_text import LIFETIME, KeptTextQuerySet

# Of one block of addresses at once; the limit RATE_LIMIT_KEEP is about how often.
MOST_OF_A_SENDER = 10
# Fields that are not kept: the token of the form, and the buttons and questions that belong to one answer.
NOT_KEPT = {"csrfmiddlewaretoken", "preview", "save", "kept"}
A_MINUTE = 60  # seconds, after which somebody may try again whom the limit of all refused


@dataclass(frozen=True)
class Kept:
    """A kept text that was opened: the page of its form, and the fields."""

    pk: int
    path: str
    fields: QueryDict
    kept_at: datetime

    @property
    def title(self) -> str:
        return self.fields.get("title", "")

    @property
    def source(self) -> str:
        return self.fields.get("source", "")


def keep(request: HttpRequest) -> str:
    """Keep the form of this POST; returns the value of the browser's cookie. The same form again replaces itself.

    Raises TooMany for what one block of addresses sends, and Shed where all texts together are too large.
    """
    rate_limits.take("keep", request)
    cookie = _cookie_of(request) or secrets.token_urlsafe(32)
    fields = request.POST.copy()
    for name in NOT_KEPT:
        fields.pop(name, None)
    form = json.dumps({"path": request.path, "form": fields.urlencode()})
    sealed = cipher.seal(form, cipher.KEPT_TEXTS)
    values: dict[str, Any] = {
        "sealed": sealed,
        "size": len(sealed),
        "sender": _sender(request),
        "kept_at": timezone.now(),
        "user": None,
    }
    with transaction.atomic():
        _one_at_a_time()  # so that many at once do not pass the limits together
        of_form: dict[str, Any] = {"browser": _hash(cookie), "form_key": _key_of(fields)}
        others = KeptText.objects.standing().exclude(**of_form)
        _refuse_too_many(others, values["sender"], len(sealed))
        KeptText.objects.update_or_create(**of_form, defaults=values)
    return cookie


def set_cookie(response: HttpResponse, value: str) -> None:
    response.set_cookie(
        settings.KEPT_TEXT_COOKIE, value, max_age=LIFETIME, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def attach(request: HttpRequest, user: User | None) -> None:
    """Give what this browser kept to a member who signs up or in with it; to nobody for None, at the same cost."""
    if cookie := _cookie_of(request):
        KeptText.objects.of_browser(_hash(cookie)).update(user=user)


def of_reader(request: HttpRequest) -> list[Kept]:
    """What is kept for the member, or for the browser of a visitor, the newest first."""
    rows = _rows_of(request)
    return [kept for row in rows.order_by("-kept_at", "-pk") if (kept := _opened(row))] if rows is not None else []


def find(user: Any, pk: str, path: str) -> Kept | None:
    """One kept text of a signed-in member, for the form at this address."""
    if not (user.is_authenticated and pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    row = KeptText.objects.standing().filter(user=user, pk=pk).first()
    kept = _opened(row) if row else None
    return kept if kept and kept.path == path else None


def has_any(user: User) -> bool:
    return KeptText.objects.standing().filter(user=user).exists()


def forget(user: User, pk: int) -> None:
    """Delete what is posted. Idempotent."""
    KeptText.objects.filter(user=user, pk=pk).delete()


def throw_away(request: HttpRequest, pk: int) -> None:
    """Delete what its writer does not want any more. Idempotent."""
    rows = _rows_of(request)
    if rows is not None:
        rows.filter(pk=pk).delete()


def forget_old() -> int:
    """Delete what is older than LIFETIME; returns how many. Called nightly (config/worker/nightly.py)."""
    return KeptText.objects.filter(kept_at__lte=timezone.now() - LIFETIME).delete()[0]


def _rows_of(request: HttpRequest) -> KeptTextQuerySet | None:
    if request.user.is_authenticated:
        return KeptText.objects.standing().filter(user=request.user)
    cookie = _cookie_of(request)
    return KeptText.objects.standing().of_browser(_hash(cookie)) if cookie else None


def _opened(row: KeptText) -> Kept | None:
    text = cipher.opened(row.sealed, cipher.KEPT_TEXTS)
    if text is None:
        return None
    told = json.loads(text)
    return Kept(row.pk, told["path"], QueryDict(told["form"]), row.kept_at)


def _refuse_too_many(others: KeptTextQuerySet, sender: str, size: int) -> None:
    if others.filter(sender=sender).count() >= MOST_OF_A_SENDER:
        raise rate_limits.TooMany(retry_after=rate_limits.limit_of("keep").seconds)
    if (others.aggregate(size=Sum("size"))["size"] or 0) + size > settings.KEPT_TEXTS_BYTES:
        raise rate_limits.Shed(retry_after=A_MINUTE)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('kept texts', 0))")


def _key_of(fields: QueryDict) -> UUID:
    try:
        return UUID(fields.get("idempotency_key", ""))
    except ValueError:
        return uuid4()


def _cookie_of(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.KEPT_TEXT_COOKIE, "")[:100]


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _sender(request: HttpRequest) -> str:
    block = rate_limits.address_block(rate_limits.client_address(request))
    return salted_hmac("accounts.kept_texts.sender", block, algorithm="sha256").hexdigest()
