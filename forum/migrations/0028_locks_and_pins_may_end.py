from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0027_subforums_of_chosen_members")]
    operations = [
        migrations.AddField("topic", "locked_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("topic", "pinned_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("locked_until", None), ("locked_at__isnull", False), _connector="OR"),
                name="only_a_lock_ends_by_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("pinned_until", None), ("pinned_at__isnull", False), _connector="OR"),
                name="only_a_pin_ends_by_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(
                condition=models.Q(("locked_until__isnull", False), ("pinned_until__isnull", False), _connector="OR"),
                fields=["subforum"],
                name="topics_with_a_timed_state",
            ),
        ),
    ]
