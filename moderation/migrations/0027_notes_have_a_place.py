import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    """A note belongs where its writer moderates, if that is one subforum; the notes of administrators are for all."""
    StaffNote, Subforum = apps.get_model("moderation", "StaffNote"), apps.get_model("forum", "Subforum")
    for writer in StaffNote.objects.filter(by__is_staff=False).order_by().values_list("by", flat=True).distinct():
        moderated = list(Subforum.moderators.through.objects.filter(user_id=writer).values_list("subforum_id", flat=True))
        if len(moderated) == 1:
            StaffNote.objects.filter(by=writer).update(subforum=moderated[0])


def forget_titles(apps, schema_editor):
    """The filter wrote the title of the other topic, which not every moderator may read; `other_topic` names it."""
    apps.get_model("moderation", "Flag").objects.filter(by=None, reason="duplicate").exclude(words="").update(words="")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0026_marks_of_age_and_filters_of_the_log"), ("forum", "0017_short_names_of_subforums")]
    operations = [
        migrations.AddField(
            model_name="staffnote",
            name="subforum",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="forum.subforum",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(forget_titles, migrations.RunPython.noop),
    ]
