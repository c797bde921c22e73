from django.db import migrations, models

# As for the log itself (0002), twice over: the application's role may write words and erase them by one function, and
# a trigger refuses every other change, also of operators with one role.
ONLY_ERASED = """
CREATE FUNCTION bp_erase_entry_words(of_entry bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE moderation_entrywords
       SET reason = '', private_note = '', rule_text = '', before = '{}', after = '{}', erased_at = now()
     WHERE entry_id = of_entry AND erased_at IS NULL
$$;

CREATE FUNCTION bp_words_only_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
       AND NEW.reason = '' AND NEW.private_note = '' AND NEW.rule_text = ''
       AND NEW.before = '{}' AND NEW.after = '{}'
       AND (NEW.id, NEW.entry_id) = (OLD.id, OLD.entry_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The words of an act are erased or left as they are.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER words_only_go BEFORE UPDATE ON moderation_entrywords
    FOR EACH ROW EXECUTE FUNCTION bp_words_only_go();
CREATE TRIGGER words_stay BEFORE DELETE OR TRUNCATE ON moderation_entrywords
    FOR EACH STATEMENT EXECUTE FUNCTION bp_refuse_change();

REVOKE EXECUTE ON FUNCTION bp_erase_entry_words(bigint) FROM PUBLIC;
DO $$
DECLARE other text;
BEGIN
    FOR other IN
        SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
        FROM pg_class, aclexplode(relacl)
        WHERE pg_class.oid = 'moderation_entrywords'::regclass AND grantee <> relowner
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON moderation_entrywords FROM %s', other);
        EXECUTE format('GRANT EXECUTE ON FUNCTION bp_erase_entry_words(bigint) TO %s', other);
    END LOOP;
END $$;
"""
REMOVE = """
DROP TRIGGER words_only_go ON moderation_entrywords;
DROP TRIGGER words_stay ON moderation_entrywords;
DROP FUNCTION bp_words_only_go();
DROP FUNCTION bp_erase_entry_words(bigint);
"""


VERBS = [
    ("pin", "Pin"),
    ("unpin", "Unpin"),
    ("lock", "Lock"),
    ("unlock", "Unlock"),
    ("hide-topic", "Hide topic"),
    ("restore-topic", "Restore topic"),
    ("hide-post", "Hide post"),
    ("restore-post", "Restore post"),
    ("approve", "Approve"),
    ("reject", "Reject"),
    ("move-topic", "Move topic"),
    ("merge", "Merge topics"),
    ("split", "Split posts off"),
    ("move-posts", "Move posts"),
    ("mark-duplicate", "Mark as duplicate"),
    ("unmark-duplicate", "No duplicate after all"),
    ("retitle", "Retitle"),
    ("link-crossings", "Change crossings"),
    ("edit", "Edit"),
    ("dismiss", "Dismiss flags"),
    ("warn", "Warn"),
    ("suspend", "Suspend"),
    ("lift", "End suspension"),
    ("ban", "Ban"),
    ("unban", "End ban"),
    ("clean-spam", "Clean up spam"),
    ("vouch", "Vouch for"),
    ("decide-appeal", "Decide appeal"),
    ("look", "Look at what is private"),
    ("undo", "Undo"),
]


class Migration(migrations.Migration):
    dependencies = [("moderation", "0024_fill_banned_at")]
    operations = [
        migrations.AddField(
            model_name="flag",
            name="address_digest",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name="moderationentry",
            name="verb",
            field=models.CharField(choices=VERBS, max_length=20),
        ),
        migrations.RunSQL(ONLY_ERASED, REMOVE),
    ]
