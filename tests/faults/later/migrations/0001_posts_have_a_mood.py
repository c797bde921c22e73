from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_subforums_topics_posts")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE forum_post ADD COLUMN mood smallint", "ALTER TABLE forum_post DROP COLUMN mood"
        ),
        migrations.RunSQL("ALTER TABLE forum_post ALTER COLUMN mood SET DEFAULT 0", migrations.RunSQL.noop),
    ]
