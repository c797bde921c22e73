from django.db import migrations

BATCH = 50


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(
                "UPDATE forum_post SET mood = 0 WHERE id IN (SELECT id FROM forum_post WHERE mood IS NULL LIMIT %s)",
                [BATCH],
            )
            if not cursor.rowcount:
                return


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("later", "0001_posts_have_a_mood")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
