from django.db import migrations, models

FILL = """
    UPDATE forum_subforum SET last_post_at = topic.last_post_at
    FROM forum_post AS post JOIN forum_topic AS topic ON topic.id = post.topic_id
    WHERE post.id = forum_subforum.last_post_id
"""


class Migration(migrations.Migration):
    dependencies = [("forum", "0021_when_a_topic_was_seen")]

    operations = [
        migrations.AddField(
            "subforum", "last_post_at", models.DateTimeField(null=True, blank=True, editable=False)
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True),
    ]
