"""The words of a post are made when it is written, and no longer by PostgreSQL's parser.

Nothing is rewritten: the generated column becomes an ordinary one with what it holds, and every statement here changes
the catalogue alone. Old rows, and rows that older code writes, keep their former words (search_version 0, by the
trigger) and are found by them until `manage.py reindex` has been there.
"""

from django.db import migrations, models

import forum.models.post

# A writer who gives the words with the texts says so by a negative version, which is stored as a positive one.
TRIGGER = """
ALTER TABLE forum_post ALTER COLUMN search DROP EXPRESSION;
CREATE FUNCTION bp_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.search_version < 0 AND NEW.search IS NOT NULL THEN
        NEW.search_version := -NEW.search_version;
    ELSIF TG_OP = 'INSERT' OR NEW.heading IS DISTINCT FROM OLD.heading OR NEW.source IS DISTINCT FROM OLD.source THEN
        NEW.search := public.bp_words(NEW.heading, NEW.source);
        NEW.search_version := 0;
    ELSIF NEW.search IS NULL THEN
        NEW.search := OLD.search;
        NEW.search_version := OLD.search_version;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER words_follow_texts BEFORE INSERT OR UPDATE OF heading, source, search ON forum_post
    FOR EACH ROW EXECUTE FUNCTION bp_keep_words();
"""
BACK = """
DROP TRIGGER words_follow_texts ON forum_post;
DROP FUNCTION bp_keep_words();
ALTER TABLE forum_post DROP COLUMN search;
ALTER TABLE forum_post ADD COLUMN search tsvector GENERATED ALWAYS AS (bp_words(heading, source)) STORED;
CREATE INDEX posts_by_words ON forum_post USING gin (search);
"""


class Migration(migrations.Migration):
    dependencies = [("forum", "0029_revisions_know_whether_they_were_public")]
    operations = [
        migrations.AddField(
            "post", "search_version", models.SmallIntegerField(default=0, db_default=0, editable=False)
        ),
        migrations.AddField(
            "post", "language", models.CharField(max_length=3, default="", db_default="", editable=False)
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TRIGGER, BACK)],
            state_operations=[
                migrations.AddField("post", "search", forum.models.post.WordsField(null=True, editable=False))
            ],
        ),
    ]
