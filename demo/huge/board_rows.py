"""Members, topics, posts and reactions of the huge forum, with the counters that follow from them.

Of each topic and each post a narrow row stands in the schema `seed_huge` first: `thread` and `slot`.
"""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from accounts.models import ExpertBadge, User
from crossings.editorial import importer
from demo import big_board, board
from demo.big_crossings import MOST_REPORTED
from demo.crowd import make_members, make_subforums
from demo.huge.amounts import Amounts
from demo.huge.fill import Params, fill, run, value
from forum import markup
from forum.models import Post, Reaction, Subforum, Topic
from forum.search import vectors

FEW = 70  # the demo's members, and some
# Members, subforums and crossings by a number, in which they are chosen; the first ones are busiest.
_RANKS = """
    CREATE TABLE seed_huge.member AS
        SELECT (row_number() OVER (ORDER BY joined_at, id) - 1)::int AS rank, id, joined_at
        FROM accounts_user WHERE is_active;
    ALTER TABLE seed_huge.member ADD PRIMARY KEY (rank);
    CREATE TABLE seed_huge.month AS
        SELECT month, greatest((SELECT count(*) FROM seed_huge.member WHERE joined_at < month), 1) AS members
        FROM generate_series(date_trunc('month', %(start)s::timestamptz), %(end)s, interval '1 month') AS month;
    CREATE TABLE seed_huge.place AS
        SELECT (row_number() OVER (ORDER BY slug <> %(most)s, md5(slug)) - 1)::int AS rank, id,
            ARRAY[country_a_id, country_b_id]::varchar(2)[] AS countries
        FROM crossings_crossing;
    CREATE TABLE seed_huge.section AS
        SELECT (row_number() OVER (ORDER BY id) - 1)::int AS rank, id FROM forum_subforum;
    ANALYZE seed_huge.member, seed_huge.month, seed_huge.place, seed_huge.section
"""
_MEMBERS = """
    SELECT name AS username, name AS username_skeleton, name || '@demo.example' AS email, joined_at,
        joined_at AS email_confirmed_at, password,
        CASE WHEN random() < 0.3 THEN 'By bicycle, since long ago' ELSE '' END AS signature
    FROM (
        SELECT (SELECT word FROM seed_huge.word WHERE id = 1 + mod(number * 7, %(words)s)) || number AS name,
            %(start)s::timestamptz - interval '1 year'
                + (%(end)s::timestamptz - %(start)s + interval '1 year') * (number::float / %(members)s) AS joined_at
        FROM generate_series(1, %(members)s) AS number
    ) AS named, (SELECT password FROM accounts_user WHERE is_staff ORDER BY id LIMIT 1) AS known
"""
_BADGES = """
    SELECT member.id AS user_id, 'Expert for ' || place.countries[1] AS title, place.countries, '' AS subject,
        admin.id AS given_by_id, member.joined_at AS given_at
    FROM (SELECT *, floor(%(places)s * random() ^ 2.5)::int AS place FROM seed_huge.member) AS member
    JOIN seed_huge.place ON place.rank = member.place
    CROSS JOIN (SELECT id FROM accounts_user WHERE is_staff ORDER BY id LIMIT 1) AS admin
    WHERE mod(member.rank, 25) = 3
"""
# The longest topics are the oldest ones, and go on; the others end within a year.
_THREADS = """
    CREATE TABLE seed_huge.thread AS
    SELECT id, size, title, word, subforum, place, hidden, held, locked, opened_at,
        CASE WHEN id <= %(long_ones)s THEN %(end)s::timestamptz
            ELSE least(%(end)s, opened_at + interval '1 day' * (1 + 300 * random() ^ 2)) END AS last_at
    FROM (
        SELECT id::int,
            CASE WHEN id <= %(long_ones)s THEN greatest(%(longest)s / id, 1) WHEN random() < 0.15 THEN 1
                WHEN random() < 0.18 THEN 20 ELSE 2 + floor(-ln(1 - random()) * 6.65)::int END AS size,
            CASE WHEN id = 2 THEN 1 ELSE 1 + floor(%(titles)s * random())::int END AS title,
            1 + floor(%(words)s * random())::int AS word,
            floor((SELECT count(*) FROM seed_huge.section) * random() ^ 2)::int AS subforum,
            CASE WHEN random() < 0.8 THEN floor(%(places)s * random() ^ 2.5)::int END AS place,
            id > 300 AND random() < 0.003 AS hidden, id > 300 AND random() < 0.001 AS held,
            id > 2 AND random() < 0.02 AS locked,
            %(start)s::timestamptz
                + (%(end)s::timestamptz - %(start)s) * ((id - 1 + random()) / %(topics)s) AS opened_at
        FROM generate_series(1, %(topics)s) AS id
    ) AS made;
    UPDATE seed_huge.thread SET size = greatest(1, size + %(posts)s - (SELECT sum(size) FROM seed_huge.thread))
    WHERE id = 1;
    ANALYZE seed_huge.thread
"""
# Keys of posts follow the time. No text stands twice among so many posts of a topic as there are texts.
_SLOTS = """
    CREATE TABLE seed_huge.slot AS
    SELECT row_number() OVER (ORDER BY written_at, topic, number) AS id, topic, number, written_at,
        member.id AS author, text, word, other_word, hidden, held, given, month.members
    FROM (
        SELECT thread.id AS topic, number,
            opened_at + (last_at - opened_at)
                * ((number - CASE WHEN number = 1 THEN 1 ELSE random() * 0.9 END) / size) AS written_at,
            random() ^ 2.5 AS which, 1 + mod(thread.id * 131 + number * 17, %(texts)s) AS text,
            exp(random() * ln(%(words)s))::int AS word, exp(random() * ln(%(words)s))::int AS other_word,
            number > 1 AND random() < 0.004 AS hidden, number > 1 AND random() < 0.002 AS held,
            CASE WHEN random() < 0.25 THEN 1 + floor(4 * random())::int ELSE 0 END AS given
        FROM seed_huge.thread CROSS JOIN LATERAL generate_series(1, size) AS number
    ) AS made
    JOIN seed_huge.month ON month.month = date_trunc('month', written_at)
    JOIN seed_huge.member ON member.rank = floor(month.members * which)::int;
    ALTER TABLE seed_huge.slot ADD PRIMARY KEY (id);
    ANALYZE seed_huge.slot
"""
_REACTIONS = """
    SELECT DISTINCT ON (post_id, user_id) post_id, member.id AS user_id, kind,
        least(%(end)s::timestamptz, written_at - interval '20 days' * ln(1 - days)) AS given_at
    FROM (
        SELECT id AS post_id, author, written_at, floor(members * random() ^ 2)::int AS rank, random() AS days,
            (ARRAY['helpful','helpful','helpful','helpful','helpful','helpful','helpful','helpful',
                'still_true','still_true','outdated'])[1 + floor(11 * random())::int] AS kind
        FROM seed_huge.slot CROSS JOIN LATERAL generate_series(1, given)
    ) AS made
    JOIN seed_huge.member USING (rank) WHERE member.id <> author ORDER BY post_id, user_id
"""
_POSTS = """
    SELECT slot.id, topic AS topic_id, author AS author_id, number, written_at,
        left(title.title, 90) || ', ' || initcap(named.word) AS heading,
        text.source || E'\\n\\n' || initcap(one.word) || ', ' || initcap(other.word) || '.' AS source,
        text.html || E'\\n<p dir="auto">' || initcap(one.word) || ', ' || initcap(other.word) || '.</p>' AS html,
        title.vector || named.heading || text.vector || one.body || other.body AS search,
        %(index_version)s AS search_version, text.language, %(markup_version)s AS markup_version,
        CASE WHEN slot.hidden THEN written_at END AS hidden_at,
        CASE WHEN slot.hidden THEN %(admin)s END AS hidden_by_id,
        CASE WHEN slot.held THEN written_at END AS held_at,
        coalesce(helpful, 0) AS helpful_count, coalesce(still_true, 0) AS still_true_count,
        coalesce(outdated, 0) AS outdated_count, still_true_at, outdated_at,
        CASE WHEN topic = 2 AND number = 1 THEN %(first)s::uuid END AS idempotency_key
    FROM seed_huge.slot
    JOIN seed_huge.thread ON thread.id = slot.topic
    JOIN seed_huge.title ON title.id = thread.title
    JOIN seed_huge.word AS named ON named.id = thread.word
    JOIN seed_huge.text ON text.id = slot.text
    JOIN seed_huge.word AS one ON one.id = slot.word
    JOIN seed_huge.word AS other ON other.id = slot.other_word
    LEFT JOIN (
        SELECT post_id, count(*) FILTER (WHERE kind = 'helpful') AS helpful,
            count(*) FILTER (WHERE kind = 'still_true') AS still_true,
            count(*) FILTER (WHERE kind = 'outdated') AS outdated,
            max(given_at) FILTER (WHERE kind = 'still_true') AS still_true_at,
            max(given_at) FILTER (WHERE kind = 'outdated') AS outdated_at
        FROM forum_reaction GROUP BY post_id
    ) AS reacted ON reacted.post_id = slot.id
"""
_TOPICS = """
    SELECT thread.id, section.id AS subforum_id,
        CASE thread.id WHEN 1 THEN %(longest_title)s
            ELSE left(title.title, 90) || ', ' || initcap(word.word) END AS title,
        title.slug || '-' || word.word AS slug, opening.author AS author_id, opening.written_at AS opened_at,
        opening.id AS opening_post_id, newest.id AS last_post_id, newest.written_at AS last_post_at, posts_count,
        size AS last_number, coalesce(countries, '{}') AS countries,
        CASE WHEN locked THEN last_at END AS locked_at, CASE WHEN thread.hidden THEN last_at END AS hidden_at,
        CASE WHEN thread.hidden THEN %(admin)s END AS hidden_by_id, CASE WHEN thread.held THEN opened_at END AS held_at
    FROM seed_huge.thread
    JOIN (
        SELECT topic, count(*) FILTER (WHERE NOT hidden AND NOT held) AS posts_count,
            min(id) FILTER (WHERE number = 1) AS first, max(id) FILTER (WHERE NOT hidden AND NOT held) AS last
        FROM seed_huge.slot GROUP BY topic
    ) AS counted ON counted.topic = thread.id
    JOIN seed_huge.slot AS opening ON opening.id = counted.first
    JOIN seed_huge.slot AS newest ON newest.id = counted.last
    JOIN seed_huge.title ON title.id = thread.title
    JOIN seed_huge.word ON word.id = thread.word
    JOIN seed_huge.section ON section.rank = thread.subforum
    LEFT JOIN seed_huge.place ON place.rank = thread.place
"""
_READABLE = """
    SELECT slot.id, slot.author, slot.topic, thread.subforum FROM seed_huge.slot
    JOIN seed_huge.thread ON thread.id = slot.topic
    WHERE NOT (slot.hidden OR slot.held OR thread.hidden OR thread.held)
"""
_COUNTERS = f"""
    CREATE TEMP TABLE readable ON COMMIT DROP AS {_READABLE};
    CREATE TEMP TABLE thanks ON COMMIT DROP AS
        SELECT author, user_id FROM forum_reaction JOIN readable ON readable.id = post_id WHERE kind = 'helpful';
    UPDATE accounts_user SET posts_count = found.count
    FROM (SELECT author, count(*) FROM readable GROUP BY author) AS found WHERE id = author;
    UPDATE accounts_user SET reactions_received = found.count
    FROM (SELECT author, count(*) FROM thanks GROUP BY author) AS found WHERE id = author;
    UPDATE accounts_user SET reactions_given = found.count
    FROM (SELECT user_id, count(*) FROM thanks GROUP BY user_id) AS found WHERE id = user_id;
    UPDATE forum_subforum SET posts_count = found.count
    FROM (
        SELECT section.id AS subforum_id, count(*) FROM readable
        JOIN seed_huge.section ON section.rank = readable.subforum GROUP BY section.id
    ) AS found WHERE id = subforum_id;
    UPDATE forum_subforum SET topics_count = found.count
    FROM (
        SELECT subforum_id, count(*) FROM forum_topic WHERE hidden_at IS NULL AND held_at IS NULL GROUP BY subforum_id
    ) AS found WHERE id = subforum_id;
    UPDATE forum_subforum SET last_post_id = found.last_post_id, last_post_at = found.last_post_at
    FROM (
        SELECT DISTINCT ON (subforum_id) subforum_id, last_post_id, last_post_at FROM forum_topic
        WHERE hidden_at IS NULL AND held_at IS NULL ORDER BY subforum_id, last_post_at DESC, last_post_id DESC
    ) AS found WHERE id = subforum_id
"""  # noqa: S608
_EXPERT_REPLIES = """
    UPDATE forum_topic AS topic SET expert_replies_count = found.count
    FROM (
        SELECT topic.id, count(DISTINCT slot.id) FROM accounts_expertbadge AS badge
        JOIN seed_huge.slot ON slot.author = badge.user_id AND slot.number > 1 AND NOT slot.hidden AND NOT slot.held
        JOIN forum_topic AS topic ON topic.id = slot.topic AND topic.countries && badge.countries
            AND topic.author_id <> slot.author
        WHERE badge.withdrawn_at IS NULL GROUP BY topic.id
    ) AS found WHERE found.id = topic.id
"""


def params_of(amounts: Amounts, end: datetime) -> dict:
    """What the statements are given. `end` is when the newest post was written."""
    names = ("posts", "topics", "members", "reports", "longest", "long_ones", "texts", "titles", "words")
    return {name: getattr(amounts, name) for name in names} | {
        "start": end - timedelta(days=365 * amounts.years),
        "end": end,
        "most": MOST_REPORTED,
        "longest_title": big_board.LONGEST_TITLE,
        "first": big_board.FIRST_TOPIC,
        "index_version": vectors.INDEX_VERSION,
        "markup_version": markup.MARKUP_VERSION,
    }


def make_members_and_places(amounts: Amounts, params: Params) -> None:
    make_members(FEW, since=params["start"], until=params["end"])
    make_subforums(amounts.subforums)
    importer.load()
    fill(User, _MEMBERS, params)
    emails = "SELECT id AS user_id, email, true AS verified, true AS primary FROM accounts_user"
    fill(EmailAddress, emails, params, once=True)
    run(_RANKS, params)
    fill(ExpertBadge, _BADGES, params | _known(), once=True)


def make_slots(params: Params) -> None:
    run(_THREADS, params | _known())
    run(_SLOTS, params)


def make_posts(params: Params) -> None:
    fill(Reaction, _REACTIONS, params)
    fill(Post, _POSTS, params | _known())
    run("SELECT setval(pg_get_serial_sequence('forum_post', 'id'), (SELECT max(id) FROM forum_post))")


def make_topics(params: Params) -> None:
    fill(Topic, _TOPICS, params | _known())
    run(
        "UPDATE forum_post SET heading = %(longest_title)s, search = %(words)s::tsvector || ts_filter(search, '{c,d}')"
        " WHERE topic_id = 1",
        params | {"words": vectors.title_vector(big_board.LONGEST_TITLE)},
    )
    run("SELECT setval(pg_get_serial_sequence('forum_topic', 'id'), (SELECT max(id) FROM forum_topic))")


def count(params: Params) -> None:
    run("ANALYZE forum_topic, forum_post, forum_reaction")
    run(_COUNTERS)
    run(_EXPERT_REPLIES)
    board.give_trust()


def _known() -> dict:
    return {
        "admin": value("SELECT id FROM accounts_user WHERE is_staff ORDER BY id LIMIT 1"),
        "places": value("SELECT count(*) FROM crossings_crossing"),
    }


TABLES = [Post, Topic, Reaction, User, ExpertBadge, EmailAddress, Subforum]
