"""Notes on a topic's page about acts of moderators: duplicates, posts moved in, and other acts."""

from collections.abc import Sequence

from django.db.models import FETCH_RAISE, Q
from django.utils import timezone

from accounts.readers import Reader
from forum.extensions.fragments import Part
from forum.models import Rearrangement, Subforum, Topic
from moderation.log import grounds, wording
from moderation.models import ModerationEntry, Verb

SHOWN = 12
DUPLICATES_SHOWN = 10
# Acts on hidden posts are not shown there.
TOLD = [
    Verb.PIN, Verb.UNPIN, Verb.PIN_ACROSS, Verb.UNPIN_ACROSS, Verb.LOCK, Verb.UNLOCK, Verb.RESTORE_TOPIC,
    Verb.HIDE_POST, Verb.RESTORE_POST, Verb.MOVE_TOPIC, Verb.MERGE, Verb.SPLIT, Verb.MOVE_POSTS, Verb.MARK_DUPLICATE,
    Verb.UNMARK_DUPLICATE, Verb.RETITLE, Verb.LINK_CROSSINGS, Verb.EDIT, Verb.MARK_OUTDATED, Verb.UNDO,
]  # fmt: skip
# These lock two topics, and are shown on the pages of both.
REARRANGING = {Verb.MERGE, Verb.SPLIT, Verb.MOVE_POSTS}


def note_act(entry: ModerationEntry) -> None:
    """Set `moderated_at`, without which a topic's page does not query for acts. The act itself raises the version.

    It only updates topics that the act has locked.
    """
    topic = entry.topic_id
    if topic is None or entry.verb not in TOLD:
        return
    topics = {topic, entry.words.after["topic"]} if entry.verb in REARRANGING else {topic}
    Topic.objects.filter(pk__in=topics).update(moderated_at=timezone.now())


def parts_above(user: Reader, topic: Topic) -> list[Part]:
    """Parts for the top of a topic's page. No query for a topic without acts."""
    parts = []
    if topic.duplicate_of_id or topic.duplicates_count:
        parts += _duplicates(user, topic)
    if topic.moderated_at:
        parts += _taken_in(user, topic) + _acts(topic)
    return parts


def _duplicates(user: Reader, topic: Topic) -> list[Part]:
    """Both directions: what it is a duplicate of, and its duplicates."""
    near = Topic.objects.visible_to(user).readable().filter(Q(duplicates=topic.pk) | Q(duplicate_of=topic.pk))
    rows = list(near.order_by("pk").values_list("pk", "title", "slug")[: DUPLICATES_SHOWN + 1])
    before = [row for row in rows if row[0] == topic.duplicate_of_id]
    again = [row for row in rows if row[0] != topic.duplicate_of_id]
    if not rows:
        return []
    key = ("duplicates", tuple(before), tuple(again))
    template = "moderation/_duplicates.html"
    return [{"template": template, "key": key, "before": _named(before), "again": _named(again)}]


def _taken_in(user: Reader, topic: Topic) -> list[Part]:
    """Posts moved in from other topics; of merged topics the title is shown, because they no longer exist."""
    made = Rearrangement.objects.filter(target=topic.pk, undone_at=None).order_by("pk")
    names = ["kind", "source", "source__title", "source__slug", "source__merged_into", "source__subforum"]
    rows = list(made.values_list(*names)[:SHOWN])
    others = {row[1] for row in rows if row[4] is None}
    readable = (
        set(Topic.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    )
    places = _readable(user, topic, {row[5] for row in rows if row[4] is not None})
    shown = [row[:4] for row in rows if (row[1] in readable if row[4] is None else row[5] in places)]
    if not shown:
        return []
    merged_titles = [title for kind, _, title, _ in shown if kind == Rearrangement.Kind.MERGE]
    origins = _named([(pk, title, slug) for kind, pk, title, slug in shown if kind != Rearrangement.Kind.MERGE])
    key = ("taken in", tuple(shown))
    return [{"template": "moderation/_taken_in.html", "key": key, "merged": merged_titles, "origins": origins}]


def _readable(user: Reader, topic: Topic, places: set[int]) -> set[int]:
    """Those of these subforums that the reader may read. No query while there is only the topic's own."""
    if not places - {topic.subforum_id}:
        return places
    return set(Subforum.objects.visible_to(user).filter(pk__in=places).values_list("pk", flat=True))


def _acts(topic: Topic) -> list[Part]:
    about = Q(topic=topic.pk) | Q(topic__merged_into=topic.pk)
    entries = ModerationEntry.objects.filter(about, verb__in=TOLD, subforum__isnull=False)
    joined = entries.select_related("undoes", "undone_by").latest_first().fetch_mode(FETCH_RAISE)
    found = [entry for entry in joined[:SHOWN] if entry.undoes is None or entry.undoes.verb in TOLD]
    if not found:
        return []
    acts = tuple(
        (entry.pk, wording.in_topic(entry), entry.at, grounds.rule(entry), wording.is_standing(entry))
        for entry in found
    )
    return [{"template": "moderation/_acts.html", "key": ("acts", acts), "acts": acts, "last": acts[0]}]


def _named(rows: Sequence[tuple]) -> list[Topic]:
    return [Topic(pk=pk, title=title, slug=slug) for pk, title, slug in rows]
