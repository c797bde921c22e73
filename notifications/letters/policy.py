"""Which letter brings a new notification: one at once, the next digest, or none."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications.letters import bounces, causes, preferences
from notifications.letters.digests import next_issue
from notifications.letters.recipients import may_get_letters
from notifications.models import Category, Frequency, Letter, Notification, Watch
from notifications.models.notification import NotificationQuerySet

AT_ONE_TIME = 500
# Digests that are being sent already are passed over for the next one.
MOST_LATER = 3
Slot = tuple[int, str]  # primary key of the member, key of the letter


def letter_for(notification_ids: Iterable[int]) -> None:
    """Put new notifications into letters, in the transaction that made them. Idempotent.

    Those that are read, or that are in a letter, are left out. The number of queries grows by a few for each
    AT_ONE_TIME of them.
    """
    for ids in batched(notification_ids, AT_ONE_TIME):
        put_into_letters(Notification.objects.filter(pk__in=ids))


@transaction.atomic
def put_into_letters(found: NotificationQuerySet) -> None:
    """The same for a queryset of at most AT_ONE_TIME notifications."""
    rows = found.filter(letter=None, read_at=None).select_related("user").order_by("pk")
    listed = [news for news in rows if may_get_letters(news.user, causes.category_of(news))]
    frequencies = _frequencies(listed)
    now = timezone.now()
    _put_at_once([news for news in listed if frequencies[news.pk] == Frequency.AT_ONCE], now)
    for frequency in (Frequency.DAILY, Frequency.WEEKLY):
        put_into_digests([news for news in listed if frequencies[news.pk] == frequency], frequency, now)


def _frequencies(listed: list[Notification]) -> dict[int, Frequency]:
    """How soon each notification is sent: as chosen; a crossing with a planned day at once, unless never; nothing at
    once to an address from which letters came back, and nothing at all if many did."""
    user_ids = {news.user_id for news in listed}
    chosen, weights = preferences.choices_of_all(user_ids), bounces.weights(user_ids)
    crossings = causes.crossings_of(listed)
    dated = _dated(user_ids, set(crossings.values())) if crossings else set()
    found = {}
    for news in listed:
        frequency = chosen[news.user_id][causes.category_of(news)]
        if frequency != Frequency.NEVER and (news.user_id, crossings.get(news.pk)) in dated:
            frequency = Frequency.AT_ONCE
        found[news.pk] = bounces.lowered(frequency, weights.get(news.user_id, 0))
    return found


def _dated(user_ids: set[int], crossing_ids: set[int]) -> set[tuple[int, int | None]]:
    """Member and crossing of watches with a day that is not over anywhere."""
    since = timezone.now().date() - timedelta(days=1)
    watches = Watch.objects.filter(user__in=user_ids, crossing__in=crossing_ids, travel_on__gte=since)
    return set(watches.values_list("user_id", "crossing_id"))


def _put_at_once(listed: list[Notification], now: datetime) -> None:
    """One letter for each, but those of one conversation and category share the letter that has not begun yet."""
    if not listed:
        return
    crossings = causes.crossings_of(listed)
    due_at = now + timedelta(seconds=settings.LETTER_DELAY)
    open_keys = _open_keys({news.user_id for news in listed})
    slots: dict[int, Slot] = {}
    letters: dict[Slot, Letter] = {}
    for news in listed:
        category, thread = causes.category_of(news), causes.thread_of(news, crossings.get(news.pk))
        key = f"news-{news.key}"
        if thread:
            key = open_keys.setdefault((news.user_id, category, thread), key)
        slots[news.pk] = (news.user_id, key)
        letters[news.user_id, key] = Letter(
            user_id=news.user_id, kind=Letter.Kind.NEWS, key=key, category=category, thread=thread, made_at=now,
            due_at=due_at,
        )  # fmt: skip
    _write(listed, slots, letters)


def _open_keys(user_ids: set[int]) -> dict[tuple[int, Category, str], str]:
    """Keys of letters at once that have not begun, by member, category and conversation."""
    letters = Letter.objects.waiting().filter(user__in=user_ids, begun_at=None).exclude(thread="")
    rows = letters.order_by("-pk").values_list("user_id", "category", "thread", "key")
    return {(user_id, Category(category), thread): key for user_id, category, thread, key in rows}


def put_into_digests(listed: list[Notification], frequency: Frequency, now: datetime) -> None:
    """Put each into the next digest of its reader that has not begun. At most AT_ONE_TIME, with their users."""
    for later in range(MOST_LATER):
        if not listed:
            return
        slots: dict[int, Slot] = {}
        letters: dict[Slot, Letter] = {}
        for news in listed:
            issue = next_issue(frequency, news.user.time_zone, now, later=later)
            slot = slots[news.pk] = (news.user_id, issue.key)
            letters[slot] = Letter(
                user_id=news.user_id, kind=issue.kind, key=issue.key, made_at=now, due_at=issue.due_at
            )
        listed = _write(listed, slots, letters)


def _write(listed: list[Notification], slots: dict[int, Slot], letters: dict[Slot, Letter]) -> list[Notification]:
    """Create the letters that are missing, and put the notifications into them. Returns those whose letter has begun.

    The letters are locked, so that none begins before its notifications are in it.
    """
    Letter.objects.bulk_create([letters[slot] for slot in sorted(letters)], ignore_conflicts=True)
    user_ids, keys = {user_id for user_id, _ in letters}, {key for _, key in letters}
    rows = (
        Letter.objects.select_for_update(no_key=True).waiting().filter(begun_at=None, user__in=user_ids, key__in=keys)
    )
    found = {(letter.user_id, letter.key): letter for letter in rows.order_by("pk")}
    placed = [news for news in listed if slots[news.pk] in found]
    for news in placed:
        news.letter = found[slots[news.pk]]
    Notification.objects.bulk_update(placed, ["letter"])
    return [news for news in listed if slots[news.pk] not in found]


def after_the_cap(user: User, letter: Letter) -> None:
    """Put the notifications of a letter that is one too many today into the next daily digest."""
    listed = list(letter.news.filter(read_at=None).select_related("user").order_by("pk")[:AT_ONE_TIME])
    put_into_digests(listed, Frequency.DAILY, timezone.now())
