"""The list of members is read by name and by time from an index."""

import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_skeletons_fold_more")]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                django.db.models.functions.text.Lower("username"), F("id"), name="members_by_name"
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(F("joined_at").desc(), F("id").desc(), name="members_by_time"),
        ),
    ]
