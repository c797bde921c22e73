from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0025_subforums_are_locked_and_removed")]
    operations = [
        migrations.AddField("draft", "version", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("draft", "form_key", models.UUIDField(null=True)),
        migrations.AddField("draft", "copies", models.JSONField(null=True)),
    ]
