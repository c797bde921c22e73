"""Titles of topics in the log: shown only to readers who may read the topic now."""

from collections.abc import Sequence

from accounts.readers import Reader, ReaderFacts, as_reader
from forum.models import Subforum, Topic
from moderation.models import ModerationEntry


def forget_unreadable(user: ReaderFacts, entries: Sequence[ModerationEntry]) -> None:
    """Remove topics that the reader may not read from entries, so that titles of hidden or moved ones are not shown.
    Members whom the act concerns keep them if they may read the subforum."""
    reader = as_reader(user)
    topics = [entry.topic for entry in entries if entry.topic]
    topics += [entry.undoes.topic for entry in entries if entry.undoes and entry.undoes.topic]
    places = {topic.subforum_id for topic in topics}
    readable = set(Subforum.objects.visible_to(reader).filter(pk__in=places).values_list("pk", flat=True))
    for entry in entries:
        is_own = reader.is_authenticated and entry.member_id == reader.pk
        for act in (entry, entry.undoes):
            topic = act.topic if act else None
            if act and topic and not (topic.subforum_id in readable and (is_own or _is_told(reader, topic))):
                act.topic = None


def _is_told(reader: Reader, topic: Topic) -> bool:
    """Whether readers of the subforum see the title. A merged topic is hidden, but named on the target's page."""
    if topic.is_readable or topic.merged_into_id is not None:
        return True
    return reader.is_moderator_of(topic.subforum_id)
