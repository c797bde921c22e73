"""The topics most like a question: first the crossing that it is about, then the words.

One statement ranks them (docs/similarity.md says what was measured). Its candidates are the newest topics about the
crossing and those with the question's rare words, both bounded, so that it costs the same in a forum of any size.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from accounts.readers import VISITOR, ReaderFacts, as_reader
from crossings.gazetteer import matcher, spelling
from crossings.gazetteer.gazetteer import Gazetteer
from crossings.models import SimilarTopic
from crossings.similar import terms
from crossings.similar.suggested_topics import suggested_topics
from forum.models import Subforum, Topic
from pagecache.prepared import run, statement

FROM_TITLE = 0.35  # what a suggestion must reach
FROM_BODY = 0.20
SAME_QUESTION = 1.6
WORDS_OF_BODY = 40
MOST = 40
# By meaning, where that is on: so many, by score and this much of the cosine (0.2 to 1.5 do as well).
PUT_IN_ORDER, MEANING_WEIGHT = 20, 1.0
TITLE_LENGTH = 300
# Topics that have the rarer of two words, up to which both are looked for together.
PAIR_ALONE, PAIR_BESIDE_CROSSING = 20_000, 2_000
MOST_NEAR = 20  # crossings between countries that a title names

Reason = SimilarTopic.Reason
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_WEEKDAYS = frozenset(
    spelling.fold(
        """
        monday tuesday wednesday thursday friday saturday sunday mondays fridays saturdays sundays
        montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
        lunes martes miercoles jueves viernes sabado domingo
        понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье
        """
    ).split()
)


@dataclass(frozen=True)
class Suggestion:
    """A topic that is like the question: how much, from 0 to about 2.7, and why."""

    topic: Topic
    score: float
    why: Reason

    @property
    def reason(self) -> str:
        """Why, in words."""
        return str(self.why.label)

    @property
    def is_same_question(self) -> bool:
        """Whether it seems to ask the same."""
        return self.why == Reason.SAME_QUESTION

    @property
    def may_answer(self) -> bool:
        """Whether the question may be answered there already: it was asked there, and that is answered."""
        return self.is_same_question and self.topic.is_answered


@dataclass(frozen=True)
class Ranked:
    topic_id: int
    score: float
    why: Reason


def similar_topics(title: str, body: str = "", *, user: ReaderFacts | None = None, limit: int = 5) -> list[Suggestion]:
    """The topics most like a title, and a body if there is one, that this user may read (None: what everybody may).

    Best first, none that does not reach the threshold, so often none at all. Topics of an import, at most
    `terms.FILL_AT_ONCE`, are read first: for commands and tasks. A request calls `suggest`.
    """
    terms.catch_up()
    return suggest(title, body, user=user, limit=limit, about=matcher.find(title, body))


def suggest(
    title: str, body: str = "", *, user: ReaderFacts | None = None, limit: int = 5, about: int | None
) -> list[Suggestion]:
    """The same of the topics whose words are known, where `about` is the crossing's primary key. It writes nothing."""
    return _suggestions(title, body, user or VISITOR, limit, about)


def like_topic(topic: Topic, body: str, *, user: ReaderFacts, limit: int = 5) -> list[Suggestion]:
    """The topics most like one that stands or waits, without itself. It writes nothing, so any page may ask."""
    about = matcher.find(topic.title, body)
    return _suggestions(topic.title, body, user, limit, about, exclude=topic.pk)


def _suggestions(
    title: str, body: str, reader: ReaderFacts, limit: int, about: int | None, *, exclude: int = 0
) -> list[Suggestion]:
    ranked = rank(title, body, about=about, subforum_ids=readable_subforum_ids(reader), limit=limit, exclude=exclude)
    found = suggested_topics(reader, (row.topic_id for row in ranked))
    return [Suggestion(found[row.topic_id], row.score, row.why) for row in ranked if row.topic_id in found]


def rank(
    title: str,
    body: str = "",
    *,
    about: int | None,
    subforum_ids: Collection[int],
    limit: int = 5,
    exclude: int = 0,
    by_meaning: bool | None = None,
) -> list[Ranked]:
    """The ranking alone, over readable topics of these subforums, but for the topic `exclude`.

    With `by_meaning` (None: as SIMILAR_BY_MEANING says) the first of the statement are put in another order.
    """
    title = spelling.storable(title)[:TITLE_LENGTH]
    if not (settings.SIMILAR_BY_MEANING if by_meaning is None else by_meaning):
        return _by_statement(title, body, about, subforum_ids, limit, exclude)
    first = _by_statement(title, body, about, subforum_ids, max(limit, PUT_IN_ORDER), exclude)
    return in_order_of_meaning(first, title)[: max(0, limit)]


def in_order_of_meaning(ranked: Sequence[Ranked], title: str) -> list[Ranked]:
    """The same topics for the same reasons, how near their titles are to the question's added to their scores."""
    if len(ranked) < 2:
        return list(ranked)
    from crossings.similar.meaning import title_vectors  # nothing that a forum without it should load

    near = title_vectors.cosines(title, [row.topic_id for row in ranked])
    found = [replace(row, score=row.score + MEANING_WEIGHT * near[row.topic_id]) for row in ranked]
    return sorted(found, key=lambda row: (-round(row.score, 3), -row.topic_id))


def _by_statement(
    title: str, body: str, about: int | None, subforum_ids: Collection[int], limit: int, exclude: int
) -> list[Ranked]:
    beginning = " ".join(spelling.storable(body).split()[:WORDS_OF_BODY])
    known = matcher.current()
    values = {
        "title": title,
        "body": beginning,
        "folded_title": spelling.fold(title),
        "matters": sorted(terms.matters_of(title, known.matters)),
        "about": about,
        "near": [] if about else _near(known, title),
        "chance": _chance_words(known, f"{title} {beginning}", about),
        "subforums": list(subforum_ids),
        "exclude": exclude,
        "threshold": FROM_BODY if beginning else FROM_TITLE,
        "limit": max(0, min(limit, MOST)),
    }
    rows = run(STATEMENT, values, reads=Topic)
    return [Ranked(topic_id, score, _reason(score, same_crossing)) for topic_id, score, same_crossing in rows]


def _near(known: Gazetteer, title: str) -> list[int]:
    """Where no crossing is known: those between the countries that a title names, so few that the cost is bounded."""
    return known.between_any(known.countries_in(title))[:MOST_NEAR]


def _chance_words(known: Gazetteer, text: str, about: int | None) -> str:
    """Words that stand in topics by chance: numbers but years, weekdays; beside a crossing also the countries."""
    return " ".join(
        word
        for word in spelling.words(text)
        if (word.isdecimal() and not _YEAR.fullmatch(word))
        or word in _WEEKDAYS
        or (about is not None and known.countries_called(word))
    )


def _reason(score: float, same_crossing: bool) -> Reason:
    if not same_crossing:
        return Reason.SIMILAR_WORDS
    return Reason.SAME_QUESTION if score >= SAME_QUESTION else Reason.SAME_CROSSING


def readable_subforum_ids(user: ReaderFacts) -> list[int]:
    """The subforums that a user may read, by a prepared statement for all who may read the same."""
    shared = as_reader(user).shared()
    found = statement(("readable subforums", shared), lambda: Subforum.objects.visible_to(shared).values_list("pk"))
    return [pk for (pk,) in found.rows()]


# 1. `asked`: the question's words without the crossing's own names and chance words, each with what it tells; words
#    that no topic has tell most, so that a question about something else reaches nothing. The twelve that tell most.
# 2. `candidate`: of the newest 400 topics about the crossing, and of at most 400 with a rare word the 40 each with most
#    of the four known words that tell most. Rare are words from the rarest on until 400 topics have one; if the
#    rarest has more, the two rarest together, unless they are so common that finding them costs more than all the
#    rest. Looking at a row costs more than anything else here: hence the bounds.
# 3. What was found of the words (0 to 1; without the same crossing two words at least, or one of the title if one was
#    asked, and those of the opening post alone count less, because in a long text any word may stand), the crossing
#    (1.3; if none is known, 0.15 for one between the countries that are named), the matter of the title (0.4 with the
#    same crossing, else 0.2) and of the opening post (0.1). Only of the likeliest, because it is slow: how alike the
#    titles are, by letters (0.1).
_FOUND = " + ".join(f"CASE WHEN terms @@ queries[{place}] THEN weights[{place}] ELSE 0 END" for place in (1, 2, 3, 4))
_KNOWN = "ORDER BY tells DESC, lexeme) FILTER (WHERE topics_count IS NOT NULL"
STATEMENT = f"""
WITH state AS MATERIALIZED (SELECT generation, top_weight FROM crossings_termstate LIMIT 1),
name AS MATERIALIZED (
    SELECT tsvector_to_array(to_tsvector('bp', bp_spaced(coalesce(string_agg(text, ' '), '') || ' ' || %(chance)s)))
        AS lexemes
    FROM crossings_crossingname WHERE crossing_id = %(about)s::bigint
),
asked AS MATERIALIZED (
    SELECT word.lexeme, share * coalesce(weight.weight, state.top_weight) AS tells, weight.topics_count,
        bp_word_query(word.lexeme) AS query, (bp_word_query(word.lexeme)::text || ':A')::tsquery AS in_title
    FROM state CROSS JOIN (
        SELECT lexeme, max(share) AS share FROM (
            SELECT unnest(tsvector_to_array(to_tsvector('bp', bp_spaced(%(title)s)))) AS lexeme, 1.0::float8 AS share
            UNION ALL SELECT unnest(tsvector_to_array(to_tsvector('bp', bp_spaced(%(body)s)))), 0.5
        ) AS word GROUP BY lexeme
    ) AS word
    LEFT JOIN crossings_termweight AS weight ON weight.generation = state.generation AND weight.lexeme = word.lexeme
    WHERE word.lexeme <> ALL ((SELECT lexemes FROM name)::text[])
    ORDER BY tells DESC, lexeme LIMIT 12
),
question AS MATERIALIZED (
    SELECT sum(tells) AS total, count(*) AS words_count,
        array_agg(query {_KNOWN}) AS queries, array_agg(tells {_KNOWN}) AS weights,
        coalesce(
            (SELECT string_agg(query::text, '|') FROM (
                SELECT query, sum(topics_count) OVER (ORDER BY topics_count, lexeme) AS together
                FROM asked WHERE topics_count IS NOT NULL) AS rarest WHERE together <= 400),
            (SELECT string_agg(query::text, '&') FROM (
                SELECT query FROM asked WHERE topics_count IS NOT NULL ORDER BY topics_count, lexeme LIMIT 2) AS two
            WHERE (SELECT min(topics_count) FROM asked)
                <= CASE WHEN %(about)s::bigint IS NULL THEN {PAIR_ALONE} ELSE {PAIR_BESIDE_CROSSING} END)
        )::tsquery AS rare
    FROM asked
),
candidate AS MATERIALIZED (
    (SELECT topic_id FROM crossings_topicterms CROSS JOIN question
    WHERE topic_id = ANY (ARRAY(
        SELECT topic_id FROM crossings_crossingtopic WHERE crossing_id = %(about)s::bigint AND removed_at IS NULL
        ORDER BY topic_id DESC LIMIT 400))
        AND is_readable AND subforum_id = ANY (%(subforums)s::bigint[]) AND topic_id <> %(exclude)s
    ORDER BY {_FOUND} DESC, topic_id DESC LIMIT 40)
    UNION
    (SELECT topic_id FROM crossings_topicterms CROSS JOIN question
    WHERE topic_id = ANY (ARRAY(
        SELECT newest.topic_id FROM unnest(%(near)s::bigint[]) AS place (pk) CROSS JOIN LATERAL (
            SELECT topic_id FROM crossings_crossingtopic WHERE crossing_id = place.pk AND removed_at IS NULL
            ORDER BY topic_id DESC LIMIT 400 / greatest(1, cardinality(%(near)s::bigint[]))) AS newest))
        AND is_readable AND subforum_id = ANY (%(subforums)s::bigint[]) AND topic_id <> %(exclude)s
    ORDER BY {_FOUND} DESC, topic_id DESC LIMIT 40)
    UNION
    (SELECT topic_id FROM (
        SELECT topic_id, terms, queries, weights FROM crossings_topicterms, question
        WHERE terms @@ rare AND is_readable AND subforum_id = ANY (%(subforums)s::bigint[]) AND topic_id <> %(exclude)s
        LIMIT 400) AS rare
    ORDER BY {_FOUND} DESC, topic_id DESC LIMIT 40)
),
linked AS MATERIALIZED (
    SELECT row.*, link.topic_id IS NOT NULL AS same_crossing,
        cardinality(%(near)s::bigint[]) > 0 AND EXISTS (
            SELECT 1 FROM crossings_crossingtopic AS other WHERE other.topic_id = row.topic_id
            AND other.crossing_id = ANY (%(near)s::bigint[]) AND other.removed_at IS NULL) AS is_near
    FROM candidate JOIN crossings_topicterms AS row USING (topic_id)
    LEFT JOIN crossings_crossingtopic AS link ON link.topic_id = row.topic_id
        AND link.crossing_id = %(about)s::bigint AND link.removed_at IS NULL
),
likely AS MATERIALIZED (
    SELECT topic_id, same_crossing, folded_title,
        coalesce((
            SELECT sum(CASE WHEN same_crossing OR terms @@ in_title THEN tells ELSE tells * 0.6 END)
            FROM asked WHERE terms @@ query HAVING same_crossing OR count(*) > 1
                OR (words_count = 1 AND bool_or(terms @@ in_title))
        ) / nullif(total, 0), 0)
        + 1.3::float8 * same_crossing::int + 0.15::float8 * is_near::int
        + (CASE WHEN same_crossing THEN 0.4 ELSE 0.2 END)::float8 * cardinality(title_matters & %(matters)s::int[])
            / sqrt(greatest(1, cardinality(title_matters)) * greatest(1, cardinality(%(matters)s::int[])))
        + 0.1::float8 * cardinality((opening_matters - title_matters) & %(matters)s::int[])
            / greatest(1, cardinality(%(matters)s::int[])) AS so_far
    FROM linked CROSS JOIN question ORDER BY so_far DESC, topic_id DESC LIMIT %(limit)s + 15
),
scored AS MATERIALIZED (
    SELECT topic_id, same_crossing, so_far + 0.1::float8 * similarity(folded_title, %(folded_title)s) AS score
    FROM likely
)
SELECT topic_id, score, same_crossing FROM scored WHERE score >= %(threshold)s
ORDER BY round(score::numeric, 3) DESC, topic_id DESC LIMIT %(limit)s
"""  # noqa: S608 (all of it is ours)
