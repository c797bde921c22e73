"""What members leave behind while they read and write: how far they read, bookmarks, drafts, answers, edits, news.

For a forum of any size: `ranges` says which keys there are, and how many posts, by which all else is counted.
"""
# ruff: noqa: S608 (all SQL is written here)

from django.contrib.sessions.models import Session

from accounts.models import (
    BadgeChange,
    ExpertBadge,
    FormerAddress,
    FormerName,
    GroupMembership,
    Ignored,
    Invitation,
    InvitedMember,
    MemberGroup,
    MemberSession,
    NewsVersion,
    SignUpBlock,
    User,
)
from demo.huge.fill import Params, fill, run, value
from forum.models import (
    Answer,
    Bookmark,
    Draft,
    FormerPlace,
    Post,
    PostReference,
    PostRevision,
    Reading,
    Rearrangement,
    RulesRead,
    SubforumReading,
    Topic,
    TopicPointer,
)
from notifications.models import Bounce, Letter, Notification, PrivateFeed, Subscription, Watch, WatchPreference

# A member and a post or topic by chance: the early members do most, and the newest is read most.
USER = "(%(first_user)s + floor(%(users)s * random() ^ 2)::bigint) AS user_id"
POST = "(%(last_post)s - floor(%(posts)s * random() ^ 2)::bigint) AS post_id"
TOPIC = "(%(last_topic)s - floor(%(topics)s * random() ^ 2)::bigint) AS topic_id"


def picked(*columns: str, of: str) -> str:
    """SQL of rows without repetition, of members that there are."""
    return (
        f"(SELECT DISTINCT {', '.join(columns)} FROM generate_series(1, ({of})::bigint)) AS pick"
        " JOIN accounts_user AS member ON member.id = pick.user_id AND member.is_active"
    )


_READINGS = f"""
    SELECT user_id, topic_id, ceil(last_number * least(1, 2 * random()))::int AS number, last_post_at AS seen_at
    FROM {picked(USER, TOPIC, of="%(posts)s * 0.6")} JOIN forum_topic AS topic ON topic.id = topic_id
"""
_SUBFORUM_READINGS = f"""
    SELECT user_id, subforum.id AS subforum_id, %(now)s::timestamptz - interval '30 days' * random() AS read_until
    FROM {picked(USER, of="%(users)s * 0.3")} JOIN forum_subforum AS subforum ON mod(subforum.id + user_id, 4) = 0
"""
_ANSWERS = """
    SELECT post.id AS post_id, topic.author_id AS accepted_by_id, post.written_at + interval '1 day' AS accepted_at
    FROM (SELECT *, random() < 0.2 AS has_answer FROM forum_topic WHERE posts_count > 1) AS topic
    JOIN forum_post AS post ON post.topic_id = topic.id AND post.number = 2
    WHERE has_answer AND post.hidden_at IS NULL AND post.held_at IS NULL AND post.author_id <> topic.author_id
"""
_ANSWERED = """
    UPDATE forum_topic AS topic SET answers_count = 1
    FROM forum_answer AS answer JOIN forum_post AS post ON post.id = answer.post_id WHERE topic.id = post.topic_id
"""
_REVISIONS = f"""
    SELECT post.id AS post_id, 1 AS number, source, author_id AS edited_by_id,
        written_at + interval '1 hour' AS edited_at, 'A word was missing.' AS reason
    FROM {picked("%(admin)s::bigint AS user_id", POST, of="%(posts)s / 50")}
    JOIN forum_post AS post ON post.id = post_id
"""
_EDITED = """
    UPDATE forum_post AS post SET edits_count = 1, edited_at = revision.edited_at
    FROM forum_postrevision AS revision WHERE revision.post_id = post.id
"""
_QUOTES = f"""
    SELECT post.id AS referrer_id, quoted.id AS post_id
    FROM {picked("%(admin)s::bigint AS user_id", POST, of="%(posts)s / 10")}
    JOIN forum_post AS post ON post.id = post_id
    JOIN forum_post AS quoted ON quoted.topic_id = post.topic_id AND quoted.number = post.number - 1
"""
_MENTIONS = f"""
    SELECT post.id AS referrer_id, user_id
    FROM {picked(USER, POST, of="%(posts)s / 30")} JOIN forum_post AS post ON post.id = post_id
"""
_BOOKMARKS = f"""
    SELECT user_id, post.id AS post_id, written_at + interval '1 hour' AS bookmarked_at,
        CASE WHEN random() < 0.05 THEN %(now)s::date + (30 * random())::int END AS remind_on
    FROM {picked(USER, POST, of="%(posts)s / 20")} JOIN forum_post AS post ON post.id = post_id
"""
_DRAFTS = f"""
    SELECT user_id, topic.id AS topic_id, 'What I wanted to say.' AS source, last_post_at AS saved_at
    FROM {picked(USER, TOPIC, of="%(posts)s / 100")} JOIN forum_topic AS topic ON topic.id = topic_id
"""
_RULES_READ = f"""
    SELECT user_id, subforum.id AS subforum_id, joined_at AS read_at
    FROM {picked(USER, of="%(users)s * 0.5")} JOIN forum_subforum AS subforum ON mod(subforum.id + user_id, 5) = 0
"""
_REARRANGEMENTS = """
    SELECT 'move' AS kind, topic.id AS source_id, topic.id + 1 AS target_id, %(admin)s AS made_by_id,
        last_post_at AS made_at, last_post_at AS undone_at, %(admin)s AS undone_by_id
    FROM forum_topic AS topic WHERE mod(id, 200) = 7 AND EXISTS (SELECT FROM forum_topic AS o WHERE o.id = topic.id + 1)
"""
_FORMER_PLACES = """
    SELECT moved.id AS rearrangement_id, post.id AS post_id, post.topic_id, post.number
    FROM forum_rearrangement AS moved JOIN forum_post AS post ON post.topic_id = moved.source_id AND post.number <= 3
"""
_POINTERS = """
    SELECT topic.id AS topic_id, subforum.id AS subforum_id, topic.last_post_at AS left_at
    FROM forum_topic AS topic JOIN forum_subforum AS subforum
        ON subforum.position = mod(topic.id, (SELECT count(*) FROM forum_subforum))
    WHERE mod(topic.id, 100) = 9 AND subforum.id <> topic.subforum_id
"""
_IGNORED = f"""
    SELECT user_id, other.id AS member_id, %(now)s::timestamptz AS ignored_at
    FROM {picked(USER, of="%(users)s / 10")}
    JOIN accounts_user AS other ON other.id = user_id + 7
"""
_FORMER_NAMES = """
    SELECT id AS user_id, left(username, 24) || 'old' AS username, left(username, 24) || 'old' AS username_skeleton,
        joined_at + interval '30 days' AS given_up_at
    FROM accounts_user WHERE mod(id, 100) = 3
"""
_FORMER_ADDRESSES = """
    SELECT id AS user_id, 'old-' || email AS email, joined_at + interval '30 days' AS replaced_at
    FROM accounts_user WHERE mod(id, 100) = 5
"""
_INVITATIONS = """
    SELECT id AS made_by_id, joined_at AS made_at, joined_at + interval '14 days' AS ends_at, 1 AS uses_count
    FROM accounts_user WHERE mod(id, 100) = 11
"""
_INVITED = """
    SELECT invitation.id AS invitation_id, member.id AS user_id
    FROM accounts_invitation AS invitation JOIN accounts_user AS member ON member.id = invitation.made_by_id + 1
"""
_GROUPS = "SELECT name, %(now)s::timestamptz AS made_at FROM unnest(ARRAY['Cartographers', 'Translators']) AS name"
_MEMBERSHIPS = """
    SELECT grouped.id AS group_id, member.id AS member_id, %(admin)s AS added_by_id, joined_at AS added_at
    FROM accounts_membergroup AS grouped JOIN accounts_user AS member ON mod(member.id, 100) = mod(grouped.id, 7)
"""
_SESSIONS = """
    SELECT md5('session' || id) AS session_key, 'kept' AS session_data,
        %(now)s::timestamptz + interval '14 days' * random() AS expire_date
    FROM accounts_user WHERE mod(id, 3) = 0
"""
_MEMBER_SESSIONS = """
    SELECT md5('session' || id) AS session_id, id AS user_id, 'Firefox on Linux' AS device, joined_at AS began_at,
        %(now)s::timestamptz - interval '30 days' * random() AS used_at
    FROM accounts_user WHERE mod(id, 3) = 0
"""
_BADGE_CHANGES = """
    SELECT id AS badge_id, 'given' AS kind, given_at AS at, given_by_id AS by_id FROM accounts_expertbadge
"""
_BLOCKS = """
    SELECT 'domain' AS kind, 'mail' || number || '.example' AS value, 'mail' || number || '.example' AS folded,
        %(admin)s AS by_id, %(now)s::timestamptz AS at
    FROM generate_series(1, 100) AS number
"""
_LETTERS = """
    SELECT id AS user_id, 'day' AS kind, 'day-' || day AS key, %(now)s::timestamptz - interval '1 day' * day AS made_at,
        %(now)s::timestamptz - interval '1 day' * day AS due_at,
        %(now)s::timestamptz - interval '1 day' * day AS begun_at, 1 AS beginnings_count,
        %(now)s::timestamptz - interval '1 day' * day AS sent_at
    FROM accounts_user CROSS JOIN generate_series(1, 2) AS day WHERE is_active
"""
_NEWS = f"""
    SELECT user_id, 'reply' AS kind, 'post-' || post.id AS key, left('Reply in ' || heading, 200) AS subject,
        '/posts/' || post.id || '/' AS url, author_id AS actor_id, 'replies-' || topic_id AS "group", topic_id,
        post.id AS post_id, written_at AS made_at,
        CASE WHEN random() < 0.85 OR written_at < %(now)s::timestamptz - interval '1 year'
            THEN written_at + interval '1 day' END AS read_at
    FROM {picked(USER, POST, of="%(posts)s * 0.4")} JOIN forum_post AS post ON post.id = post_id
    WHERE author_id <> user_id ORDER BY written_at, user_id
"""
_NEWS_OF_BORDERS = f"""
    SELECT user_id, 'report' AS kind, 'post-' || post.id AS key, 'Report of a crossing' AS subject,
        '/posts/' || post.id || '/' AS url, author_id AS actor_id, 'reports-' || crossing_id AS "group",
        topic_id, post.id AS post_id, written_at AS made_at,
        CASE WHEN random() < 0.85 THEN written_at + interval '1 day' END AS read_at
    FROM {picked(USER, POST, of="%(posts)s * 0.2")} JOIN forum_post AS post ON post.id = pick.post_id
    JOIN crossings_crossingreport AS report ON report.post_id = post.id WHERE author_id <> user_id
"""
_NEWS_VERSIONS = "SELECT id AS user_id, 1 AS version FROM accounts_user"
_WATCHES = f"""
    SELECT user_id, topic.id AS topic_id, random() < 0.8 AS is_automatic, last_post_at AS watched_at
    FROM {picked(USER, TOPIC, of="%(posts)s / 5")} JOIN forum_topic AS topic ON topic.id = topic_id
"""
_WATCHES_OF_CROSSINGS = f"""
    SELECT user_id, crossing.id AS crossing_id, %(now)s::timestamptz AS watched_at,
        CASE WHEN random() < 0.1 THEN %(now)s::date + (60 * random())::int END AS travel_on
    FROM {picked(USER, of="%(users)s")} JOIN crossings_crossing AS crossing
        ON mod(crossing.id * 31, 101) = mod(user_id, 101)
"""
_WATCHES_OF_SUBFORUMS = f"""
    SELECT user_id, subforum.id AS subforum_id, %(now)s::timestamptz AS watched_at
    FROM {picked(USER, of="%(users)s / 5")} JOIN forum_subforum AS subforum ON subforum.position = mod(user_id, 20)
"""
_WATCHES_OF_COUNTRIES = f"""
    SELECT user_id, country.code AS country_id, %(now)s::timestamptz AS watched_at
    FROM {picked(USER, of="%(users)s / 5")} JOIN crossings_country AS country
        ON mod(ascii(country.code) + ascii(substr(country.code, 2)), 37) = mod(user_id, 37)
"""
_WATCHES_OF_MEMBERS = f"""
    SELECT user_id, other.id AS member_id, %(now)s::timestamptz AS watched_at
    FROM {picked(USER, of="%(users)s / 10")} JOIN accounts_user AS other ON other.id = user_id + 3
"""
_SUBSCRIPTIONS = """
    SELECT id AS user_id, category, frequency FROM accounts_user
    CROSS JOIN (VALUES ('replies', 'day'), ('crossings', 'now'), ('topics', 'never')) AS chosen (category, frequency)
    WHERE mod(id, 3) = 1
"""
_PREFERENCES = "SELECT id AS user_id, false AS on_replying FROM accounts_user WHERE mod(id, 10) = 1"
_FEEDS = """
    SELECT id AS user_id, 'news' AS kind, md5('feed' || id) || md5(id::text) AS token_hash, joined_at AS made_at
    FROM accounts_user WHERE mod(id, 10) = 2
"""
_BOUNCES = """
    SELECT id AS user_id, email AS address, 'soft' AS kind, 1 AS weight, 'bounce-' || id AS key,
        %(now)s::timestamptz - interval '30 days' * random() AS at
    FROM accounts_user WHERE mod(id, 100) = 4
"""


def ranges(params: Params) -> dict:
    """The keys and numbers that the statements are given."""
    found = dict(params)
    for name, model in (("user", User), ("post", Post), ("topic", Topic)):
        table = model._meta.db_table
        for end, which in (("first", "min"), ("last", "max")):
            found[f"{end}_{name}"] = value(f"SELECT {which}(id) FROM {table}")
        found[f"{name}s"] = found[f"last_{name}"] - found[f"first_{name}"] + 1
    return found | {"admin": value("SELECT id FROM accounts_user WHERE is_staff ORDER BY id LIMIT 1")}


def make_readings(params: Params) -> None:
    fill(Reading, _READINGS, params)
    fill(SubforumReading, _SUBFORUM_READINGS, params, once=True)
    fill(Bookmark, _BOOKMARKS, params)
    fill(Draft, _DRAFTS, params)
    fill(RulesRead, _RULES_READ, params, once=True)


def make_answers(params: Params) -> None:
    fill(Answer, _ANSWERS, params)
    run(_ANSWERED)
    fill(PostRevision, _REVISIONS, params)
    run(_EDITED)
    fill(PostReference, _QUOTES, params)
    fill(PostReference, _MENTIONS, params)
    fill(Rearrangement, _REARRANGEMENTS, params)
    fill(FormerPlace, _FORMER_PLACES, params)
    fill(TopicPointer, _POINTERS, params)


def make_members_rows(params: Params) -> None:
    for model, select in (
        (Ignored, _IGNORED), (FormerName, _FORMER_NAMES), (FormerAddress, _FORMER_ADDRESSES),
        (Invitation, _INVITATIONS), (InvitedMember, _INVITED), (MemberGroup, _GROUPS), (GroupMembership, _MEMBERSHIPS),
        (Session, _SESSIONS), (MemberSession, _MEMBER_SESSIONS), (BadgeChange, _BADGE_CHANGES), (SignUpBlock, _BLOCKS),
    ):  # fmt: skip
        fill(model, select, params)


def make_news(params: Params) -> None:
    fill(Letter, _LETTERS, params)
    fill(Notification, _NEWS, params)
    fill(Notification, _NEWS_OF_BORDERS, params, once=True)
    fill(NewsVersion, _NEWS_VERSIONS, params, once=True)
    for select in (
        _WATCHES, _WATCHES_OF_CROSSINGS, _WATCHES_OF_SUBFORUMS, _WATCHES_OF_COUNTRIES, _WATCHES_OF_MEMBERS,
    ):  # fmt: skip
        fill(Watch, select, params)
    fill(Subscription, _SUBSCRIPTIONS, params)
    fill(WatchPreference, _PREFERENCES, params)
    fill(PrivateFeed, _FEEDS, params)
    fill(Bounce, _BOUNCES, params)


TABLES = [Reading, PostReference, Bookmark, Notification, Watch, ExpertBadge]
