"""What is learnt of suggestions: those that a member followed instead of posting, and topics said to be unrelated."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crossings.gazetteer import matcher, spelling
from crossings.models import FollowedSuggestion, SimilarTopic, UnrelatedTopics
from crossings.permissions import can_judge_similar
from crossings.signals import relation_judged
from crossings.similar import tasks
from forum.counters import locks
from forum.models import Topic
from forum.permissions import CannotBeDone, NotAllowed
from pagecache.prepared import run
from pagecache.versions import bump

KNOWN_BY = 5  # topics: a word that so many have is nobody's name, address or number
KEPT_DAYS = 365
MOST_A_DAY = 200  # a script could send thousands

# --- Suggestions that were followed ---


def keep_followed(title: str, topic: Topic) -> None:
    """A question with this title was not posted: its writer left for the topic. Kept without the writer."""
    words = _nobodys_words(title)
    today = timezone.now().date()
    if words and FollowedSuggestion.objects.filter(day=today).count() < MOST_A_DAY:
        FollowedSuggestion.objects.bulk_create(
            [FollowedSuggestion(words=words, topic=topic, day=today)], ignore_conflicts=True
        )


def forget_old() -> None:
    """Delete what is older than a year. A nightly chore."""
    FollowedSuggestion.objects.filter(day__lt=timezone.now().date() - timedelta(days=KEPT_DAYS)).delete()


def _nobodys_words(title: str) -> str:
    """The words of a title that several topics have or that name places, in their order: none of them is personal."""
    typed = spelling.words(spelling.storable(title))
    known = matcher.current()
    common = {word for (word,) in run(_COMMON, {"words": typed, "least": KNOWN_BY}, reads=FollowedSuggestion)}
    kept = [
        word
        for word in typed
        if word in common or word in known.exact or known.town_called(word) or known.countries_called(word)
    ]
    return " ".join(kept)[: FollowedSuggestion._meta.get_field("words").max_length]


_COMMON = """
    SELECT word FROM unnest(%(words)s::text[]) AS word
    WHERE EXISTS (
        SELECT 1 FROM crossings_termstate AS state JOIN crossings_termweight AS weight USING (generation)
        WHERE weight.lexeme = ANY (tsvector_to_array(to_tsvector('bp', bp_spaced(word))))
            AND weight.topics_count >= %(least)s
    )
"""

# --- Topics that are unrelated ---


@transaction.atomic
def mark_unrelated(user: User, topic: Topic, other: Topic) -> None:
    """Neither topic is listed under the other from now on. Again, it changes nothing. Raises NotAllowed, and
    CannotBeDone of a topic and itself."""
    first, second = _lock(user, topic, other)
    _, is_new = UnrelatedTopics.objects.get_or_create(topic=first, other=second)
    if is_new:
        SimilarTopic.objects.filter(topic=first, other=second).delete()
        SimilarTopic.objects.filter(topic=second, other=first).delete()
        _follow(user, topic, other, is_unrelated=True)


@transaction.atomic
def unmark_unrelated(user: User, topic: Topic, other: Topic) -> None:
    """Each may be listed under the other again. Again, it changes nothing. Raises as `mark_unrelated` does."""
    first, second = _lock(user, topic, other)
    deleted, _ = UnrelatedTopics.objects.filter(topic=first, other=second).delete()
    if deleted:
        _follow(user, topic, other, is_unrelated=False)


def _lock(user: User, topic: Topic, other: Topic) -> tuple[Topic, Topic]:
    if topic.pk == other.pk:
        raise CannotBeDone("These are one topic.")
    locks.lock_topics(topic, other)
    if not can_judge_similar(user, topic):
        raise NotAllowed
    return (topic, other) if topic.pk < other.pk else (other, topic)


def _follow(user: User, topic: Topic, other: Topic, *, is_unrelated: bool) -> None:
    for one in sorted((topic, other), key=lambda one: one.pk):
        bump(Topic, one.pk)
        tasks.refresh_tables.enqueue(one.pk)
    relation_judged.send(UnrelatedTopics, topic=topic, other=other, by=user, is_unrelated=is_unrelated)
