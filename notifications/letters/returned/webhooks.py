"""What mail services (Mailgun, Postmark, Amazon SES and others) report by webhook: letters that came back, complaints.

django-anymail checks who reports (MAIL_WEBHOOK_SECRET, and the service's signature if it has one) and puts the report
into one form: https://anymail.dev/en/stable/sending/tracking/
"""

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver

from accounts.models import User
from notifications.letters import bounces
from notifications.models import Bounce

# The address is wrong, and not only full or refused for now.
_WRONG = {RejectReason.INVALID, RejectReason.BOUNCED}


@receiver(tracking)
def record_report(event: AnymailTrackingEvent, esp_name: str, **kwargs: object) -> None:
    """Count a bounce or a complaint for the member with the address, once for each event. Others are ignored."""
    kind = kind_of(event)
    member = User.objects.filter(email__iexact=event.recipient or "", is_active=True).first() if kind else None
    if kind is None or member is None:
        return
    words = " ".join(str(event.description or event.mta_response or event.event_type).split())
    bounces.record(member, kind, f"{kind}-{esp_name}-{event.event_id or event.message_id}", words=words)


def kind_of(event: AnymailTrackingEvent) -> Bounce.Kind | None:
    """What an event means for the address; None for what says nothing of it, such as a delivery that is tried again."""
    if event.event_type in {EventType.COMPLAINED, EventType.UNSUBSCRIBED}:
        return Bounce.Kind.COMPLAINT
    if event.event_type in {EventType.BOUNCED, EventType.REJECTED}:
        is_wrong = event.reject_reason in _WRONG or (event.event_type == EventType.BOUNCED and not event.reject_reason)
        return Bounce.Kind.HARD if is_wrong else Bounce.Kind.SOFT
    return Bounce.Kind.SOFT if event.event_type == EventType.FAILED else None
