from django.conf import settings
from django.db import migrations
from django.db.models import F

# Of the presets and the demo, where members tell or chat, and where the pages of crossings open topics of reports.
SLUGS = ["campfire", "companions", "mod-room", settings.REPORTS_SUBFORUM]


def take_no_questions(apps, schema_editor):
    subforums = apps.get_model("forum", "Subforum").objects.filter(slug__in=SLUGS, takes_questions=True)
    subforums.update(takes_questions=False, version=F("version") + 1)


class Migration(migrations.Migration):
    """What the column of 0034 says by default is wrong for them, on a forum that was there before."""

    dependencies = [("forum", "0036_words_of_posts_are_counted")]
    operations = [migrations.RunPython(take_no_questions, migrations.RunPython.noop, elidable=True)]
