from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crossings", "0011_reports_by_week")]
    operations = [
        migrations.AddField(
            model_name="termstate",
            name="catching_up_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
