from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0014_first_and_last_posts_are_no_keys")]
    operations = [
        migrations.AddField(
            model_name="rulesbanner",
            name="markup_version",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
    ]
