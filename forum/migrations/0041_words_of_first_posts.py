from django.db import migrations

# Built while members write; of a common word forum/search/candidates.py asks the newest first posts by it, and so does
# the filter of titles.
INDEX = """
CREATE INDEX CONCURRENTLY openings_by_words ON forum_post USING gin (search) WHERE number = 1;
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("forum", "0040_ranks_need_a_second_step")]
    operations = [
        # Taken away first: one that was broken off stays, invalid, under its name.
        migrations.RunSQL(["DROP INDEX CONCURRENTLY IF EXISTS openings_by_words", INDEX], "DROP INDEX IF EXISTS openings_by_words;")
    ]
