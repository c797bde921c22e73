from django.db import migrations, models

MONDAY = models.Func(
    models.F("crossed_on"),
    template="date_trunc('week', %(expressions)s::timestamp)::date",
    output_field=models.DateField(),
)


class Migration(migrations.Migration):
    dependencies = [("crossings", "0010_articles_know_their_markup")]
    operations = [
        migrations.AddIndex(
            model_name="crossingreport",
            index=models.Index(models.F("crossing"), MONDAY.desc(), name="reports_of_a_crossing_by_week"),
        ),
        migrations.RemoveIndex(model_name="crossingreport", name="reports_of_a_crossing"),
    ]
