from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Posts whose words are of an older version. Without a lock; it shrinks to nothing as they are indexed.

    It waits for transactions that began before; if it gives up, an invalid index stays behind, and goes first.
    """

    atomic = False
    dependencies = [("forum", "0030_the_words_of_posts_are_given")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS posts_to_be_indexed", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "post",
            models.Index(fields=["id"], condition=models.Q(search_version__lt=1), name="posts_to_be_indexed"),
        ),
    ]
