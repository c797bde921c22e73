"""Sending letters: each once, and only if the member may and wants to get it.

A letter is a row with a unique key before it is sent. `begun_at` is committed before an attempt and `sent_at` after it,
so that only one of two workers sends it. If a worker is killed between the two, the letter is sent again with the same
Message-ID, so that mail programs show it once.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from notifications.letters import emails, preferences
from notifications.models import Letter
from notifications.models.letter import MOST_BEGINNINGS

logger = logging.getLogger("borderpost.letters")
# Waits after the 1st, 2nd, 3rd and 4th failed attempt (docs/notifications.md), then it is given up. BROKEN_OFF: after
# an attempt that did not end, because the worker was killed.
PAUSES = [timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12)]
BROKEN_OFF = timedelta(minutes=15)
REFUSED = "The mail server would not take it"
# Letters older than this are dropped instead of sent.
OLDEST = timedelta(days=7)


def send(letter_id: int) -> datetime | None:
    """Send a letter unless it was sent or another worker sends it; drop it if it may not be sent or is out of date.

    Returns when to try again if the mail server refused it, else None. SMTP errors are logged, not raised.
    """
    letter = _begin(letter_id)
    if letter is None:
        return None
    if problem := _why_not(letter):
        letter.drop(problem)
        return None
    message = emails.compose(letter)
    if message is None:
        letter.drop("Nothing to tell any more.")
        return None
    try:
        message.send()
    except (SMTPException, OSError) as error:
        return _failed(letter, error)
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), problem="")
    return None


def waiting(now: datetime) -> list[int]:
    """Primary keys of letters whose attempt never began, or never ended."""
    stopped = Q(begun_at=None, made_at__lt=now - BROKEN_OFF) | Q(begun_at__lt=now - BROKEN_OFF - PAUSES[-1])
    return list(Letter.objects.waiting().filter(stopped).order_by("pk").values_list("pk", flat=True))


def refused(since: datetime) -> QuerySet[Letter]:
    """Letters that the mail server refused since then, and that are not sent yet."""
    return Letter.objects.filter(sent_at=None, begun_at__gt=since, problem__startswith=REFUSED)


def send_waiting() -> None:
    """Send all letters that are overdue. Called nightly (config/worker/nightly.py)."""
    from_now_on = timezone.now()
    for pk in waiting(from_now_on):
        send(pk)


def _begin(letter_id: int) -> Letter | None:
    """Begin an attempt by one atomic UPDATE; None if it is sent, given up, or another worker sends it."""
    now = timezone.now()
    free = Q(begun_at=None) | ~Q(problem="") | Q(begun_at__lt=now - BROKEN_OFF)
    taken = Letter.objects.filter(free, pk=letter_id).waiting()
    if not taken.update(begun_at=now, beginnings_count=F("beginnings_count") + 1, problem=""):
        return None
    return Letter.objects.select_related("user", "crossing__country_a", "crossing__country_b").get(pk=letter_id)


def _why_not(letter: Letter) -> str:
    """Why a letter may not be sent; "" if it may."""
    if not may_get_letters(letter.user, Letter.Kind(letter.kind)):
        return "The member may get no letters."
    if letter.beginnings_count > MOST_BEGINNINGS:
        return f"Begun {MOST_BEGINNINGS} times in vain."
    if timezone.now() - letter.made_at > OLDEST:
        return "Too late."
    if not preferences.is_wanted(letter.user, Letter.Kind(letter.kind)):
        return "The member does not want this kind of letter."
    return ""


def may_get_letters(user: User, kind: Letter.Kind) -> bool:
    """Whether a member may get letters: active, address confirmed; if suspended, only about moderators' acts."""
    if not user.is_active or user.email_confirmed_at is None:
        return False
    return kind == Letter.Kind.ACTS or not user.is_suspended


def _failed(letter: Letter, error: Exception) -> datetime | None:
    logger.warning("Letter %s could not be sent: %s", letter.pk, error)
    if letter.beginnings_count > len(PAUSES):
        letter.drop(f"{REFUSED}: {error}")
        return None
    Letter.objects.filter(pk=letter.pk).update(problem=f"{REFUSED}: {error}"[:200])
    return timezone.now() + PAUSES[letter.beginnings_count - 1]
