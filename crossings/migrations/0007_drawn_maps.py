from django.db import migrations, models

# Maps show where crossings are: pages that show one end when it moves, too.
TRIGGER = """
DROP TRIGGER crossings_end_kept_pages ON crossings_crossing;
CREATE TRIGGER crossings_end_kept_pages AFTER UPDATE OF slug, name, noted_status, latitude, longitude
    ON crossings_crossing FOR EACH ROW
    WHEN ((OLD.slug, OLD.name, OLD.noted_status, OLD.latitude, OLD.longitude)
        IS DISTINCT FROM (NEW.slug, NEW.name, NEW.noted_status, NEW.latitude, NEW.longitude))
    EXECUTE FUNCTION bp_raise_site_version();
"""
BEFORE = """
DROP TRIGGER crossings_end_kept_pages ON crossings_crossing;
CREATE TRIGGER crossings_end_kept_pages AFTER UPDATE OF slug, name, noted_status ON crossings_crossing FOR EACH ROW
    WHEN ((OLD.slug, OLD.name, OLD.noted_status) IS DISTINCT FROM (NEW.slug, NEW.name, NEW.noted_status))
    EXECUTE FUNCTION bp_raise_site_version();
"""


class Migration(migrations.Migration):
    dependencies = [("crossings", "0006_standing_links_are_indexed")]
    operations = [
        migrations.CreateModel(
            name="DrawnMap",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("svg", models.TextField()),
                ("labels", models.JSONField()),
                ("has_disputed", models.BooleanField()),
                ("drawn_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RunSQL(TRIGGER, BEFORE),
    ]
