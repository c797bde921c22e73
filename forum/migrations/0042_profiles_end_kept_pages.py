from django.db import migrations

# Visitors' kept pages show signatures under posts and the beginning of what experts say of themselves.
TRIGGERS = """
CREATE TRIGGER profiles_end_kept_pages
    AFTER UPDATE OF signature, signature_html, signature_for, bio, bio_html, bio_for, banned_at, trust ON accounts_user
    FOR EACH ROW WHEN (
        (OLD.signature, OLD.signature_html, OLD.signature_for, OLD.bio, OLD.bio_html, OLD.bio_for)
            IS DISTINCT FROM
        (NEW.signature, NEW.signature_html, NEW.signature_for, NEW.bio, NEW.bio_html, NEW.bio_for)
        OR (NEW.signature, NEW.bio) <> ('', '')
            AND (OLD.banned_at, OLD.trust) IS DISTINCT FROM (NEW.banned_at, NEW.trust)
    )
    EXECUTE FUNCTION bp_raise_site_version();
"""
REMOVE = "DROP TRIGGER profiles_end_kept_pages ON accounts_user;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0021_profiles_say_who_sees_them"), ("forum", "0041_words_of_first_posts")]
    operations = [migrations.RunSQL(TRIGGERS, REMOVE)]
