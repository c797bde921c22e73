from django.db import migrations

AT_ONCE = 1_000
# As crossings/links/about_columns.py and forum/counters/expert_replies.py were when this was written.
FILL = """
    UPDATE forum_topic AS topic
    SET countries = found.countries, is_account = found.is_account,
        expert_replies_count = (
            SELECT count(*) FROM forum_post AS reply
            WHERE reply.topic_id = topic.id AND reply.number > 1 AND reply.author_id <> topic.author_id
            AND reply.hidden_at IS NULL AND reply.held_at IS NULL
            AND EXISTS (
                SELECT FROM accounts_expertbadge AS badge
                WHERE badge.user_id = reply.author_id AND badge.withdrawn_at IS NULL
                AND badge.countries && found.countries))
    FROM (
        SELECT topic.id,
            ARRAY(
                SELECT DISTINCT code FROM crossings_crossingtopic AS link
                JOIN crossings_crossing AS crossing ON crossing.id = link.crossing_id
                CROSS JOIN LATERAL unnest(ARRAY[crossing.country_a_id, crossing.country_b_id]) AS code
                WHERE link.topic_id = topic.id AND link.removed_at IS NULL ORDER BY code
            )::varchar(2)[] AS countries,
            NOT topic.is_running AND EXISTS (
                SELECT FROM crossings_crossingreport AS report WHERE report.post_id = topic.opening_post_id
            ) AS is_account
        FROM forum_topic AS topic WHERE topic.id > %s AND topic.id <= %s
    ) AS found
    WHERE topic.id = found.id
    AND (topic.countries, topic.is_account) IS DISTINCT FROM (found.countries, found.is_account)
"""


def fill(apps, schema_editor):
    """In parts, each a transaction of its own, so that members go on writing."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM forum_topic")
        [last] = cursor.fetchone()
        for before in range(0, last, AT_ONCE):
            cursor.execute(FILL, [before, before + AT_ONCE])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("crossings", "0018_evidence_is_kept"),
        ("forum", "0034_topics_tell_whether_they_are_answered"),
        ("accounts", "0013_groups_of_chosen_members"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
