"""Later acts that supersede an earlier one: what was hidden, restored and hidden again is hidden by the last act.

So acts on one thing are undone from the newest to the oldest, and nobody undoes what another did since.
"""

from django.db.models import Q

from forum.models import Post
from forum.permissions import CannotBeDone
from moderation.models import ModerationEntry, Verb
from moderation.models.entry import EntryQuerySet

_TOPIC_HIDDEN = {Verb.HIDE_TOPIC, Verb.RESTORE_TOPIC}
_POST_HIDDEN = {Verb.HIDE_POST, Verb.RESTORE_POST, Verb.APPROVE, Verb.REJECT}
_KEPT = [
    {Verb.LOCK, Verb.UNLOCK}, {Verb.PIN, Verb.UNPIN}, {Verb.PIN_ACROSS, Verb.UNPIN_ACROSS}, {Verb.MOVE_TOPIC},
    {Verb.RETITLE}, {Verb.LINK_CROSSINGS}, {Verb.MARK_DUPLICATE, Verb.UNMARK_DUPLICATE},
]  # fmt: skip
_UNRELATED = {Verb.MARK_UNRELATED, Verb.UNMARK_UNRELATED}
_SUSPENDED = {Verb.SUSPEND, Verb.LIFT, Verb.BAN, Verb.UNBAN, Verb.CLEAN_SPAM}


_HIDES = {Verb.HIDE_TOPIC, Verb.HIDE_POST, Verb.REJECT}
_SHOWS = {Verb.RESTORE_TOPIC, Verb.RESTORE_POST, Verb.APPROVE}
# By verb: verbs that repeat the act, and verbs that reverse it.
_SAME = dict.fromkeys(_HIDES, _HIDES) | {Verb.LOCK: {Verb.LOCK}}
_BACK = dict.fromkeys(_HIDES, _SHOWS) | {
    Verb.LOCK: {Verb.UNLOCK}, Verb.MARK_DUPLICATE: {Verb.UNMARK_DUPLICATE}, Verb.SUSPEND: {Verb.LIFT},
    Verb.BAN: {Verb.UNBAN},
}  # fmt: skip
# Verbs that repeat or reverse each other by this value of the snapshots.
_NAMES = {Verb.MOVE_TOPIC: "subforum", Verb.RETITLE: "title", Verb.MARK_DUPLICATE: "duplicate_of"}


def is_done_again(entry: ModerationEntry) -> bool:
    """Whether a later act of the same kind on the same thing still stands. The caller has locked the thing."""
    return done_since(entry).exists()


def done_since(entry: ModerationEntry) -> EntryQuerySet:
    """The later acts of the same kind on the same thing that are not undone."""
    about = _about(entry)
    return _later(entry).filter(about) if about is not None else _later(entry).none()


def what_stands_of(entry: ModerationEntry) -> ModerationEntry | None:
    """The act to undo so that this one is undone: itself, or a later repetition. None if it was undone, or reversed by
    hand. Raises CannotBeDone if something else was done since."""
    latest = done_since(entry).select_related("words").latest_first().first()
    if latest is None:
        return None if ModerationEntry.objects.filter(undoes=entry).exists() else entry
    if _goes_back_on(entry, latest):
        return None
    if _is_the_same(entry, latest):
        return latest
    raise CannotBeDone("Something else was made of it since. Set it right by hand, and say here that you did.")


def _is_the_same(entry: ModerationEntry, latest: ModerationEntry) -> bool:
    if name := _NAMES.get(Verb(entry.verb)):
        if latest.verb != entry.verb or name not in entry.words.after:
            return False
        was, now = entry.words, latest.words
        return was.after[name] == now.after.get(name) and was.before.get(name) == now.before.get(name)
    return latest.verb in _SAME.get(Verb(entry.verb), set())


def _goes_back_on(entry: ModerationEntry, latest: ModerationEntry) -> bool:
    if latest.verb in _BACK.get(Verb(entry.verb), set()):
        return True
    name = _NAMES.get(Verb(entry.verb), "")
    return name in entry.words.before and latest.words.after.get(name) == entry.words.before[name]


def posts_judged_since(entry: ModerationEntry) -> EntryQuerySet:
    """Entries of later acts that hid or restored single posts."""
    return _later(entry).filter(verb__in=_POST_HIDDEN, post__isnull=False)


def topics_judged_since(entry: ModerationEntry) -> EntryQuerySet:
    """Entries of later acts that hid or restored whole topics."""
    return _later(entry).filter(_of_topic(), topic__isnull=False)


def _later(entry: ModerationEntry) -> EntryQuerySet:
    return ModerationEntry.objects.undoable().filter(pk__gt=entry.pk)


def _about(entry: ModerationEntry) -> Q | None:
    verb = Verb(entry.verb)
    if verb in _SUSPENDED:
        return Q(member=entry.member_id, verb__in=_SUSPENDED)
    if verb in _TOPIC_HIDDEN:
        return Q(_of_topic(), topic=entry.topic_id)
    if verb in _POST_HIDDEN:
        about = Q(post=entry.post_id, verb__in=_POST_HIDDEN)
        opened = Post.objects.filter(pk=entry.post_id or 0, number=1, topic__is_running=False).values("topic")
        return about | Q(topic__in=opened, verb__in=_TOPIC_HIDDEN)
    if verb in _UNRELATED:  # it may have been said of the pair from either side
        other = entry.words.after.get("other")
        pair = Q(topic=entry.topic_id, words__after__other=other) | Q(topic=other, words__after__other=entry.topic_id)
        return Q(pair, verb__in=_UNRELATED)
    if verb == Verb.CLEAR_PROFILE:
        return Q(_of_fields(entry), member=entry.member_id, verb=verb)
    return next((Q(topic=entry.topic_id, verb__in=verbs) for verbs in _KEPT if verb in verbs), None)


def _of_fields(entry: ModerationEntry) -> Q:
    """Entries that cleared any of the same texts; older ones name a single field."""
    after = entry.words.after
    found = Q(pk=None)
    for field in after.get("fields") or [after.get("field")]:
        found |= Q(words__after__fields__contains=[field]) | Q(words__after__field=field)
    return found


def _of_topic() -> Q:
    """Verbs that hide or restore a topic: approving or rejecting its opening post does, too."""
    opens = Q(post__number=1, post__topic__is_running=False)
    return Q(verb__in=_TOPIC_HIDDEN) | (Q(verb__in=[Verb.APPROVE, Verb.REJECT]) & opens)
