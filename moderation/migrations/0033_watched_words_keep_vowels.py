from django.db import migrations

from moderation.filters.banned_words import fold_pattern

LONGEST = 400


def fold_again(apps, schema_editor):
    """Words of scripts whose vowels are marks were kept without them. One that another row has by now stays as it is."""
    words = apps.get_model("moderation", "WatchedWord").objects
    for word in words.exclude(folded="").order_by("pk"):
        folded = "" if word.pattern.isascii() else fold_pattern(word.pattern)
        if not folded or folded == word.folded or len(folded) > LONGEST:
            continue
        if not words.filter(folded=folded, subforum_id=word.subforum_id).exists():
            words.filter(pk=word.pk).update(folded=folded)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0032_pins_across_the_forum_are_in_the_log")]
    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop)]
