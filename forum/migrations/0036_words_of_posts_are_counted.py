import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("forum", "0035_open_and_answered_questions_are_found"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostWord",
            fields=[
                ("text", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("posts_count", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("text", name="gin_trgm_ops"), name="words_by_trigram"
                    )
                ],
            },
        ),
    ]
