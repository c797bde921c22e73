"""What the statement for similar topics looks at: a row of words for each topic, and how much each word tells.

Rows are written with their topics (similar/receivers.py). Topics that came another way, by a seed or an import, are
noticed by their primary keys and get their rows by a task that the composer enqueues, or by
`manage.py rebuild_similarity`.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import batched, pairwise

from django.db import connection, transaction
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from crossings.gazetteer import matcher, spelling
from crossings.links import about_columns
from crossings.models import Crossing, CrossingTopic, TermState, TermWeight, TopicTerms
from forum.models import Post, Subforum, Topic
from pagecache.prepared import run
from pagecache.versions import bump

CHUNK = 500
FILL_AT_ONCE = 3_000  # topics whose rows are written in one transaction
COUNT_AT_ONCE = 20_000  # topics up to which words are counted by day; in a larger forum at night
CLAIM_LAPSES = timedelta(hours=1)  # after which a task that failed is enqueued again
OPENING_LENGTH = 10_000  # characters of an opening post
Progress = Callable[[int, int], None]


def write(topic_ids: Iterable[int]) -> None:
    """Insert or update the rows of these topics (primary keys)."""
    for chunk in batched(topic_ids, CHUNK):
        _write(_texts(Topic.objects.filter(pk__in=chunk)))


def _texts(topics: QuerySet[Topic]) -> list[tuple[int, str, str]]:
    """Titles with the beginning of the opening post, by its number: an import may not have said which it is."""
    opening = Post.objects.filter(topic=OuterRef("pk"), number=1).values("source")[:1]
    rows = topics.annotate(opening=Subquery(opening)).order_by("pk").values_list("pk", "title", "opening")
    return [(pk, title, (source or "")[:OPENING_LENGTH]) for pk, title, source in rows]


def _write(rows: list[tuple[int, str, str]]) -> None:
    matters = matcher.current().matters
    found = [(matters_of(title, matters), matters_of(opening, matters)) for _, title, opening in rows]
    values: dict[str, list] = {
        "topics": [pk for pk, _, _ in rows],
        "titles": [title for _, title, _ in rows],
        "openings": [opening for _, _, opening in rows],
        "folded": [spelling.fold(title)[:400] for _, title, _ in rows],
        # An array of arrays must be even: these are written as text.
        "title_matters": [_as_array(in_title) for in_title, _ in found],
        "opening_matters": [_as_array(in_opening) for _, in_opening in found],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def _as_array(matters: Iterable[int]) -> str:
    return "{" + ",".join(str(pk) for pk in sorted(matters)) + "}"


# In order of the topics, so that two who write at once wait for each other and no more.
_WRITE = """
    INSERT INTO crossings_topicterms AS kept
        (topic_id, subforum_id, is_readable, terms, folded_title, title_matters, opening_matters)
    SELECT topic.id, topic.subforum_id, topic.hidden_at IS NULL AND topic.held_at IS NULL,
        setweight(to_tsvector('bp', bp_spaced(row.title)), 'A')
            || setweight(to_tsvector('bp', bp_spaced(row.opening)), 'D'),
        row.folded, row.title_matters::int[], row.opening_matters::int[]
    FROM unnest(%(topics)s::bigint[], %(titles)s::text[], %(openings)s::text[], %(folded)s::text[],
            %(title_matters)s::text[], %(opening_matters)s::text[])
        AS row (topic_id, title, opening, folded, title_matters, opening_matters)
    JOIN forum_topic AS topic ON topic.id = row.topic_id
    ORDER BY topic.id
    ON CONFLICT (topic_id) DO UPDATE SET
        (subforum_id, is_readable, terms, folded_title, title_matters, opening_matters) = (
        excluded.subforum_id, excluded.is_readable, excluded.terms, excluded.folded_title, excluded.title_matters,
        excluded.opening_matters)
"""


# --- Matters: what a question is about besides the place ---


def matters_of(text: str, matters: Mapping[str, Sequence[int]]) -> set[int]:
    """What a text speaks of: by single words, by two or three that are written as one ("e-visa", "con-men"), and in
    scripts without spaces by a few letters anywhere."""
    words = spelling.words(text)
    found = [*words, *(first + second for first, second in pairwise(words))]
    found += [first + second + third for first, second, third in zip(words, words[1:], words[2:], strict=False)]
    for run_ in spelling.SPACELESS.findall("".join(words)):
        found += [run_[at : at + length] for length in range(1, 6) for at in range(len(run_) - length + 1)]
    return {pk for word in found for pk in matters.get(word, ())}


# --- Topics that came another way ---


def catch_up() -> bool:
    """Write missing rows, at most FILL_AT_ONCE, and count words if many topics are new. Whether no row is missing."""
    newest, filled_until, counted_until, topics_count = _state()
    is_filled = newest <= filled_until or _fill(filled_until, newest)
    if _is_count_due(newest, counted_until, topics_count):
        count_terms()
    return is_filled


def is_behind() -> bool:
    """Whether `catch_up` may have something to do: one small query."""
    newest, filled_until, counted_until, topics_count = _state()
    return newest > filled_until or _is_count_due(newest, counted_until, topics_count)


def _is_count_due(newest: int, counted_until: int, topics_count: int) -> bool:
    return newest - counted_until > topics_count // 5 and topics_count <= COUNT_AT_ONCE


def claim_catch_up() -> bool:
    """Whether the caller is the one to enqueue a task that catches up. An UPDATE decides between several at once."""
    now = timezone.now()
    is_free = Q(catching_up_since=None) | Q(catching_up_since__lt=now - CLAIM_LAPSES)
    return bool(TermState.objects.filter(is_free).update(catching_up_since=now))


def release_catch_up() -> None:
    TermState.objects.update(catching_up_since=None)


def _state() -> tuple[int, int, int, int]:
    rows = run(
        "SELECT coalesce((SELECT max(id) FROM forum_topic), 0), filled_until, counted_until, topics_count"
        " FROM crossings_termstate",
        writes=TermState,
    )
    if not rows:
        TermState.objects.get_or_create(pk=1)
        return _state()
    return rows[0]


def _fill(filled_until: int, newest: int) -> bool:
    """The newest topics first. Whether no row is missing."""
    missing = Topic.objects.filter(pk__gt=filled_until, pk__lte=newest).exclude(pk__in=TopicTerms.objects.values("pk"))
    ids = list(missing.order_by("-pk").values_list("pk", flat=True)[: FILL_AT_ONCE + 1])
    link_by_words(ids[:FILL_AT_ONCE])  # in transactions of its own, or topics would be locked after subforums
    with transaction.atomic():
        write(ids[:FILL_AT_ONCE])
        if is_filled := len(ids) <= FILL_AT_ONCE:
            TermState.objects.filter(filled_until__lt=newest).update(filled_until=newest)
    return is_filled


def rebuild(progress: Progress | None = None) -> None:
    """Every topic's row and the weights of all words, as if for the first time."""
    ids = list(Topic.objects.order_by("pk").values_list("pk", flat=True))
    done = 0
    for chunk in batched(ids, CHUNK):
        write(chunk)
        done += len(chunk)
        if progress:
            progress(done, len(ids))
    if ids:
        _state()
        TermState.objects.filter(filled_until__lt=ids[-1]).update(filled_until=ids[-1])
    count_terms()


def link_by_words(topic_ids: Iterable[int]) -> int:
    """Link topics that nobody has linked to the crossings they name. Says how many links are new.

    A link that stands or was removed stays as it is.
    """
    made = 0
    for chunk in batched(sorted(topic_ids), CHUNK):
        topics = Topic.objects.readable().filter(pk__in=chunk, crossing_links=None)
        named = {pk: matcher.find_all(title, opening) for pk, title, opening in _texts(topics)}
        made += _link_unlinked({pk: crossing_ids for pk, crossing_ids in named.items() if crossing_ids})
    return made


@transaction.atomic
def _link_unlinked(named: Mapping[int, Iterable[int]]) -> int:
    """Links, and what follows from them, in the order of locks. Who linked a topic since its text was read is right."""
    topics = Topic.objects.readable().filter(pk__in=named).order_by("pk").select_for_update(no_key=True)
    subforums = dict(topics.values_list("pk", "subforum_id"))
    linked = set(CrossingTopic.objects.filter(topic__in=subforums).values_list("topic", flat=True))
    now, source = timezone.now(), CrossingTopic.Source.GAZETTEER
    links = [
        CrossingTopic(topic_id=pk, crossing_id=crossing_id, source=source, linked_at=now)
        for pk in subforums
        if pk not in linked
        for crossing_id in named[pk]
    ]
    CrossingTopic.objects.bulk_create(links, ignore_conflicts=True)
    concerned = {link.topic_id for link in links}
    bump(Topic, *concerned)
    bump(Subforum, *{subforums[pk] for pk in concerned})
    bump(Crossing, *{link.crossing_id for link in links})
    about_columns.write(concerned)  # after the crossings are locked, as wherever links change
    return len(links)


# --- How much a word tells ---


def count_terms() -> None:
    """Count in how many topics each word stands. The new generation holds from when it is whole."""
    with transaction.atomic(), connection.cursor() as cursor:
        TermState.objects.get_or_create(pk=1)
        generation = TermState.objects.select_for_update().get(pk=1).generation + 1
        cursor.execute(_COUNT, {"generation": generation})
        readable = TopicTerms.objects.filter(is_readable=True).count()
        newest = TopicTerms.objects.aggregate(newest=Max("pk"))["newest"] or 0
        TermState.objects.filter(pk=1).update(
            generation=generation, topics_count=readable, counted_until=newest, top_weight=_weight(readable, 0)
        )
        TermWeight.objects.exclude(generation=generation).delete()


def _weight(topics_count: int, with_word: int) -> float:
    """How much a word tells that so many of the topics have (the inverse document frequency of BM25), as in _COUNT."""
    return math.log(1 + (topics_count - with_word + 0.5) / (with_word + 0.5))


_COUNT = """
    INSERT INTO crossings_termweight (generation, lexeme, topics_count, weight)
    SELECT %(generation)s, word, ndoc, ln(1 + (total - ndoc + 0.5) / (ndoc + 0.5))
    FROM ts_stat('SELECT terms FROM crossings_topicterms WHERE is_readable'),
        (SELECT count(*) AS total FROM crossings_topicterms WHERE is_readable) AS topics
"""


def look_after() -> None:
    """Once a night: rows that are still missing, and the weights of words as the topics have them now."""
    without = Topic.objects.exclude(pk__in=TopicTerms.objects.values("pk")).order_by("pk")
    for chunk in batched(list(without.values_list("pk", flat=True)), CHUNK):
        write(chunk)
        link_by_words(chunk)
    count_terms()
