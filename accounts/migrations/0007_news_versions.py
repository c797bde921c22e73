from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_members_ignored_and_settings_of_reading")]
    operations = [
        migrations.CreateModel(
            name="NewsVersion",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=models.CASCADE, primary_key=True, related_name="+", serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveBigIntegerField(default=0)),
            ],
        ),
    ]  # fmt: skip
