"""Addresses that programs know beforehand: where to report a weakness (RFC 9116), where to change a password."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

# Less than a year, as RFC 9116 recommends; it is renewed each month.
EXPIRES_AFTER = timedelta(days=180)


@require_safe
def security_txt(request):
    contact = settings.SECURITY_CONTACT or f"{settings.SITE_URL}{reverse('forum:about')}"
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {(month + EXPIRES_AFTER).isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{reverse('accounts:security-txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def change_password(request):
    """For password managers, which know this address on every site."""
    return redirect("account_change_password")
