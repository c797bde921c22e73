from django.db import migrations

# Built while members write; the experts' desk asks by it, which would else read all posts of a country's topics.
INDEX = """
CREATE INDEX CONCURRENTLY posts_some_call_outdated
ON forum_post (topic_id) WHERE outdated_count > 0 OR marked_outdated_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("crossings", "0026_territory_disputed"), ("forum", "0037_tales_and_talk_ask_nothing")]
    operations = [
        # Taken away first: one that was broken off stays, invalid, under its name.
        migrations.RunSQL(["DROP INDEX CONCURRENTLY IF EXISTS posts_some_call_outdated", INDEX], "DROP INDEX IF EXISTS posts_some_call_outdated;")
    ]
