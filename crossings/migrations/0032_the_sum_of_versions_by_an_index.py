from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crossings", "0031_places_of_crossings_are_known_with_names")]

    operations = [
        migrations.AddIndex(
            model_name="crossing",
            index=models.Index(fields=["version"], name="crossings_by_version"),
        ),
    ]
