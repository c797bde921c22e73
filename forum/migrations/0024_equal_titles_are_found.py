from django.db import migrations

# Capitals, accents, punctuation and spaces make no other title. unaccent() itself is not immutable; named with its
# dictionary it may be used in an index.
FUNCTION = r"""
CREATE OR REPLACE FUNCTION bp_folded_title(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        lower(public.unaccent('public.unaccent'::regdictionary, normalize($1, NFKC))), '[[:punct:][:space:]]+', ' ', 'g'
    ))
$$;
"""
# Built while members write; forum/models/topic.py (`titled`) asks by it.
INDEX = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS topics_by_folded_title ON forum_topic (subforum_id, bp_folded_title(title));
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("forum", "0023_which_first_posts_wait")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION bp_folded_title(text);"),
        migrations.RunSQL(INDEX, "DROP INDEX IF EXISTS topics_by_folded_title;"),
    ]
