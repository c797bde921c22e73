"""Titles of topics in the log: only to whom may read what the topic is now."""

from collections.abc import Sequence

from accounts.models import User
from forum.models import Subforum, Topic
from forum.models.subforum import moderated_subforum_ids
from moderation.models import ModerationEntry


def forget_unreadable(user: User, entries: Sequence[ModerationEntry]) -> None:
    """A topic that the reader may not read, because it was hidden or moved, keeps its present title to itself; but whom
    an act concerns knows what it was about, wherever they may read."""
    topics = [entry.topic for entry in entries if entry.topic]
    topics += [entry.undoes.topic for entry in entries if entry.undoes and entry.undoes.topic]
    places = {topic.subforum_id for topic in topics}
    readable = set(Subforum.objects.visible_to(user).filter(pk__in=places).values_list("pk", flat=True))
    for entry in entries:
        is_own = user.is_authenticated and entry.member_id == user.pk
        for act in (entry, entry.undoes):
            if act and act.topic and not (act.topic.subforum_id in readable and (is_own or _is_told(user, act.topic))):
                act.topic = None


def _is_told(user: User, topic: Topic) -> bool:
    """Where one may read; what was merged is hidden, but its title stands on the page of the other."""
    if topic.is_readable or topic.merged_into_id is not None:
        return True
    return user.is_staff or topic.subforum_id in moderated_subforum_ids(user)
