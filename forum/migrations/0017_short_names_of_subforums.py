from django.db import migrations, models
from django.db.models.functions import Coalesce, NullIf

# A short name is shown on kept pages, so they end when it changes, as with the name.
TRIGGER = """
DROP TRIGGER subforums_end_kept_pages ON forum_subforum;
CREATE TRIGGER subforums_end_kept_pages
    AFTER UPDATE OF section_id, name, short_name, slug, description, icon, position, access ON forum_subforum
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
"""
BACK = """
DROP TRIGGER subforums_end_kept_pages ON forum_subforum;
CREATE TRIGGER subforums_end_kept_pages
    AFTER UPDATE OF section_id, name, slug, description, icon, position, access ON forum_subforum
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
"""


class Migration(migrations.Migration):
    dependencies = [("forum", "0016_running_topics_belong_to_nobody")]
    operations = [
        migrations.AddField(
            model_name="subforum",
            name="short_name",
            field=models.CharField(blank=True, db_default="", max_length=30),
        ),
        migrations.AddField(
            model_name="subforum",
            name="label",
            field=models.GeneratedField(
                db_persist=True,
                expression=Coalesce(NullIf("short_name", models.Value("")), "name"),
                output_field=models.CharField(max_length=100),
            ),
        ),
        migrations.RunSQL(TRIGGER, BACK),
    ]
