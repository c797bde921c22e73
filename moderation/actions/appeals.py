"""Appeals of members against acts that concern them; another moderator than the first decides."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.counters import locks
from forum.models import Post
from forum.permissions import CannotBeDone, NotAllowed, can_administer
from moderation.actions import later_acts, undo
from moderation.actions.base import lock_member
from moderation.log import entries
from moderation.log.concerned_members import concerns, first_taken_along
from moderation.log.entries import Why
from moderation.models import Appeal, ModerationEntry, QueueItem, Verb
from moderation.permissions import can_appeal, can_decide
from moderation.queue import items


@transaction.atomic
def appeal(user: User, entry: ModerationEntry, words: str) -> Appeal:
    """Appeal against an act; a second call returns the first appeal. Raises NotAllowed, CannotBeDone if undone."""
    post = _post_of(user, entry)
    if post is not None:
        post = locks.lock_post(post)
    lock_member(user)
    if standing := Appeal.objects.filter(entry=entry, by=user).first():
        return standing
    if not (can_appeal(user, entry) and concerns(entry, user)):
        raise NotAllowed
    if undo.is_undone(entry):
        raise CannotBeDone("This was taken back already.")
    item = _item_of(user, entry, post)
    made = Appeal.objects.create(item=item, entry=entry, by=user, words=words, at=timezone.now())
    items.refresh(item)
    return made


@transaction.atomic
def decide(
    user: User, asked: Appeal, *, is_granted: bool, answer: str, is_set_right: bool = False
) -> ModerationEntry | None:
    """Grant an appeal by undoing the act, or uphold the act. Idempotent: None the second time.

    If the act was changed since so that it cannot be undone, the moderator corrects that by hand first and passes
    `is_set_right`. Raises NotAllowed, CannotBeDone.
    """
    asked = Appeal.objects.select_for_update(no_key=True).get(pk=asked.pk)
    if asked.decided_at is not None:
        return None
    if not can_decide(user, asked):
        raise NotAllowed
    if not answer.strip():
        raise CannotBeDone("Say a few words to whoever asked.")
    entry = asked.entry
    took_back = _take_back(user, entry, answer) if is_granted and not is_set_right else None
    outcome = Appeal.Outcome.GRANTED if is_granted else Appeal.Outcome.UPHELD
    Appeal.objects.filter(pk=asked.pk).update(
        decided_at=timezone.now(), decided_by=user, outcome=outcome, answer=answer
    )
    items.refresh(asked.item, user)
    told = entries.write(
        user, Verb.DECIDE_APPEAL, Why(reason=answer), subforum=entry.place, topic=entry.topic, post=entry.post,
        member=asked.by, before={"entry": entry.pk}, after={"outcome": outcome, "took_back": took_back},
    )  # fmt: skip
    return entries.tell(told)


def _take_back(user: User, entry: ModerationEntry, answer: str) -> int | None:
    """Undo the act, or the later same one that replaced it; returns the pk of the undone entry, None if none stands."""
    standing = later_acts.what_stands_of(entry)
    if standing is None:
        return None
    if standing.by_id == user.pk and not can_administer(user):
        raise CannotBeDone("You did the same again since, so another moderator decides.")
    undo.undo(user, standing, Why(reason=answer), by_appeal=True)
    return standing.pk


def _post_of(user: User, entry: ModerationEntry) -> Post | None:
    """The post of an appeal: the entry's, else the member's first that was moved along, else the opening post."""
    posts = Post.objects.select_related("author", "topic__subforum")
    if entry.post_id:
        return posts.filter(pk=entry.post_id).first()
    if entry.member_id != user.pk:
        return posts.filter(pk=first_taken_along(entry, user) or 0).first()
    return posts.filter(topic=entry.topic_id, number=1).first() if entry.topic_id else None


def _item_of(user: User, entry: ModerationEntry, post: Post | None) -> QueueItem:
    """The open queue item of the post; without a post, one of the member."""
    if post is not None:
        return items.item_of(post)
    values = {"opened_at": timezone.now(), "subforum": entry.place}
    return QueueItem.objects.get_or_create(post=None, member=user, is_profile=False, closed_at=None, defaults=values)[0]
