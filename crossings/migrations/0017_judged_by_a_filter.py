from django.db import migrations, models

from crossings.tasks import judge_by_new_rule


def judge_all(apps, schema_editor):
    """By the worker, a moment after the migration: judging needs the models as the code has them."""
    if apps.get_model("crossings", "Crossing").objects.exists():
        judge_by_new_rule.enqueue()


STATUSES = [
    ("open", "Open"), ("limited", "Restricted"), ("bilateral", "Neighbours only"), ("closed", "Closed"),
    ("unknown", "Not known"), ("disputed", "Disputed"),
]
SOURCES = [
    ("notice", "an official notice"), ("reports", "first-hand reports"), ("editors", "the editors"),
    ("rule", "a new rule for statuses"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("crossings", "0016_stories_made_of_facts"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]
    operations = [
        migrations.AddField("crossing", "disputed_until", models.DateField(editable=False, null=True)),
        *(
            migrations.AlterField(
                "crossing", name, models.CharField(blank=True, choices=STATUSES, editable=False, max_length=9)
            )
            for name in ("noted_status", "reported_status")
        ),
        *(
            migrations.AlterField("statuschange", name, models.CharField(choices=STATUSES, max_length=9))
            for name in ("after", "before")
        ),
        migrations.AlterField("statuschange", "source", models.CharField(choices=SOURCES, max_length=7)),
        migrations.RunPython(judge_all, migrations.RunPython.noop, elidable=True),
    ]
