"""Sending letters: each once, and only if the member may and wants to get it.

The queue is the table: the worker sends what is due between its tasks (config/worker/task_worker.py).
`begun_at` is committed before an attempt and `sent_at` after it, so that only one of two workers sends a letter. If a
worker is killed between the two, the next one sends the letter again with the same Message-ID, so that mail programs
show it once. If the database goes away between the two, the worker notes it when the database is back.
"""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from typing import Any

from django.core.mail import mailers
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from forum.models import Reading
from notifications.letters import account_letters, bounces, emails, policy, preferences
from notifications.letters.recipients import may_get_letters
from notifications.letters.returned import delivery_reports
from notifications.models import Bounce, Category, Letter
from notifications.models.letter import LetterQuerySet

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
# What the mail server took while the database did not answer.
_handed_over: list[Letter] = []
_ADDRESS = re.compile(r"""[^\s<>:;,'"(){}]+@[^\s<>:;,'"(){}]+""")
# What a mail server answers for an address that it does not know: 550 to 559.
UNKNOWN_ADDRESS = range(550, 560)
# No letter would get through: the mail server is away, or does not take us for whom we say we are.
NO_CONVERSATION = (
    SMTPConnectError, SMTPServerDisconnected, SMTPHeloError, SMTPAuthenticationError, SMTPNotSupportedError,
)  # fmt: skip


def send_due(most: int = AT_ONE_TIME, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Send letters that are due over one connection: those about accounts first, then the longest waiting. Returns how
    many were tried. It ends after the letter in hand when `goes_on` says no."""
    return _send_all(_next_due, most, goes_on)


def send_due_about_accounts(most: int = AT_ONE_TIME, goes_on: Callable[[], bool] = lambda: True) -> int:
    """The same for letters about accounts alone, whose readers wait for them: the worker does it between two tasks."""
    return _send_all(_next_about_account, most, goes_on)


def _send_all(find_next: Callable[[], int | None], most: int, goes_on: Callable[[], bool]) -> int:
    """Asked for the next one each time, because a letter about an account may come while others are sent."""
    tried, pk = 0, find_next()
    if pk is None:
        return 0
    mailer = mailers.default
    try:
        while pk is not None:
            tried += 1
            if not send(pk, mailer):
                _wait_for_server()
                break
            pk = find_next() if tried < most and goes_on() else None
    finally:
        _hang_up(mailer)
    return tried


def _next_due() -> int | None:
    return _next_about_account() or _due().order_by("due_at", "pk").values_list("pk", flat=True).first()


def _next_about_account() -> int | None:
    return _due().about_accounts().order_by("due_at", "pk").values_list("pk", flat=True).first()


def _due() -> LetterQuerySet:
    now = timezone.now()
    return Letter.objects.waiting().filter(_free(now), due_at__lte=now)


def _wait_for_server() -> None:
    """While the mail server cannot be reached, all that are due wait, letters about accounts for a shorter time."""
    now = timezone.now()
    _due().about_accounts().update(due_at=now + account_letters.UNREACHABLE_PAUSE)
    _due().update(due_at=now + PAUSES[0])


def note_handed_over() -> None:
    """Note as sent what this process handed over while the database was away. For the worker, as it begins again."""
    while _handed_over:
        _handed_over[-1].note_sent()
        _handed_over.pop()


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
    except Exception as error:
        logger.exception("Letter %s could not be given to the mail server", letter.pk)
        _try_later(letter, f"{UNSAID}: {error!r}")
        return True
    _handed_over.append(letter)
    note_handed_over()
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
    if letter.kind == Letter.Kind.ACCOUNT:
        return account_letters.why_not(letter)
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
    """Whether a letter that was begun waits: while its reader reads the topic, and if it is one too many today.

    Letters about accounts never wait, and do not count.
    """
    if letter.kind == Letter.Kind.ACCOUNT:
        return False
    now = timezone.now()
    if quiet_until := _quiet_until(letter, now):
        letter.postpone(quiet_until)
        return True
    sent = Letter.objects.filter(user=letter.user_id, sent_at__gt=now - A_DAY).exclude(kind=Letter.Kind.ACCOUNT)
    times = sent.order_by("-sent_at").values_list("sent_at", flat=True)
    if (last_allowed := times[MOST_A_DAY - 1 :].first()) is None:
        return False
    if letter.kind == Letter.Kind.NEWS:
        _leave_to_digest(letter)
    else:
        letter.postpone(last_allowed + A_DAY)
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
    reading = Reading.objects.filter(user=letter.user_id, topic=int(number), seen_at__gt=now - READS_NOW)
    seen_at = reading.values_list("seen_at", flat=True).first()
    return seen_at + READS_NOW if seen_at else None


def _failed(letter: Letter, error: Exception) -> bool:
    """Note a failed attempt. Returns whether the mail server can be reached at all."""
    problem = f"{REFUSED}: {_without_addresses(error)}"
    logger.warning("Letter %s could not be sent: %s", letter.pk, _without_addresses(error))
    if words := _address_is_unknown(error):
        if account_letters.is_to_own_address(letter):
            bounces.record(letter.user, Bounce.Kind.HARD, f"smtp-{letter.pk}", words=words, letter=letter)
        letter.drop(problem)
        return True
    is_reachable = isinstance(error, SMTPException) and not isinstance(error, NO_CONVERSATION)
    if letter.kind == Letter.Kind.ACCOUNT and not is_reachable:
        letter.postpone(timezone.now() + account_letters.UNREACHABLE_PAUSE, problem=problem)
    else:
        _try_later(letter, problem)
    return is_reachable


def _try_later(letter: Letter, problem: str) -> None:
    problem = "".join(sign if sign.isprintable() else " " for sign in problem)
    pause = _pause_after(letter)
    if pause is None:
        letter.drop(problem)
    else:
        due_at = timezone.now() + pause
        Letter.objects.filter(pk=letter.pk).update(problem=problem[:200], due_at=due_at)


def _pause_after(letter: Letter) -> timedelta | None:
    """How long a letter waits after a failed attempt; None if it is given up."""
    if letter.kind == Letter.Kind.ACCOUNT:
        return account_letters.pause_after(letter)
    return PAUSES[letter.beginnings_count - 1] if letter.beginnings_count <= len(PAUSES) else None


def _without_addresses(error: Exception) -> str:
    """What went wrong, for logs and operators: mail servers repeat the address, which is forgotten with the letter."""
    words = str(error)
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        words = " ".join(map(str, _said_of_first(error)))
    return _ADDRESS.sub("…", words)


def _said_of_first(error: SMTPRecipientsRefused) -> tuple[int, str]:
    """The code and the text of the answer about the first recipient; each letter has one."""
    code, words = next(iter(error.recipients.values()))
    return code, " ".join((words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)).split())


def _address_is_unknown(error: Exception) -> str:
    """What the mail server says if it knows no such address, for ever; "" for other errors."""
    if not isinstance(error, SMTPRecipientsRefused) or not error.recipients:
        return ""
    code, text = _said_of_first(error)
    is_for_ever = code in UNKNOWN_ADDRESS and delivery_reports.kind_of(text or "5.1.1") == Bounce.Kind.HARD
    return f"{code} {text}" if is_for_ever else ""


def _hang_up(mailer: Any) -> None:
    with suppress(SMTPException, OSError):
        mailer.close()
