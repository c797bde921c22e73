from django.db import migrations, models


class Migration(migrations.Migration):
    """`crossings` 0022 fills it in."""

    dependencies = [("forum", "0037_tales_and_talk_ask_nothing")]
    operations = [
        migrations.AddField("post", "confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
    ]
