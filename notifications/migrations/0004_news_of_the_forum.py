from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

# So that it is counted again when its topic is hidden or moved.
TOPICS = """
    UPDATE notifications_notification AS news SET topic_id = post.topic_id
    FROM forum_post AS post WHERE news.post_id = post.id
"""
# News of a report is news of its post from now on, so that nobody who also hears of the post is told twice.
ONE_KEY_A_POST = """
    UPDATE notifications_notification AS news
    SET key = 'post-' || post.id, actor_id = post.author_id,
        "group" = 'reports-' || report.crossing_id
    FROM forum_post AS post JOIN crossings_crossingreport AS report ON report.post_id = post.id
    WHERE news.kind = 'report' AND news.post_id = post.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_news_versions"),
        ("notifications", "0003_watches_of_everything"),
    ]
    operations = [
        migrations.AddField(
            "notification",
            "rests_on",
            models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=models.CASCADE, related_name="+", to="forum.post"
            ),
        ),
        migrations.AddIndex(
            "notification",
            models.Index(F("user"), F("id").desc(), condition=Q(read_at=None), name="unread_news_of_a_member"),
        ),
        migrations.AddIndex(
            "notification",
            models.Index(fields=["user", "post"], condition=Q(read_at=None), name="unread_news_of_a_post"),
        ),
        migrations.AddIndex(
            "notification",
            models.Index(fields=["rests_on"], condition=Q(rests_on__isnull=False), name="news_that_rests_on_a_post"),
        ),
        migrations.AlterField(
            "notification",
            "user",
            models.ForeignKey(
                db_index=False, on_delete=models.CASCADE, related_name="notifications", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunSQL(TOPICS, migrations.RunSQL.noop, elidable=True),
        migrations.RunSQL(ONE_KEY_A_POST, migrations.RunSQL.noop, elidable=True),
    ]
