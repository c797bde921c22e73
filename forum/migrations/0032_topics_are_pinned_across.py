from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0031_posts_to_be_indexed")]
    operations = [
        migrations.AddField("topic", "pinned_across_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("topic", "pinned_across_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("pinned_across_until", None), ("pinned_across_at__isnull", False), _connector="OR"),
                name="only_a_pin_across_ends_by_itself",
            ),
        ),
    ]
