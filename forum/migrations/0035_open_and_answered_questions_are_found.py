from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, OrderBy, Q

LATEST_FIRST = [OrderBy(F("last_post_at"), descending=True), OrderBy(F("id"), descending=True)]


class Migration(migrations.Migration):
    """Without a lock. The new index of answered topics comes before the former one goes, and serves code of before."""

    atomic = False
    dependencies = [("forum", "0034_topics_tell_whether_they_are_answered")]
    operations = [
        migrations.RenameIndex("topic", old_name="unanswered_topics", new_name="topics_without_reply"),
        AddIndexConcurrently(
            "topic",
            models.Index(
                *LATEST_FIRST,
                condition=Q(is_running=False, is_account=False)
                & Q(answers_count=0, expert_replies_count=0, hidden_at=None, held_at=None, locked_at=None),
                name="open_questions",
            ),
        ),
        AddIndexConcurrently(
            "topic",
            models.Index(
                *LATEST_FIRST,
                condition=Q(hidden_at=None, held_at=None)
                & (Q(answers_count__gt=0) | Q(expert_replies_count__gt=0, is_running=False, is_account=False)),
                name="answered_questions",
            ),
        ),
        RemoveIndexConcurrently("topic", "answered_topics"),
    ]
