"""Moderation as it was after migration 0037, for an empty database (docs/operating.md)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.model_tables import CreateModels

# Twice over: the application's role loses the right, and where an operator runs with one role, a trigger refuses.
# The application's role may write words and erase them by one function.
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
DECLARE kept regclass; other text;
BEGIN
    FOR kept, other IN
        SELECT DISTINCT pg_class.oid::regclass, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
        FROM pg_class, aclexplode(relacl)
        WHERE pg_class.oid IN ('moderation_moderationentry'::regclass, 'moderation_entrywords'::regclass)
        AND grantee <> relowner
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %s', kept, other);
        EXECUTE format('GRANT EXECUTE ON FUNCTION bp_erase_entry_words(bigint) TO %s', other);
    END LOOP;
END $$;
"""
REMOVE = """
DROP FUNCTION bp_words_only_go() CASCADE;
DROP FUNCTION bp_erase_entry_words(bigint);
DROP FUNCTION bp_refuse_change() CASCADE;
"""
# By moderation/filters/holds.py, whatever the spaces and capitals.
SAME_TEXT = r"""
CREATE INDEX moderation_same_text ON forum_post (md5(lower(btrim(regexp_replace(source, '\s+', ' ', 'g')))));
"""


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("moderation", "0001_flags_holds_queue_and_log"),
        ("moderation", "0002_the_log_is_append_only"),
        ("moderation", "0003_copied_texts_are_found"),
        ("moderation", "0020_queues_of_administrators"),
        ("moderation", "0021_addresses_of_posts"),
        ("moderation", "0022_flags_keep_the_rule_as_it_said"),
        ("moderation", "0023_an_act_may_concern_several"),
        ("moderation", "0024_fill_banned_at"),
        ("moderation", "0025_flags_know_their_address_and_words_only_go"),
        ("moderation", "0026_marks_of_age_and_filters_of_the_log"),
        ("moderation", "0027_notes_have_a_place"),
        ("moderation", "0028_first_posts_wait_by_place"),
        ("moderation", "0029_subforums_are_removed"),
        ("moderation", "0030_preset_reasons"),
        ("moderation", "0031_filters_are_in_the_log"),
        ("moderation", "0032_pins_across_the_forum_are_in_the_log"),
        ("moderation", "0033_watched_words_keep_vowels"),
        ("moderation", "0034_badges_are_asked_for"),
        ("moderation", "0035_unrelated_topics_are_in_the_log"),
        ("moderation", "0036_second_steps_are_reset"),
        ("moderation", "0037_renamed_members_stand_in_the_log"),
    ]
    # The last ones on which those that it replaces depended: a database may have all of them, and no later one.
    dependencies = [
        ("accounts", "0005_bans_are_a_state"),
        ("forum", "0022_when_a_subforum_was_last_written_in"),
    ]
    operations = [
        CreateModels([
            migrations.CreateModel(
                name='ModerationEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('verb', models.CharField(choices=[('pin', 'Pin'), ('unpin', 'Unpin'), ('pin-across', 'Pin across the forum'), ('unpin-across', 'Unpin across the forum'), ('lock', 'Lock'), ('unlock', 'Unlock'), ('hide-topic', 'Hide topic'), ('restore-topic', 'Restore topic'), ('hide-post', 'Hide post'), ('restore-post', 'Restore post'), ('approve', 'Approve'), ('reject', 'Reject'), ('move-topic', 'Move topic'), ('merge', 'Merge topics'), ('split', 'Split posts off'), ('move-posts', 'Move posts'), ('mark-duplicate', 'Mark as duplicate'), ('unmark-duplicate', 'No duplicate after all'), ('retitle', 'Retitle'), ('link-crossings', 'Change crossings'), ('mark-unrelated', 'Mark as unrelated'), ('unmark-unrelated', 'Related after all'), ('edit', 'Edit'), ('dismiss', 'Dismiss flags'), ('mark-outdated', 'Mark out of date'), ('warn', 'Warn'), ('suspend', 'Suspend'), ('lift', 'End suspension'), ('ban', 'Ban'), ('unban', 'End ban'), ('clean-spam', 'Clean up spam'), ('vouch', 'Vouch for'), ('reset-second-step', 'Take off a second step'), ('rename-member', 'Rename member'), ('watch-words', 'Watch words'), ('change-word', 'Change a watched word'), ('forget-word', 'Watch a word no longer'), ('block-signups', 'Block sign-ups'), ('end-block', 'End a block of sign-ups'), ('remove-block', 'Remove a block of sign-ups'), ('set-question', 'Set the question at sign-up'), ('give-badge', 'Give a badge'), ('withdraw-badge', 'Withdraw a badge'), ('refuse-badge', 'Refuse a badge'), ('clear-profile', 'Clear a text of a profile'), ('decide-appeal', 'Decide appeal'), ('remove-subforum', 'Remove subforum'), ('look', 'Look at what is private'), ('undo', 'Undo')], max_length=20)),
                    ('at', models.DateTimeField()),
                    ('rule', models.PositiveSmallIntegerField(null=True)),
                    ('is_forum_rule', models.BooleanField(default=False)),
                    ('rules_version', models.PositiveIntegerField(null=True)),
                    ('by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('member', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('post', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='forum.post')),
                    ('subforum', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='forum.subforum')),
                    ('topic', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='forum.topic')),
                    ('undoes', models.OneToOneField(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='undone_by', to='moderation.moderationentry')),
                ],
                options={
                    'verbose_name_plural': 'moderation entries',
                    'indexes': [models.Index(models.F('subforum'), models.OrderBy(models.F('id'), descending=True), name='entries_of_a_subforum'), models.Index(models.F('topic'), models.OrderBy(models.F('id'), descending=True), name='entries_of_a_topic'), models.Index(models.F('post'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('post__isnull', False)), name='entries_of_a_post'), models.Index(models.F('member'), models.OrderBy(models.F('id'), descending=True), name='entries_about_a_member'), models.Index(models.F('by'), models.OrderBy(models.F('id'), descending=True), name='entries_by_a_moderator'), models.Index(models.F('verb'), models.OrderBy(models.F('id'), descending=True), name='entries_of_a_verb'), models.Index(fields=['at'], name='entries_by_time')],
                },
            ),
            migrations.CreateModel(
                name='EntryWords',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.TextField(blank=True)),
                    ('private_note', models.TextField(blank=True)),
                    ('rule_text', models.TextField(blank=True)),
                    ('before', models.JSONField(default=dict)),
                    ('after', models.JSONField(default=dict)),
                    ('erased_at', models.DateTimeField(null=True)),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='moderation.moderationentry')),
                ],
                options={
                    'verbose_name_plural': 'words of entries',
                },
            ),
            migrations.CreateModel(
                name='QueueItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('flag', 'Flag'), ('hold', 'Hold'), ('appeal', 'Appeal'), ('duplicate', 'Possible duplicate'), ('outdated', 'Outdated')], max_length=9), default=list)),
                    ('risk', models.PositiveIntegerField(default=0)),
                    ('opened_at', models.DateTimeField()),
                    ('claimed_at', models.DateTimeField(null=True)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('claimed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='queue_items', to=settings.AUTH_USER_MODEL)),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='queue_items', to='forum.post')),
                    ('subforum', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forum.subforum')),
                ],
                options={
                    'indexes': [models.Index(models.F('subforum'), models.F('opened_at'), condition=models.Q(('closed_at', None)), name='open_items_by_age'), models.Index(models.F('subforum'), models.OrderBy(models.F('risk'), descending=True), models.F('opened_at'), condition=models.Q(('closed_at', None)), name='open_items_by_risk'), models.Index(models.F('opened_at'), models.F('id'), condition=models.Q(('closed_at', None)), name='all_open_items_by_age'), models.Index(models.OrderBy(models.F('risk'), descending=True), models.F('opened_at'), models.F('id'), condition=models.Q(('closed_at', None)), name='all_open_items_by_risk'), models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='items_by_when_closed')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('post',), name='one_open_item_per_post'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_at', None), ('claimed_by', None)), models.Q(('claimed_at__isnull', False), ('claimed_by__isnull', False)), _connector='OR'), name='a_claim_has_its_time')],
                },
            ),
            migrations.CreateModel(
                name='Hold',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(choices=[('first-post', 'first posts with links or contact details wait for a moderator'), ('first-here', 'first posts in this place wait for a moderator'), ('links', 'it has more links than newer members may set'), ('mentions', 'it calls more members by name than newer members may'), ('words', 'a word in it is one that moderators look at'), ('too-fast', 'many posts came in a short time'), ('copied', 'the same text was posted before'), ('flags', 'several members asked a moderator to look at it'), ('other', 'a moderator looks at it first')], max_length=10)),
                    ('words', models.CharField(blank=True, max_length=300)),
                    ('at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('rejected', 'Rejected')], max_length=8)),
                    ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='forum.post')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='moderation.queueitem')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('post',), name='one_open_hold_per_post')],
                },
            ),
            migrations.CreateModel(
                name='Flag',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(choices=[('rules', 'It breaks a rule'), ('advertising', 'It is advertising'), ('duplicate', 'The same was asked elsewhere'), ('outdated', 'It is wrong or no longer true'), ('dangerous', 'Following it is dangerous'), ('personal', 'It tells private things of somebody'), ('other', 'Something else')], max_length=11)),
                    ('rule', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('is_forum_rule', models.BooleanField(default=False)),
                    ('words', models.CharField(blank=True, max_length=500)),
                    ('weight', models.FloatField()),
                    ('at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('outcome', models.CharField(blank=True, choices=[('upheld', 'Upheld'), ('dismissed', 'Dismissed'), ('withdrawn', 'Withdrawn')], max_length=9)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to=settings.AUTH_USER_MODEL)),
                    ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('other_topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.topic')),
                    ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='forum.post')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='moderation.queueitem')),
                    ('rule_text', models.CharField(blank=True, default='', max_length=500)),
                    ('address_digest', models.CharField(blank=True, db_default='', default='', editable=False, max_length=32)),
                ],
                options={
                    'indexes': [models.Index(models.F('post'), models.OrderBy(models.F('at'), descending=True), name='flags_of_a_post'), models.Index(models.F('by'), models.OrderBy(models.F('at'), descending=True), name='flags_of_a_member')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('post', 'by'), name='one_open_flag_per_member_and_post', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_closed_flag_has_an_outcome')],
                },
            ),
            migrations.CreateModel(
                name='Appeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('words', models.CharField(max_length=2000)),
                    ('at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('outcome', models.CharField(blank=True, choices=[('upheld', 'The act stands'), ('granted', 'The act was undone')], max_length=7)),
                    ('answer', models.CharField(blank=True, max_length=2000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to=settings.AUTH_USER_MODEL)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='moderation.moderationentry')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='moderation.queueitem')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('entry', 'by'), name='one_appeal_per_act_and_member')],
                },
            ),
            migrations.CreateModel(
                name='QueueNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=1000)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='moderation.queueitem')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='StaffNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=1000)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='staff_notes', to=settings.AUTH_USER_MODEL)),
                    ('subforum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='forum.subforum')),
                ],
                options={
                    'indexes': [models.Index(models.F('member'), models.OrderBy(models.F('id'), descending=True), name='notes_on_a_member')],
                },
            ),
            migrations.CreateModel(
                name='Suspension',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('begins_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField(null=True)),
                    ('lifted_at', models.DateTimeField(null=True)),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='suspension', to='moderation.moderationentry')),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspensions', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(models.F('member'), models.OrderBy(models.F('begins_at'), descending=True), name='suspensions_of_a_member')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('begins_at')), _connector='OR'), name='a_suspension_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='Warning',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('points', models.PositiveSmallIntegerField()),
                    ('rule', models.PositiveSmallIntegerField(null=True)),
                    ('at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='warning', to='moderation.moderationentry')),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='warnings', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(models.F('member'), models.F('expires_at'), name='warnings_of_a_member')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('at'))), name='a_warning_expires_after_it_was_given')],
                },
            ),
            migrations.CreateModel(
                name='WatchedWord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pattern', models.CharField(max_length=100)),
                    ('folded', models.CharField(editable=False, max_length=400)),
                    ('act', models.CharField(choices=[('block', 'Refuse the text'), ('hold', 'Let it wait for a moderator'), ('flag', 'Publish it and flag it')], default='hold', max_length=5, verbose_name='what happens')),
                    ('note', models.CharField(blank=True, help_text='Why it is watched, for other moderators.', max_length=200)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('subforum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watched_words', to='forum.subforum')),
                ],
                options={
                    'ordering': ['folded', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('folded', 'subforum'), name='one_watched_word_per_subforum', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='ApprovedText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.BinaryField(max_length=32)),
                    ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='approved_texts', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('author', 'digest'), name='a_text_is_approved_once')],
                },
            ),
            migrations.CreateModel(
                name='PostAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address', models.GenericIPAddressField()),
                    ('at', models.DateTimeField()),
                    ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.post')),
                ],
                options={
                    'verbose_name_plural': 'post addresses',
                    'indexes': [models.Index(fields=['address'], name='posts_from_an_address'), models.Index(fields=['at'], name='addresses_by_age')],
                },
            ),
            migrations.CreateModel(
                name='PresetReason',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('label', models.CharField(max_length=30)),
                    ('text', models.CharField(max_length=500)),
                    ('rule_text', models.CharField(blank=True, max_length=500)),
                    ('is_forum_rule', models.BooleanField(default=False)),
                    ('cause', models.CharField(blank=True, choices=[('advertising', 'A flag for advertising'), ('rules', 'A flag for breaking a rule'), ('duplicate', 'The same was asked elsewhere'), ('outdated', 'A flag for what is wrong or no longer true'), ('dangerous', 'A flag for what is dangerous'), ('personal', 'A flag for private things of somebody'), ('words', 'A watched word'), ('copied', 'The same text was posted before'), ('links', 'Links or contact details in a first post')], max_length=11)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('subforum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='preset_reasons', to='forum.subforum')),
                ],
                options={
                    'ordering': ['position', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('subforum', 'label'), name='one_preset_reason_per_label_and_subforum', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('label', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='a_preset_reason_says_it')],
                },
            ),
        ]),
        migrations.RunSQL(APPEND_ONLY, REMOVE),
        migrations.RunSQL(SAME_TEXT, "DROP INDEX moderation_same_text"),
    ]
