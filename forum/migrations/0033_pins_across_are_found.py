from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without a lock. The new index of timed states comes before the former one goes, and serves code of before, too."""

    atomic = False
    dependencies = [("forum", "0032_topics_are_pinned_across")]
    operations = [
        AddIndexConcurrently(
            "topic",
            models.Index(
                fields=["pinned_across_at"],
                condition=models.Q(("pinned_across_at__isnull", False)),
                name="topics_pinned_across",
            ),
        ),
        AddIndexConcurrently(
            "topic",
            models.Index(
                fields=["subforum"],
                condition=models.Q(
                    ("locked_until__isnull", False),
                    ("pinned_until__isnull", False),
                    ("pinned_across_until__isnull", False),
                    _connector="OR",
                ),
                name="topics_with_timed_lock_or_pin",
            ),
        ),
        RemoveIndexConcurrently("topic", "topics_with_a_timed_state"),
    ]
