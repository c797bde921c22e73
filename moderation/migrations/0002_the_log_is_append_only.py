from django.db import migrations

# Twice over: the application's role loses the right, and where an operator runs with one role, a trigger refuses.
# A database that empties itself between tests says so by a setting of its connections.
APPEND_ONLY = """
CREATE FUNCTION bp_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('borderpost.empties_itself', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'Nothing in % is changed or deleted: it is append-only.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON moderation_moderationentry
    FOR EACH STATEMENT EXECUTE FUNCTION bp_refuse_change();

DO $$
DECLARE other text;
BEGIN
    FOR other IN
        SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
        FROM pg_class, aclexplode(relacl)
        WHERE pg_class.oid = 'moderation_moderationentry'::regclass AND grantee <> relowner
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON moderation_moderationentry FROM %s', other);
    END LOOP;
END $$;
"""
REMOVE = """
DROP TRIGGER log_is_append_only ON moderation_moderationentry;
DROP FUNCTION bp_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_flags_holds_queue_and_log")]
    operations = [migrations.RunSQL(APPEND_ONLY, REMOVE)]
