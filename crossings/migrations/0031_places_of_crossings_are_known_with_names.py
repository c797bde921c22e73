from django.db import migrations

# A process keeps with the names where crossings lie and of what kind they are: it reads them again when those change.
MORE = """
DROP TRIGGER crossings_renamed ON crossings_crossing;
CREATE TRIGGER crossings_renamed
    AFTER UPDATE OF name, post_a, post_b, towns, country_a_id, country_b_id, kind, latitude, longitude
    ON crossings_crossing FOR EACH STATEMENT EXECUTE FUNCTION bp_names_changed();
"""
LESS = """
DROP TRIGGER crossings_renamed ON crossings_crossing;
CREATE TRIGGER crossings_renamed AFTER UPDATE OF name, post_a, post_b, towns, country_a_id, country_b_id
    ON crossings_crossing FOR EACH STATEMENT EXECUTE FUNCTION bp_names_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("crossings", "0030_topics_by_meaning")]

    operations = [migrations.RunSQL(MORE, LESS)]
