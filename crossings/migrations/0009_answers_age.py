import csv
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MATTERS = Path(__file__).parent.parent / "data" / "matters.csv"

# The experts' desk asks for what three members called outdated, among all posts (crossings/ageing.py has the number).
INDEX = "CREATE INDEX posts_called_outdated ON forum_post (topic_id) WHERE outdated_count >= 3"


def fill(apps, schema_editor):
    Matter = apps.get_model("crossings", "Matter")
    with MATTERS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            Matter.objects.filter(name=row["name"]).update(holds_days=row["holds_days"] or None)


class Migration(migrations.Migration):
    dependencies = [
        ("crossings", "0008_figures_are_kept"),
        ("forum", "0011_thanks_by_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="crossing", name="newest_on", field=models.DateField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="crossing",
            name="newest_report",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="crossings.crossingreport",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="holds_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text=(
                    "After so many days an answer about it may be out of date. 0: as soon as the crossing's status does."
                ),
                null=True,
                verbose_name="answers hold for days",
            ),
        ),
        migrations.CreateModel(
            name="AnswerConfirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("confirmed_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="forum.post",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("post", "by"), name="one_confirmation_per_expert")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(INDEX, "DROP INDEX posts_called_outdated"),
    ]
