from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

SWAPPED = "A latitude here is from -85 to 85. Were latitude and longitude swapped?"


class Migration(migrations.Migration):
    """What forms and files are asked: nothing changes in the database."""

    dependencies = [("crossings", "0027_posts_that_some_call_outdated")]
    operations = [
        migrations.AlterField(
            model_name="crossing",
            name="latitude",
            field=models.FloatField(validators=[MinValueValidator(-85, SWAPPED), MaxValueValidator(85, SWAPPED)]),
        )
    ]
