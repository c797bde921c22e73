import csv
from pathlib import Path

from django.db import migrations

MATTERS = Path(__file__).parent.parent / "data" / "matters.csv"


def fill(apps, schema_editor):
    Matter = apps.get_model("crossings", "Matter")
    with MATTERS.open(encoding="utf-8", newline="") as file:
        Matter.objects.bulk_create(Matter(name=row["name"], words=row["words"]) for row in csv.DictReader(file))


class Migration(migrations.Migration):
    dependencies = [("crossings", "0004_names_and_topics_tell_of_changes")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
