from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("later", "0002_fill_moods")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY posts_by_mood ON forum_post (mood)",
            "DROP INDEX CONCURRENTLY IF EXISTS posts_by_mood",
        ),
        migrations.RunSQL(
            "ALTER TABLE forum_post ADD CONSTRAINT posts_have_a_mood CHECK (mood IS NOT NULL) NOT VALID",
            "ALTER TABLE forum_post DROP CONSTRAINT posts_have_a_mood",
        ),
        migrations.RunSQL("ALTER TABLE forum_post VALIDATE CONSTRAINT posts_have_a_mood", migrations.RunSQL.noop),
    ]
