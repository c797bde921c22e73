from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("forum", "0019_latest_posts_and_reactions")]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
