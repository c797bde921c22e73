from django.db import migrations

# Lists of topics show names and statuses of crossings: when one of them changes, kept pages end. What changes with the
# day alone needs nothing: no page is kept over midnight.
TRIGGER = """
CREATE TRIGGER crossings_end_kept_pages AFTER UPDATE OF slug, name, noted_status ON crossings_crossing FOR EACH ROW
    WHEN ((OLD.slug, OLD.name, OLD.noted_status) IS DISTINCT FROM (NEW.slug, NEW.name, NEW.noted_status))
    EXECUTE FUNCTION bp_raise_site_version();
"""


class Migration(migrations.Migration):
    dependencies = [("crossings", "0001_countries_crossings_reports"), ("forum", "0008_site_version")]
    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER crossings_end_kept_pages ON crossings_crossing;")]
