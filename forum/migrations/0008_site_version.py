from django.db import migrations, models

# Whatever may change names, badges, sections, subforums or rules, a command line among it, ends all kept pages.
TRIGGERS = """
CREATE FUNCTION bp_raise_site_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.forum_siteversion AS kept (id, version) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET version = kept.version + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER names_end_kept_pages AFTER UPDATE OF username, is_active ON accounts_user FOR EACH ROW
    WHEN (OLD.username IS DISTINCT FROM NEW.username OR OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER badges_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON accounts_expertbadge
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER sections_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON forum_section
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER rules_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON forum_rulesbanner
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER new_subforums_end_kept_pages AFTER INSERT OR DELETE ON forum_subforum
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER subforums_end_kept_pages
    AFTER UPDATE OF section_id, name, slug, description, icon, position, access ON forum_subforum
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
"""
REMOVE = """
DROP TRIGGER subforums_end_kept_pages ON forum_subforum;
DROP TRIGGER new_subforums_end_kept_pages ON forum_subforum;
DROP TRIGGER rules_end_kept_pages ON forum_rulesbanner;
DROP TRIGGER sections_end_kept_pages ON forum_section;
DROP TRIGGER badges_end_kept_pages ON accounts_expertbadge;
DROP TRIGGER names_end_kept_pages ON accounts_user;
DROP FUNCTION bp_raise_site_version();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_unlogged_tables"), ("forum", "0007_search")]
    operations = [
        migrations.CreateModel(
            name="SiteVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(TRIGGERS, REMOVE),
    ]
