"""A draft of the privacy page, made of the settings and of what the software does (docs/privacy.md), to be adapted."""

from django.conf import settings
from django.template.loader import render_to_string

from accounts import site_info


def draft() -> str:
    """Markdown. What only the operator can know stands in [square brackets]."""
    context = {
        "site_name": site_info.site_name(),
        "site_url": settings.SITE_URL,
        "days": f"{settings.ADDRESSES_KEPT_DAYS:g}",
        "sends_letters": bool(settings.SMTP_HOST),
        "smtp_host": settings.SMTP_HOST,
        "reads_bounces": bool(settings.BOUNCE_ADDRESS or settings.ANYMAIL["WEBHOOK_SECRET"]),
        "session_days": settings.SESSION_COOKIE_AGE // 86_400,
    }
    return render_to_string("forum/site_texts/privacy_draft.txt", context).strip()
