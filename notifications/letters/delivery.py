"""Sending letters: each once, and only if the member may and wants to get it.

The queue is the table: the worker sends what is due between its tasks (config/management/commands/worker.py).
`begun_at` is committed before an attempt and `sent_at` after it, so that only one of two workers sends a letter. If a
worker is killed between the two, the next one sends the letter again with the same Message-ID, so that mail programs
show it once.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPConnectError, SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

from django.core.mail import mailers
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from forum.models import Reading
from notifications.letters import bounces, delivery_reports, emails, policy, preferences
from notifications.letters.recipients import may_get_letters
from notifications.models import Bounce, Category, Letter

logger = logging.getLogger("borderpost.letters")
# Waits after the failed attempts (docs/notifications.md), then it is given up.
PAUSES = [
    timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12), timedelta(days=1),
    timedelta(days=2),
]  # fmt: skip
# After an attempt that did not end, if no worker started since.
BROKEN_OFF = timedelta(minutes=15)
# How often a letter may be cut off by the end of its worker, which it may be the cause of.
MOST_CUT_OFF = len(PAUSES) + 1
CUT_OFF = "The worker ended while it was sent."
REFUSED = "The mail server would not take it"
UNSAID = "It could not be put into words"
# Letters older than this are dropped instead of sent; those of a week wait for a week before.
OLDEST = timedelta(days=7)
# A member gets no more letters than this within A_DAY.
MOST_A_DAY, A_DAY = 20, timedelta(hours=24)
# Who looked at a topic in this time reads it now, and is left in peace, but for no longer than QUIET_FOR.
READS_NOW, QUIET_FOR = timedelta(minutes=5), timedelta(hours=1)
AT_ONE_TIME = 20
# What a mail server answers for an address that it does not know: 550 to 559.
UNKNOWN_ADDRESS = range(550, 560)


def send_due(most: int = AT_ONE_TIME) -> int:
    """Send letters that are due, the longest waiting first, over one connection. Returns how many were tried."""
    now = timezone.now()
    due = Letter.objects.waiting().filter(_free(now), due_at__lte=now).order_by("due_at", "pk")
    ids = list(due.values_list("pk", flat=True)[:most])
    if ids:
        mailer = mailers.default
        try:
            for pk in ids:
                if not send(pk, mailer):
                    due.update(due_at=timezone.now() + PAUSES[0])
                    break
        finally:
            _hang_up(mailer)
    return len(ids)


def take_up_cut_off() -> None:
    """Let letters be sent again that another worker had begun when it was killed. For the one worker, as it starts."""
    Letter.objects.waiting().filter(begun_at__isnull=False, problem="").update(problem=CUT_OFF)


def send(letter_id: int, mailer: Any = None) -> bool:
    """Send a letter unless it was sent or another worker sends it; drop it if it may not be sent or is out of date.

    SMTP errors are logged, not raised; the letter is due again later. Returns whether the mail server can be reached.
    """
    letter = _begin(letter_id)
    if letter is None:
        return True
    if problem := _why_not(letter):
        letter.drop(problem)
    elif not is_held_back(letter):
        return _hand_over(letter, mailer or mailers.default)
    return True


def _hand_over(letter: Letter, mailer: Any) -> bool:
    try:
        message = emails.compose(letter)
    except Exception as error:
        logger.exception("Letter %s could not be put into words", letter.pk)
        _try_later(letter, f"{UNSAID}: {error!r}")
        return True
    if message is None:
        letter.drop("Nothing to tell any more.")
        return True
    try:
        mailer.send_messages([message])
    except (SMTPException, OSError) as error:
        _hang_up(mailer)
        return _failed(letter, error)
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), problem="")
    return True


def refused(since: datetime) -> QuerySet[Letter]:
    """Letters that the mail server refused since then, and that are not sent yet."""
    return Letter.objects.filter(sent_at=None, begun_at__gt=since, problem__startswith=REFUSED)


def overdue(since: datetime) -> QuerySet[Letter]:
    """Letters that were due before that time, and that nobody has begun."""
    return Letter.objects.waiting().filter(due_at__lt=since, begun_at=None)


def _free(now: datetime) -> Q:
    """Letters that nobody is sending."""
    return Q(begun_at=None) | ~Q(problem="") | Q(begun_at__lt=now - BROKEN_OFF)


def _begin(letter_id: int) -> Letter | None:
    """Begin an attempt by one atomic UPDATE; None if it is sent, given up, or another worker sends it."""
    now = timezone.now()
    taken = Letter.objects.waiting().filter(_free(now), pk=letter_id)
    if not taken.update(begun_at=now, beginnings_count=F("beginnings_count") + 1, problem=""):
        return None
    return Letter.objects.select_related("user", "crossing__country_a", "crossing__country_b").get(pk=letter_id)


def _why_not(letter: Letter) -> str:
    """Why a letter may not be sent; "" if it may."""
    is_of_moderators = letter.kind == Letter.Kind.ACTS or letter.category == Category.ACTS
    if not may_get_letters(letter.user, Category.ACTS if is_of_moderators else None):
        return "The member may get no letters."
    if letter.beginnings_count > MOST_CUT_OFF:
        return f"Begun {MOST_CUT_OFF} times in vain."
    if timezone.now() - letter.made_at > (OLDEST * 2 if letter.kind == Letter.Kind.WEEK else OLDEST):
        return "Too late."
    if bounces.is_stopped(letter.user):
        return "Letters to this address came back."
    if not preferences.is_wanted(letter.user, letter):
        return "The member does not want this kind of letter."
    return ""


def is_held_back(letter: Letter) -> bool:
    """Whether a letter that was begun waits: while its reader reads the topic, and if it is one too many today."""
    now = timezone.now()
    if quiet_until := _quiet_until(letter, now):
        letter.postpone(quiet_until)
        return True
    sent = Letter.objects.filter(user=letter.user_id, sent_at__gt=now - A_DAY).order_by("-sent_at")
    latest = [sent_at for sent_at in sent.values_list("sent_at", flat=True)[:MOST_A_DAY] if sent_at]
    if len(latest) < MOST_A_DAY:
        return False
    if letter.kind == Letter.Kind.NEWS:
        _leave_to_digest(letter)
    else:
        letter.postpone(latest[-1] + A_DAY)
    return True


@transaction.atomic
def _leave_to_digest(letter: Letter) -> None:
    policy.after_the_cap(letter.user, letter)
    letter.drop(f"More than {MOST_A_DAY} letters in a day: it is in the next digest.")


def _quiet_until(letter: Letter, now: datetime) -> datetime | None:
    """Until when not to disturb somebody who reads the topic of the letter now."""
    kind, _, number = letter.thread.partition("-")
    if kind != "topic" or letter.made_at < now - QUIET_FOR:
        return None
    reading = Reading.objects.filter(user=letter.user_id, topic=int(number), seen_at__gt=now - READS_NOW).first()
    return reading.seen_at + READS_NOW if reading and reading.seen_at else None


def _failed(letter: Letter, error: Exception) -> bool:
    """Note a failed attempt. Returns whether the mail server can be reached at all."""
    logger.warning("Letter %s could not be sent: %s", letter.pk, error)
    if words := _address_is_unknown(error):
        bounces.record(letter.user, Bounce.Kind.HARD, f"smtp-{letter.pk}", words=words, letter=letter)
        letter.drop(f"{REFUSED}: {words}")
        return True
    _try_later(letter, f"{REFUSED}: {error}")
    return isinstance(error, SMTPException) and not isinstance(error, (SMTPConnectError, SMTPServerDisconnected))


def _try_later(letter: Letter, problem: str) -> None:
    problem = "".join(sign if sign.isprintable() else " " for sign in problem)
    if letter.beginnings_count > len(PAUSES):
        letter.drop(problem)
    else:
        due_at = timezone.now() + PAUSES[letter.beginnings_count - 1]
        Letter.objects.filter(pk=letter.pk).update(problem=problem[:200], due_at=due_at)


def _address_is_unknown(error: Exception) -> str:
    """What the mail server says if it knows no such address, for ever; "" for other errors."""
    if not isinstance(error, SMTPRecipientsRefused) or not error.recipients:
        return ""
    code, words = next(iter(error.recipients.values()))
    text = " ".join((words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)).split())
    is_for_ever = code in UNKNOWN_ADDRESS and delivery_reports.kind_of(text or "5.1.1") == Bounce.Kind.HARD
    return f"{code} {text}" if is_for_ever else ""


def _hang_up(mailer: Any) -> None:
    with suppress(SMTPException, OSError):
        mailer.close()
