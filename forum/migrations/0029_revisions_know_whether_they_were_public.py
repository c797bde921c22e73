from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0028_locks_and_pins_may_end")]
    operations = [
        migrations.AddField("postrevision", "was_public", models.BooleanField(db_default=False, default=False)),
    ]
