from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table; code of before does not know it."""

    dependencies = [("forum", "0043_signs_make_no_slug")]
    operations = [
        migrations.CreateModel(
            name="WeeklyThanks",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_at", models.DateTimeField()),
                ("counts", models.JSONField()),
            ],
        ),
    ]
