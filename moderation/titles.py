"""Titles of topics in the log: only to whom may read where the topic stands now."""

from collections.abc import Sequence

from accounts.models import User
from forum.models import Subforum
from moderation.models import ModerationEntry


def forget_unreadable(user: User, entries: Sequence[ModerationEntry]) -> None:
    """A topic that was moved to where the reader may not read keeps its present title to itself."""
    topics = [entry.topic for entry in entries if entry.topic]
    topics += [entry.undoes.topic for entry in entries if entry.undoes and entry.undoes.topic]
    places = {topic.subforum_id for topic in topics}
    readable = set(Subforum.objects.visible_to(user).filter(pk__in=places).values_list("pk", flat=True))
    for entry in entries:
        if entry.topic and entry.topic.subforum_id not in readable:
            entry.topic = None
        if entry.undoes and entry.undoes.topic and entry.undoes.topic.subforum_id not in readable:
            entry.undoes.topic = None
