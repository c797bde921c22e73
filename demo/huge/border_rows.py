"""Links of topics to crossings, reports, and what similar topics are found by."""

from django.db.models import Max

from crossings.models import CrossingReport, CrossingTopic, SimilarTopic, TermState, TopicTerms
from crossings.similar import terms
from crossings.status import update
from demo.huge.fill import Params, fill, run, value
from forum.models import Topic

_LINKS = """
    SELECT place.id AS crossing_id, thread.id AS topic_id, 'gazetteer' AS source, opened_at AS linked_at
    FROM seed_huge.thread JOIN seed_huge.place ON place.rank = thread.place
"""
# Of posts in topics about a crossing, so many that it is about the number that was asked for.
_REPORTS = """
    SELECT place.id AS crossing_id, slot.id AS post_id, written_at::date - floor(20 * random() ^ 3)::int AS crossed_on,
        (ARRAY['a-b','b-a'])[1 + floor(2 * random())::int] AS direction,
        (ARRAY['bicycle','bicycle','foot','motorcycle','car','car','truck','bus','taxi','train'])[
            1 + floor(10 * random())::int] AS mode,
        outcome, CASE WHEN outcome IN ('crossed', 'conditions') THEN '' ELSE 'shut' END AS reason,
        5 + floor(115 * random())::int AS minutes_at_exit, 5 + floor(115 * random())::int AS minutes_at_entry,
        ARRAY['visa']::varchar(13)[] AS papers, random() < 0.02 AS is_hearsay, random() < 0.02 AS is_delayed,
        (ARRAY['','eu','uk','us-ca','cis','asia'])[1 + floor(6 * random())::int] AS passport_group
    FROM (
        SELECT slot.*, thread.place, (ARRAY['crossed','crossed','crossed','crossed','crossed','crossed','conditions',
            'conditions','refused-entry','found-closed'])[1 + floor(10 * random())::int] AS outcome
        FROM seed_huge.slot JOIN seed_huge.thread ON thread.id = slot.topic
        WHERE thread.place IS NOT NULL AND random() < %(share)s
    ) AS slot
    JOIN seed_huge.place ON place.rank = slot.place
"""
_POSTS_ABOUT_CROSSINGS = "SELECT sum(size) FROM seed_huge.thread WHERE place IS NOT NULL"
_ACCOUNTS = """
    UPDATE forum_topic SET is_account = true
    FROM crossings_crossingreport AS report WHERE report.post_id = opening_post_id
"""
_TERMS = """
    SELECT thread.id AS topic_id, topic.subforum_id, topic.hidden_at IS NULL AND topic.held_at IS NULL AS is_readable,
        title.terms || named.title_terms || text.terms || one.opening_terms || other.opening_terms AS terms,
        left(title.folded, 300) || ' ' || named.word AS folded_title, title.matters::int[] AS title_matters,
        text.matters::int[] AS opening_matters
    FROM seed_huge.thread
    JOIN forum_topic AS topic ON topic.id = thread.id
    JOIN seed_huge.slot ON slot.topic = thread.id AND slot.number = 1
    JOIN seed_huge.title ON title.id = thread.title
    JOIN seed_huge.word AS named ON named.id = thread.word
    JOIN seed_huge.text ON text.id = slot.text
    JOIN seed_huge.word AS one ON one.id = slot.word
    JOIN seed_huge.word AS other ON other.id = slot.other_word
"""
# As the demo is too young to have had them computed: topics about the same crossing, opened next to each other.
SIMILAR = """
    SELECT topic_id, other_id, rank, 10.0 / rank AS score, 'crossing' AS reason
    FROM (
        SELECT topic_id, rank, lag(topic_id, rank) OVER (PARTITION BY rank, crossing_id ORDER BY topic_id) AS other_id
        FROM (
            SELECT DISTINCT ON (topic_id) topic_id, crossing_id FROM crossings_crossingtopic
            WHERE removed_at IS NULL ORDER BY topic_id, crossing_id
        ) AS link CROSS JOIN generate_series(1, 5) AS rank
    ) AS near WHERE other_id IS NOT NULL
"""


def make_reports(params: Params) -> None:
    fill(CrossingTopic, _LINKS, params)
    posts = value(_POSTS_ABOUT_CROSSINGS) or 1
    fill(CrossingReport, _REPORTS, {**params, "share": params["reports"] / float(posts)})
    run(_ACCOUNTS)


def make_terms(params: Params) -> None:
    fill(TopicTerms, _TERMS, params)
    newest = Topic.objects.aggregate(newest=Max("pk"))["newest"]
    TermState.objects.get_or_create(pk=1)
    TermState.objects.update(filled_until=newest)
    terms.count_terms()


def make_similar_topics(params: Params) -> None:
    fill(SimilarTopic, SIMILAR, params)


def judge(params: Params) -> None:
    run("ANALYZE crossings_crossingreport, crossings_crossingtopic")
    update.judge_all()


TABLES = [CrossingReport, CrossingTopic, TopicTerms, SimilarTopic]
