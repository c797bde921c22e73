from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_sessions_end_together")]
    operations = [
        migrations.AddField("user", "banned_at", models.DateTimeField("banned since", null=True, blank=True)),
    ]
