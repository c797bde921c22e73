from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0015_rules_name_their_markup")]
    operations = [
        migrations.AddField(
            model_name="topic",
            name="is_running",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_running", False), ("opening_post", None), _connector="OR"),
                name="no_post_opens_a_running_topic",
            ),
        ),
    ]
