"""Notifying members of moderators' acts that concern them: whom, of which, and when.

A task calls it some minutes after the act; acts that were undone since are skipped: moderators make mistakes, too.
Nothing is copied from the entry; its words are read when they are shown (notifications/news/act_words.py).
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import NewsVersion, User
from forum.models import Post
from moderation.log import entry_addresses
from moderation.log.concerned_members import TAKES_ALONG, places_left
from moderation.models import Appeal, ModerationEntry, Suspension, Verb
from moderation.models.entry import OF_FILTERS
from notifications.letters.write import write
from notifications.models import Letter, Notification
from notifications.news.tell import FROM_MODERATORS, tell

# Not notified (docs/notifications.md): pinning, links to crossings and dismissed flags judge nobody; looks are in the
# log for moderators; spammers get no letters.
NOT_TOLD = OF_FILTERS | {
    Verb.PIN, Verb.UNPIN, Verb.PIN_ACROSS, Verb.UNPIN_ACROSS, Verb.LINK_CROSSINGS, Verb.DISMISS, Verb.DISMISS_PROFILE,
    Verb.LOOK, Verb.CLEAN_SPAM, Verb.REMOVE_SUBFORUM,
}  # fmt: skip
TOLD = set(Verb) - NOT_TOLD
MOST_WRITERS = 500
# Bulk acts, such as on twenty ticked posts, come in one letter, though their times differ a little.
IN_ONE_GO = timedelta(seconds=10)


def is_told(entry: ModerationEntry) -> bool:
    """Whether anybody is notified: not of their own acts, unless those moved posts of others."""
    return entry.verb in TAKES_ALONG or (entry.verb in TOLD and entry.member_id not in {None, entry.by_id})


def tell_of(entry_id: int) -> None:
    """Notify members of an act, with one letter for all acts of a moderator on a member in one go. Idempotent."""
    entry = ModerationEntry.objects.undoable().filter(pk=entry_id).first()
    if entry is None:
        return
    if entry.verb in TOLD and entry.member_id not in {None, entry.by_id}:
        _tell_member(entry)
    if entry.verb in TAKES_ALONG:
        _tell_writers(entry)


@transaction.atomic
def _tell_member(entry: ModerationEntry) -> None:
    member = User.objects.select_for_update(no_key=True).filter(pk=entry.member_id).first()
    if member is None or _came_to_advertise(member):
        return
    told = [_tell(member, other) for other in _in_one_go(entry) if _is_news(member, other)]
    if told:
        letter, _ = write(member.pk, Letter.Kind.ACTS, f"acts-{entry.pk}")
        Notification.objects.filter(pk__in=told).update(letter=letter)


def _in_one_go(entry: ModerationEntry) -> list[ModerationEntry]:
    """The act and those right after it; not those that may still be undone before their letter, or were undone."""
    until = timezone.now() - timedelta(seconds=settings.MODERATION_LETTER_DELAY) + IN_ONE_GO
    same = ModerationEntry.objects.undoable().filter(member=entry.member_id, by=entry.by_id, verb__in=TOLD)
    return list(same.filter(pk__gte=entry.pk, at__lte=max(until, entry.at)).order_by("pk"))


def _is_news(member: User, entry: ModerationEntry) -> bool:
    if Notification.objects.filter(user=member, entry=entry).exists():
        return False
    return entry.verb != Verb.UNDO or _was_known(member, entry)


def _was_known(member: User, undoing: ModerationEntry) -> bool:
    """Whether the member knew of the undone act: they were notified, or must have noticed. False for granted appeals,
    because their answer says so."""
    undone = ModerationEntry.objects.filter(pk=undoing.undoes_id or 0).first()
    if undone is None or _answers_an_appeal(undone):
        return False
    if undone.verb == Verb.CLEAN_SPAM:
        return undoing.at - undone.at > timedelta(seconds=settings.MODERATION_LETTER_DELAY)
    return Notification.objects.filter(user=member, entry=undone).exists()


def _answers_an_appeal(undone: ModerationEntry) -> bool:
    """Whether it was undone by the member's appeal, against this act or an earlier same one."""
    if Appeal.objects.filter(entry=undone, by=undone.member_id, outcome=Appeal.Outcome.GRANTED).exists():
        return True
    decided = ModerationEntry.objects.filter(member=undone.member_id, verb=Verb.DECIDE_APPEAL, pk__gt=undone.pk)
    return decided.filter(words__after__took_back=undone.pk).exists()


def _tell(member: User, entry: ModerationEntry) -> int:
    news = tell(
        member.pk, Notification.Kind.MODERATION, key_of(entry), subject=FROM_MODERATORS,
        url=entry_addresses.explained_at(entry), entry=entry, letter=False,
    )  # fmt: skip
    return news.pk


def key_of(entry: ModerationEntry) -> str:
    return f"act-{entry.pk}"


def _came_to_advertise(member: User) -> bool:
    return Suspension.objects.standing().filter(member=member, entry__verb=Verb.CLEAN_SPAM).exists()


def _tell_writers(entry: ModerationEntry) -> None:
    """Notify authors of posts that an act moved along, without a letter, each about the first of their posts."""
    taken = Post.objects.readable().filter(pk__in=places_left(entry).values("post"))
    firsts = taken.exclude(author__in=_has_heard(entry)).order_by("author", "number").distinct("author")[:MOST_WRITERS]
    now = timezone.now()
    rows = [
        Notification(
            user_id=post.author_id, kind=Notification.Kind.MODERATION, key=key_of(entry), entry=entry, post=post,
            topic_id=post.topic_id, subject=FROM_MODERATORS, url=reverse("forum:post", args=[post.pk]), made_at=now,
        )
        for post in firsts
    ]  # fmt: skip
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    NewsVersion.bump(post.author_id for post in firsts)


def _has_heard(entry: ModerationEntry) -> list[int]:
    return [pk for pk in (entry.by_id, entry.member_id) if pk is not None]
