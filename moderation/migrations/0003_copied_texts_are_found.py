from django.db import migrations

# By moderation/screening.py, whatever the spaces and capitals.
INDEX = r"""
CREATE INDEX moderation_same_text ON forum_post (md5(lower(btrim(regexp_replace(source, '\s+', ' ', 'g')))));
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_the_log_is_append_only"), ("forum", "0011_thanks_by_time")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX moderation_same_text")]
