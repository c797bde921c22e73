from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crossings", "0025_feedback_of_suggestions")]

    operations = [
        migrations.AddField(
            model_name="crossing",
            name="is_territory_disputed",
            field=models.BooleanField(db_default=False, default=False),
        )
    ]
