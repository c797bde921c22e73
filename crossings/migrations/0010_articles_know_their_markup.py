from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crossings", "0009_answers_age")]
    operations = [
        migrations.AddField(
            model_name="country",
            name="markup_version",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
    ]
