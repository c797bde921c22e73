from django.db import migrations, models

from crossings.tasks import judge_by_new_rule

STATUSES = [
    ("open", "Open"), ("limited", "Restricted"), ("bilateral", "Neighbours only"), ("closed", "Closed"),
    ("disputed", "Disputed"), ("stale", "Not known"), ("unknown", "Not known"),
]


def judge_all(apps, schema_editor):
    """By the worker, a moment after the migration: judging needs the models as the code has them."""
    if apps.get_model("crossings", "Crossing").objects.exists():
        judge_by_new_rule.enqueue()


class Migration(migrations.Migration):
    dependencies = [("crossings", "0017_judged_by_a_filter")]
    operations = [
        migrations.AddField("crossing", "evidence", models.JSONField(default=list, editable=False)),
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
        migrations.RunPython(judge_all, migrations.RunPython.noop, elidable=True),
    ]
