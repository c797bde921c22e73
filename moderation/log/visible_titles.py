"""What an entry may tell its reader: titles and places only as far as they may be read now.

Whatever tells of an act, on a page, in news or in a letter, passes its entries through `forget_unreadable` first.
An entry that did not pass tells no title at all (`ModerationEntry.title_told`), so that forgetting it shows nothing.
"""

from collections.abc import Sequence

from accounts.readers import Reader, ReaderFacts, as_reader
from forum.models import Subforum, Topic
from moderation.models import ModerationEntry


def forget_unreadable(user: ReaderFacts, entries: Sequence[ModerationEntry]) -> None:
    """Remove topics and subforums that the reader may not read from entries, and let the others tell their titles.

    Members whom an act concerns read the title of a hidden topic, too, but not of one that stands where they may not
    read. One query. Uses the entries' `topic`, `undoes` and `undoes.topic`; they are for showing afterwards only.
    """
    reader = as_reader(user)
    acts = [act for entry in entries for act in (entry, entry.undoes) if act]
    places = {act.topic.subforum_id for act in acts if act.topic}
    places |= {act.subforum_id for act in acts if act.subforum_id is not None}
    readable = set(Subforum.objects.visible_to(reader).filter(pk__in=places).values_list("pk", flat=True))
    for entry in entries:
        is_own = reader.is_authenticated and entry.member_id == reader.pk
        for act in (entry, entry.undoes):
            if act:
                _forget(act, reader, readable, is_own=is_own)


def _forget(act: ModerationEntry, reader: Reader, readable: set[int], *, is_own: bool) -> None:
    topic = act.topic
    if topic and topic.subforum_id in readable and (is_own or _is_told(reader, topic)):
        act.title_told = topic.title
    else:
        act.topic, act.title_told = None, ""
    if act.subforum_id not in readable:
        act.subforum = None


def _is_told(reader: Reader, topic: Topic) -> bool:
    """Whether readers of the subforum see the title. A merged topic is hidden, but named on the target's page."""
    if topic.is_readable or topic.merged_into_id is not None:
        return True
    return reader.is_moderator_of(topic.subforum_id)
