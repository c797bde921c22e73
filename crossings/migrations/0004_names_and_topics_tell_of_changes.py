from django.db import migrations

# Every process keeps the names in its memory as long as this number stays. It is taken from a sequence, so that the
# number of a transaction that was rolled back never comes again with other names.
NAMES = """
CREATE SEQUENCE crossings_namesversions;
CREATE FUNCTION bp_names_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.crossings_namesversion AS kept (id, version) VALUES (1, nextval('public.crossings_namesversions'))
        ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END $$;

CREATE TRIGGER names_changed AFTER INSERT OR UPDATE OR DELETE ON crossings_crossingname
    FOR EACH STATEMENT EXECUTE FUNCTION bp_names_changed();
CREATE TRIGGER crossings_came_or_went AFTER INSERT OR DELETE ON crossings_crossing
    FOR EACH STATEMENT EXECUTE FUNCTION bp_names_changed();
CREATE TRIGGER crossings_renamed AFTER UPDATE OF name, post_a, post_b, towns, country_a_id, country_b_id
    ON crossings_crossing FOR EACH STATEMENT EXECUTE FUNCTION bp_names_changed();
CREATE TRIGGER countries_changed AFTER INSERT OR DELETE OR UPDATE OF name ON crossings_country
    FOR EACH STATEMENT EXECUTE FUNCTION bp_names_changed();
CREATE TRIGGER matters_changed AFTER INSERT OR UPDATE OR DELETE ON crossings_matter
    FOR EACH STATEMENT EXECUTE FUNCTION bp_names_changed();
"""
REMOVE_NAMES = """
DROP TRIGGER matters_changed ON crossings_matter;
DROP TRIGGER countries_changed ON crossings_country;
DROP TRIGGER crossings_renamed ON crossings_crossing;
DROP TRIGGER crossings_came_or_went ON crossings_crossing;
DROP TRIGGER names_changed ON crossings_crossingname;
DROP FUNCTION bp_names_changed();
DROP SEQUENCE crossings_namesversions;
"""
# Who may read a topic is asked of its narrow row: whatever moves, hides or shows a topic changes both.
TOPICS = """
CREATE FUNCTION bp_topic_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.crossings_topicterms
        SET subforum_id = NEW.subforum_id, is_readable = NEW.hidden_at IS NULL AND NEW.held_at IS NULL
        WHERE topic_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER topics_moved_or_hidden AFTER UPDATE OF subforum_id, hidden_at, held_at ON forum_topic FOR EACH ROW
    WHEN ((OLD.subforum_id, OLD.hidden_at, OLD.held_at) IS DISTINCT FROM (NEW.subforum_id, NEW.hidden_at, NEW.held_at))
    EXECUTE FUNCTION bp_topic_moved();

CREATE FUNCTION bp_word_query(lexeme text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery
$$;
"""
REMOVE_TOPICS = """
DROP FUNCTION bp_word_query(text);
DROP TRIGGER topics_moved_or_hidden ON forum_topic;
DROP FUNCTION bp_topic_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("crossings", "0003_terms_of_topics"), ("forum", "0008_site_version")]
    operations = [
        migrations.RunSQL(NAMES, REMOVE_NAMES),
        migrations.RunSQL(TOPICS, REMOVE_TOPICS),
    ]
