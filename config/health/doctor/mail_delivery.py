"""Checks of how letters leave: the mail server, whom they come from, what DNS says of them."""

from collections.abc import Callable
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince

from config.health import mail_records, smtp_conversation
from config.health.doctor.deployment import is_public
from config.health.doctor.results import Finding, right, warning, wrong
from notifications.letters import delivery, threads
from notifications.models import Letter

NO_DOMAINS = ("localhost", "localdomain", "local", "internal", "lan", "test", "invalid", "example")


def mail_server() -> Finding:
    """Speak with it as for a letter, but hand none over."""
    if not settings.SMTP_HOST:
        return right("No mail server is set, so none was spoken with.")
    *before, last = smtp_conversation.converse()
    if last.advice:
        return wrong(f"The mail server: {last.words}", f"{last.advice} Then: manage.py mail_check --to you@example.org")
    return right("The mail server: " + " ".join(step.words for step in [*before, last]))


def sender() -> Finding:
    """Mailbox providers refuse letters from a domain that cannot exist."""
    domain, of_ids = sender_domain(), threads.domain()
    if not is_public():
        return right(f"Letters come from {settings.MAIL_FROM}.")
    if not _is_real(domain):
        return wrong(f"MAIL_FROM is {settings.MAIL_FROM}, whose domain nobody knows.", "Set it to an address of yours.")
    if not _is_real(of_ids):
        return warning(f"Message-IDs end with {of_ids}, which is no domain.", "Set SITE_URL to the site's name.")
    return right(f"Letters come from {settings.MAIL_FROM}, and their Message-IDs end with {of_ids}.")


def unsubscribing() -> Finding:
    """One click ends letters (RFC 8058): the mail program posts to an address that must be HTTPS."""
    if is_public() and not settings.HTTPS:
        return warning(
            "Letters name an address that ends them by one click, which mail programs use with HTTPS alone.",
            "Set SITE_URL to https://…",
        )
    return right(
        "News by letter ends by one click (RFC 8058). DKIM must sign List-Unsubscribe and List-Unsubscribe-Post."
    )


def spf() -> Finding:
    return _of_records("SPF", lambda: mail_records.spf(sender_domain(), mail_records.texts))


def dkim() -> Finding:
    if not settings.DKIM_SELECTOR:
        return right("DKIM was not looked at: DKIM_SELECTOR is not set.")
    return _of_records("DKIM", lambda: mail_records.dkim(sender_domain(), settings.DKIM_SELECTOR, mail_records.texts))


def dmarc() -> Finding:
    return _of_records("DMARC", lambda: mail_records.dmarc(sender_domain(), mail_records.texts))


def _of_records(name: str, look: Callable[[], mail_records.Problem | None]) -> Finding:
    """A check of DNS, which says that it was not made rather than fail without a resolver."""
    if not is_public() or not _is_real(sender_domain()):
        return right(f"{name} was not looked at: this site sends no letters into the world.")
    try:
        problem = look()
    except mail_records.NotLookedAt:
        return right(f"{name} was not looked at: no resolver answers.")
    return warning(*problem) if problem else right(f"{name} of {sender_domain()} is right.")


def oldest_letter() -> Finding:
    """How long the letter waits that is due for the longest time; those that the mail server put off count, too."""
    now = timezone.now()
    waiting = Letter.objects.waiting()
    is_put_off = waiting.filter(problem__startswith=delivery.REFUSED)
    oldest = (waiting.filter(due_at__lt=now, begun_at=None) | is_put_off).order_by("made_at").first()
    if oldest is None:
        return right("No letter waits.")
    since = oldest.made_at if oldest.problem else oldest.due_at
    words = f"The oldest letter waits since {timesince(since, now)}."
    if now - since < delivery.PAUSES[0]:
        return right(words)
    why = f" The mail server said: {oldest.problem}" if oldest.problem else ""
    return wrong(words + why, "See whether the worker runs, and try manage.py mail_check --to you@example.org")


def sender_domain() -> str:
    return parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2].lower()


def _is_real(domain: str) -> bool:
    """Whether a domain can be known in the world: no single name, no address, none of those kept for inside."""
    last = domain.rpartition(".")[2]
    return "." in domain and last not in NO_DOMAINS and not last.isdecimal() and ":" not in domain
