from django.db import migrations, models

# Scripts without spaces between words become single letters, which a query asks for in a row. Everything else stays.
FUNCTIONS = r"""
CREATE FUNCTION bp_spaced(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace($1, '([\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g')
$$;
CREATE FUNCTION bp_words(heading text, source text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('public.bp'::regconfig, public.bp_spaced(heading)), 'A')
        || setweight(to_tsvector('public.bp'::regconfig, public.bp_spaced(source)), 'C')
$$;
"""
# The column is no field of the model, so that no page ever carries it: only forum/search.py knows it.
COLUMN = """
ALTER TABLE forum_post ADD COLUMN search tsvector GENERATED ALWAYS AS (bp_words(heading, source)) STORED;
CREATE INDEX posts_by_words ON forum_post USING gin (search);
"""


class Migration(migrations.Migration):
    dependencies = [("forum", "0006_drafts")]
    operations = [
        migrations.AddField("post", "heading", models.CharField(max_length=120, default="", editable=False)),
        migrations.RunSQL(
            "UPDATE forum_post SET heading = title FROM forum_topic WHERE forum_topic.id = topic_id;",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION bp_words(text, text); DROP FUNCTION bp_spaced(text);"),
        migrations.RunSQL(COLUMN, "ALTER TABLE forum_post DROP COLUMN search;"),
    ]
