"""What experts, editors and moderators leave behind: confirmations, notices, changes of statuses, flags, the log."""
# ruff: noqa: S608 (all SQL is written here)

from crossings.models import (
    AnswerConfirmation,
    BadgeApplication,
    CrossingEdit,
    DuplicateSaved,
    Endorsement,
    FollowedSuggestion,
    HoursConfirmation,
    Notice,
    ReportFee,
    ReportRevision,
    StatusChange,
    UnrelatedTopics,
)
from demo.huge.fill import Params, fill, run
from demo.huge.reader_rows import POST, TOPIC, USER, picked
from moderation.models import (
    Appeal,
    ApprovedText,
    EntryWords,
    Flag,
    Hold,
    ModerationEntry,
    PostAddress,
    PresetReason,
    QueueItem,
    QueueNote,
    StaffNote,
    Suspension,
    Warning,
    WatchedWord,
)

_CONFIRMATIONS = """
    SELECT DISTINCT post.id AS post_id, badge.user_id AS by_id,
        least(%(now)s::timestamptz, post.written_at + interval '200 days') AS confirmed_at
    FROM accounts_expertbadge AS badge JOIN forum_post AS post ON post.author_id = badge.user_id
    WHERE badge.withdrawn_at IS NULL AND badge.countries <> '{}' AND mod(post.id, 10) = 3 AND post.number > 1
"""
_CONFIRMED = """
    UPDATE forum_post AS post SET confirmed_at = said.confirmed_at
    FROM crossings_answerconfirmation AS said WHERE said.post_id = post.id
"""
_FEES = """
    SELECT id AS report_id, 10 + floor(40 * random()) AS amount, 'USD' AS currency, 'Visa' AS purpose
    FROM crossings_crossingreport WHERE mod(id, 3) = 0
"""
_REPORT_REVISIONS = """
    SELECT report.id AS report_id, 1 AS number, '{"Outcome": "Crossed freely"}'::jsonb AS facts,
        post.author_id AS edited_by_id, post.written_at + interval '1 hour' AS edited_at
    FROM crossings_crossingreport AS report JOIN forum_post AS post ON post.id = report.post_id
    WHERE mod(report.id, 40) = 0
"""
_REVISED = """
    UPDATE crossings_crossingreport AS report SET edits_count = 1
    FROM crossings_reportrevision AS revision WHERE revision.report_id = report.id
"""
# The status was open, then restricted, then open again, as often as reports say.
_STATUS_CHANGES = """
    SELECT crossing_id, crossed_on AS changed_on, crossed_on::timestamptz AS noted_at, 'reports' AS source,
        CASE WHEN is_odd THEN 'limited' ELSE 'open' END AS before,
        CASE WHEN is_odd THEN 'open' ELSE 'limited' END AS after
    FROM (
        SELECT crossing_id, crossed_on,
            mod(row_number() OVER (PARTITION BY crossing_id ORDER BY crossed_on), 2) = 0 AS is_odd
        FROM crossings_crossingreport WHERE mod(id, 10) = 1
    ) AS seen
"""
_NOTICES = """
    SELECT id AS crossing_id, (ARRAY['holiday','season','danger','closure'])[1 + mod(number, 4)] AS kind,
        'The post is shut for some days.' AS text, 'https://customs.example/notices/' AS source,
        %(now)s::date - 40 * number AS begins_on, %(now)s::date - 40 * number + 5 AS ends_on,
        %(admin)s AS entered_by_id, %(now)s::timestamptz - interval '40 days' * number AS entered_at
    FROM crossings_crossing CROSS JOIN generate_series(1, 3) AS number WHERE mod(id, 3) = 0
"""
_EDITS = """
    SELECT id AS crossing_id, %(admin)s AS edited_by_id,
        %(now)s::timestamptz - interval '50 days' * number AS edited_at,
        'The ministry says so.' AS reason, '[["Kind", "Road", "Road"]]'::jsonb AS changes
    FROM crossings_crossing CROSS JOIN generate_series(1, 3) AS number WHERE mod(id, 2) = 0
"""
_STILL_SO = """
    SELECT DISTINCT ON (hours.id, post.author_id) hours.id AS hours_id, post.author_id AS by_id, report.id AS report_id,
        post.written_at AS confirmed_at
    FROM crossings_hours AS hours
    JOIN crossings_crossingreport AS report ON report.crossing_id = hours.crossing_id
        AND (mod(report.id, 20) = 0 OR report.id IN (SELECT max(id) FROM crossings_crossingreport GROUP BY crossing_id))
    JOIN forum_post AS post ON post.id = report.post_id
"""
_SAVED = f"""
    SELECT user_id AS member_id, topic.id AS topic_id, last_post_at::date AS day, false AS was_answer
    FROM {picked(USER, TOPIC, of="%(posts)s / 100")} JOIN forum_topic AS topic ON topic.id = topic_id
"""
_FOLLOWED = """
    SELECT id AS topic_id, 'torugart bicycle' AS words, last_post_at::date AS day FROM forum_topic WHERE mod(id, 20) = 5
"""
_UNRELATED = """
    SELECT topic.id AS topic_id, other.id AS other_id FROM forum_topic AS topic
    JOIN forum_topic AS other ON other.id = topic.id + 1 WHERE mod(topic.id, 50) = 6
"""
_APPLICATIONS = """
    SELECT id AS applicant_id, ARRAY['KG']::varchar(2)[] AS countries, 'I live there.' AS words,
        joined_at + interval '400 days' AS made_at
    FROM accounts_user WHERE mod(id, 50) = 13 AND is_active
"""
_ANSWERS_OF_APPLICATIONS = """
    SELECT application.id AS badgeapplication_id, post.id AS post_id FROM crossings_badgeapplication AS application
    CROSS JOIN LATERAL (
        SELECT id FROM forum_post WHERE author_id = applicant_id ORDER BY written_at DESC LIMIT 3
    ) AS post
"""
_ENDORSEMENTS = """
    SELECT application.id AS application_id, badge.user_id AS by_id, made_at AS at
    FROM crossings_badgeapplication AS application
    CROSS JOIN (SELECT user_id FROM accounts_expertbadge WHERE 'KG' = ANY (countries) LIMIT 3) AS badge
"""
# One of ten is still open, and those are the newest.
_ITEMS = f"""
    SELECT post.id AS post_id, post.author_id AS member_id, topic.subforum_id,
        (CASE WHEN mod(post.id, 5) = 0 THEN '{{duplicate}}' ELSE '{{flag}}' END)::varchar(9)[] AS kinds,
        5 + mod(post.id, 40) AS risk, post.written_at AS opened_at,
        CASE WHEN NOT is_open THEN post.written_at + interval '1 day' END AS closed_at,
        CASE WHEN NOT is_open THEN %(admin)s END AS closed_by_id
    FROM (SELECT post_id, row_number() OVER (ORDER BY post_id DESC) <= %(posts)s / 1000 AS is_open
        FROM {picked("%(admin)s::bigint AS user_id", POST, of="%(posts)s / 100")}) AS pick
    JOIN forum_post AS post ON post.id = pick.post_id JOIN forum_topic AS topic ON topic.id = post.topic_id
    WHERE post.held_at IS NULL AND post.hidden_at IS NULL
"""
_FLAGS = """
    SELECT item.id AS item_id, item.post_id, member.id AS by_id, 1 AS weight, opened_at AS at, closed_at, closed_by_id,
        CASE WHEN closed_at IS NULL THEN '' ELSE 'dismissed' END AS outcome,
        CASE WHEN kinds = '{duplicate}' THEN 'duplicate' ELSE 'rules' END AS reason
    FROM moderation_queueitem AS item
    JOIN accounts_user AS member ON member.id = %(first_user)s + mod(item.id * 7919, %(users)s)
"""
_ITEMS_OF_HELD = """
    SELECT post.id AS post_id, post.author_id AS member_id, topic.subforum_id, '{hold}'::varchar(9)[] AS kinds,
        10 AS risk, post.held_at AS opened_at
    FROM forum_post AS post JOIN forum_topic AS topic ON topic.id = post.topic_id WHERE post.held_at IS NOT NULL
"""
_HOLDS = """
    SELECT id AS item_id, post_id, 'links' AS reason, opened_at AS at FROM moderation_queueitem WHERE kinds = '{hold}'
"""
_QUEUE_NOTES = """
    SELECT id AS item_id, %(admin)s AS by_id, 'I look at it tonight.' AS text, opened_at AS at
    FROM moderation_queueitem WHERE mod(id, 20) = 0
"""
_ENTRIES = """
    SELECT (ARRAY['dismiss','hide-post','warn','edit','lock','suspend'])[1 + mod(item.id, 6)] AS verb,
        item.closed_at AS at,
        %(admin)s AS by_id, item.subforum_id, post.topic_id, post.id AS post_id, item.member_id, 1 AS rule
    FROM moderation_queueitem AS item JOIN forum_post AS post ON post.id = item.post_id
    WHERE item.closed_at IS NOT NULL ORDER BY item.closed_at
"""
_ENTRY_WORDS = "SELECT id AS entry_id, 'It is about something else.' AS reason FROM moderation_moderationentry"
_WARNINGS = """
    SELECT member_id, id AS entry_id, 1 AS points, 1 AS rule, at, at + interval '180 days' AS expires_at
    FROM moderation_moderationentry WHERE verb = 'warn'
"""
_SUSPENSIONS = """
    SELECT member_id, id AS entry_id, at AS begins_at, at + interval '7 days' AS ends_at,
        at + interval '1 day' AS lifted_at
    FROM moderation_moderationentry WHERE verb = 'suspend'
"""
_APPEALS = """
    SELECT item.id AS item_id, entry.id AS entry_id, entry.member_id AS by_id, 'It was meant kindly.' AS words,
        entry.at,
        entry.at + interval '1 day' AS decided_at, %(admin)s AS decided_by_id, 'upheld' AS outcome
    FROM moderation_moderationentry AS entry
    JOIN moderation_queueitem AS item ON item.post_id = entry.post_id AND item.closed_at IS NOT NULL
    WHERE entry.verb = 'warn'
"""
_ADDRESSES = """
    SELECT id AS post_id, ('198.51.100.' || mod(author_id, 250))::inet AS address, written_at AS at
    FROM forum_post WHERE written_at > %(now)s::timestamptz - interval '90 days'
"""
_STAFF_NOTES = """
    SELECT id AS member_id, %(admin)s AS by_id, 'Asks much, be patient.' AS text, joined_at AS at
    FROM accounts_user WHERE mod(id, 50) = 17
"""
_WATCHED_WORDS = """
    SELECT 'casino' || number AS pattern, 'casino' || number AS folded, %(admin)s AS by_id, %(now)s::timestamptz AS at
    FROM generate_series(1, 50) AS number
"""
_PRESET_REASONS = """
    SELECT 'Reason ' || number AS label, 'It is about something else.' AS text, %(admin)s AS by_id,
        %(now)s::timestamptz AS at, number AS position
    FROM generate_series(1, 5) AS number
"""
_APPROVED = """
    SELECT author_id, sha256(convert_to(source, 'UTF8')) AS digest FROM forum_post WHERE mod(id, 200) = 0
"""


def make_experts_rows(params: Params) -> None:
    fill(AnswerConfirmation, _CONFIRMATIONS, params)
    run(_CONFIRMED)
    fill(ReportFee, _FEES, params)
    fill(ReportRevision, _REPORT_REVISIONS, params)
    run(_REVISED)
    for model, select in (
        (StatusChange, _STATUS_CHANGES), (Notice, _NOTICES), (CrossingEdit, _EDITS), (HoursConfirmation, _STILL_SO),
        (DuplicateSaved, _SAVED), (FollowedSuggestion, _FOLLOWED), (UnrelatedTopics, _UNRELATED),
        (BadgeApplication, _APPLICATIONS), (BadgeApplication.answers.through, _ANSWERS_OF_APPLICATIONS),
        (Endorsement, _ENDORSEMENTS),
    ):  # fmt: skip
        fill(model, select, params, once=True)


def make_moderation(params: Params) -> None:
    for model, select in (
        (QueueItem, _ITEMS), (Flag, _FLAGS), (QueueItem, _ITEMS_OF_HELD), (Hold, _HOLDS), (QueueNote, _QUEUE_NOTES),
        (ModerationEntry, _ENTRIES), (EntryWords, _ENTRY_WORDS), (Warning, _WARNINGS), (Suspension, _SUSPENSIONS),
        (Appeal, _APPEALS), (PostAddress, _ADDRESSES), (StaffNote, _STAFF_NOTES), (WatchedWord, _WATCHED_WORDS),
        (PresetReason, _PRESET_REASONS), (ApprovedText, _APPROVED),
    ):  # fmt: skip
        fill(model, select, params, once=True)


TABLES = [PostAddress]
