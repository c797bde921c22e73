"""What crossings add to the filters and hits of the search: how one travels, first-hand reports, and their age."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, IntegerField, JSONField, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject

from crossings.models import CrossingReport, Matter, TopicTerms
from crossings.models.report import Mode
from crossings.similar import staleness
from crossings.status import update
from forum.extensions.search_terms import HitAges, SearchFilter
from forum.models import Post, Topic
from forum.models.answered_question import is_answered

# By option: its label, the matter of questions about it (data/matters.csv), and the modes of reports.
TRANSPORT = {
    "bicycle": ("Bicycle", "bicycle", [Mode.BICYCLE]),
    "motorbike": ("Motorbike", "motorbike", [Mode.MOTORCYCLE]),
    "car": ("Car or camper", "car", [Mode.CAR, Mode.TRUCK]),
    "foot": ("On foot", "on foot", [Mode.FOOT]),
    "bus": ("Bus or tour", "bus", [Mode.BUS, Mode.TOUR]),
    "train": ("Train", "train", [Mode.TRAIN]),
    "taxi": ("Taxi or lift", "shared ride", [Mode.TAXI, Mode.HITCHHIKING]),
    "boat": ("Boat or ferry", "boat", [Mode.BOAT]),
}


def _travelled(option: str) -> Q:
    """The topic asks about it in its title or opening post, or the post is a report of such a journey."""
    _, matter, modes = TRANSPORT[option]
    matters = ArraySubquery(Matter.objects.filter(name=matter).values_list(Cast("pk", IntegerField())))
    spoken = Q(title_matters__overlap=matters) | Q(opening_matters__overlap=matters)
    asks = TopicTerms.objects.filter(spoken, topic=OuterRef("topic"))
    reports = CrossingReport.objects.filter(post=OuterRef("pk"), mode__in=modes)
    return Q(Exists(asks)) | Q(Exists(reports))


_OPTIONS = ", ".join(
    f"('{option}', '{matter}', '{{{','.join(modes)}}}'::text[])" for option, (_, matter, modes) in TRANSPORT.items()
)
_COUNT_TRANSPORT = f"""
    WITH option AS MATERIALIZED (
        SELECT told.name, told.modes, matter.id::int AS matter
        FROM (VALUES {_OPTIONS}) AS told (name, matter, modes)
        LEFT JOIN crossings_matter AS matter ON matter.name = told.matter
    ),
    spoken AS (
        SELECT topic_id, unnest(title_matters || opening_matters) AS matter
        FROM (SELECT DISTINCT topic_id FROM candidate) AS topic JOIN crossings_topicterms USING (topic_id)
    ),
    meant AS (
        SELECT option.name, spoken.topic_id FROM option JOIN spoken USING (matter)
        UNION
        SELECT option.name, reported.topic_id FROM (SELECT name, unnest(modes) AS mode FROM option) AS option
        JOIN (
            SELECT candidate.topic_id, report.mode FROM candidate
            JOIN crossings_crossingreport AS report ON report.post_id = candidate.id
        ) AS reported USING (mode)
    )
    SELECT name, count(*) FROM meant GROUP BY name
"""  # noqa: S608
FILTERS = [
    SearchFilter(
        name="transport",
        legend="Transport",
        options=[(option, label) for option, (label, _, _) in TRANSPORT.items()],
        condition=_travelled,
        counted=_COUNT_TRANSPORT,
    ),
    SearchFilter(
        name="firsthand",
        legend="Only",
        options=[("on", "First-hand reports")],
        condition=lambda _: Q(Exists(CrossingReport.objects.filter(post=OuterRef("pk"), is_hearsay=False))),
        counted="""
            SELECT 'on', count(DISTINCT topic_id) FROM candidate
            JOIN crossings_crossingreport AS report ON report.post_id = candidate.id WHERE NOT report.is_hearsay
        """,
    ),
]


# --- Ages ---


def _columns() -> dict[str, Any]:
    """What is known of a hit's topic, as JSON. Compiled once a day: to compose it took more than the search."""
    sql, params = _compiled(update.today())
    return {"known_of_topic": RawSQL(sql, params, JSONField())}  # noqa: S611


@lru_cache(maxsize=2)
def _compiled(today: date) -> tuple[str, tuple[Any, ...]]:
    """SQL of a column of forum_post."""
    topics = Topic.objects.filter(is_answered(), pk=OuterRef("topic")).annotate(**staleness.columns(today))
    known = Subquery(topics.values(json=JSONObject(answers="answers", about="about")))
    sql, params = Post.objects.annotate(known=known).values_list("known").query.sql_with_params()
    return sql.removeprefix("SELECT ").removesuffix(' AS "known" FROM "forum_post"'), params


def _is_stale(post: Any) -> bool:
    known = post.known_of_topic or {"answers": [], "about": []}
    topic = post.topic
    return staleness.topic_may_be_out_of_date(topic.last_post_at, known["answers"], known["about"], update.today())


AGES = HitAges(_columns, _is_stale)
