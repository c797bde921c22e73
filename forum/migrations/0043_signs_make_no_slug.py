from django.db import migrations
from django.db.models import F

from accounts.text.slugs import slug_of


def without_words(apps, schema_editor):
    """Titles of signs alone had the slug "topic"; their addresses lead on to the number alone."""
    topics = apps.get_model("forum", "Topic").objects
    named = topics.filter(slug="topic").values_list("pk", "title").iterator()
    for pk in [pk for pk, title in named if not slug_of(title)]:
        topics.filter(pk=pk).update(slug="", version=F("version") + 1)


class Migration(migrations.Migration):
    dependencies = [("forum", "0042_profiles_end_kept_pages")]
    operations = [migrations.RunPython(without_words, migrations.RunPython.noop, elidable=True)]
