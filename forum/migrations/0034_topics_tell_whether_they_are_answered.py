import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    """Columns with defaults of the database, so that code of before goes on writing topics."""

    dependencies = [("forum", "0033_pins_across_are_found")]
    operations = [
        migrations.AddField("subforum", "takes_questions", models.BooleanField(db_default=True, default=True)),
        migrations.AddField(
            "topic",
            "countries",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2), db_default=Value("{}"), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            "topic", "is_account", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AddField("topic", "expert_replies_count", models.PositiveIntegerField(db_default=0, default=0)),
    ]
