from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("forum", "0020_posts_are_marked_out_of_date")]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
