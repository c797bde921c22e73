"""Which stories the forum made of the facts of a report: they begin with its outcome and its way, and nobody edited them."""

from django.db import migrations, models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Left, Length

OUTCOMES = {
    "crossed": "Crossed freely", "conditions": "Crossed with conditions", "refused-exit": "Refused at exit",
    "refused-entry": "Refused at entry", "found-closed": "Found closed", "turned-back": "Turned back before the post",
}  # fmt: skip


def mark_stories(apps, schema_editor):
    Report = apps.get_model("crossings", "CrossingReport")
    begins = Case(When(direction="a-b", then=_begins("ab")), default=_begins("ba"), output_field=models.TextField())
    told = Report.objects.filter(post__edits_count=0).annotate(begins=begins)
    made = told.annotate(first_words=Left("post__source", Length("begins"))).filter(first_words=F("begins"))
    Report.objects.filter(pk__in=list(made.values_list("pk", flat=True))).update(story_from_facts=True)


def _begins(sides):
    """ "Crossed freely: China to Kyrgyzstan, "."""
    label = Case(*(When(outcome=name, then=Value(words)) for name, words in OUTCOMES.items()))
    there, then = (F(f"crossing__country_{side}__name") for side in sides)
    return Concat(label, Value(": "), there, Value(" to "), then, Value(", "), output_field=models.TextField())


class Migration(migrations.Migration):
    dependencies = [("crossings", "0015_figures_say_of_when_they_are")]
    operations = [
        migrations.AddField(
            model_name="crossingreport",
            name="story_from_facts",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunPython(mark_stories, migrations.RunPython.noop),
    ]
