from django.db import migrations, models


class Migration(migrations.Migration):
    """A sentence beside the clocks of the two posts, such as who keeps which time at a terminal."""

    dependencies = [("crossings", "0028_latitudes_of_borders")]
    operations = [
        migrations.AddField(
            model_name="crossing",
            name="clock_note",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=200, verbose_name="what else to know of the clocks"
            ),
        )
    ]
