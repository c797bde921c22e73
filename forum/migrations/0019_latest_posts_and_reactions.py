"""Lists of the latest posts, and of the reactions that a member gave, find them by an index.

The second also serves the foreign key, whose own index goes.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("forum", "0018_bookmarks")]

    operations = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(F("written_at").desc(), F("id").desc(), name="posts_by_time"),
        ),
        migrations.AddIndex(
            model_name="reaction",
            index=models.Index(F("user"), F("given_at").desc(), F("id").desc(), name="reactions_of_a_member"),
        ),
        migrations.AlterField(
            model_name="reaction",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reactions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
