"""The forum as it was after migration 0043, for an empty database (docs/operating.md)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.contrib.postgres.operations import CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

import forum.models.post
from accounts.model_tables import CreateModels

# unaccent() itself is not immutable; inside a configuration it may be used in stored columns and indexes.
CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION bp (COPY = english);
ALTER TEXT SEARCH CONFIGURATION bp
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
# Scripts without spaces between words become single letters, which a query asks for in a row. Everything else stays.
# A writer who gives the words with the texts says so by a negative version, which is stored as a positive one.
WORDS = r"""
CREATE FUNCTION bp_spaced(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace($1, '([\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g')
$$;
CREATE FUNCTION bp_words(heading text, source text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('public.bp'::regconfig, public.bp_spaced(heading)), 'A')
        || setweight(to_tsvector('public.bp'::regconfig, public.bp_spaced(source)), 'C')
$$;
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
CREATE INDEX posts_by_words ON forum_post USING gin (search);
CREATE INDEX openings_by_words ON forum_post USING gin (search) WHERE number = 1;
"""
REMOVE_WORDS = """
DROP FUNCTION bp_keep_words() CASCADE;
DROP FUNCTION bp_words(text, text);
DROP FUNCTION bp_spaced(text);
"""
# Capitals, accents, punctuation and spaces make no other title. unaccent() itself is not immutable; named with its
# dictionary it may be used in an index. forum/models/topic.py (`titled`) asks by it.
TITLES = r"""
CREATE FUNCTION bp_folded_title(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        lower(public.unaccent('public.unaccent'::regdictionary, normalize($1, NFKC))), '[[:punct:][:space:]]+', ' ', 'g'
    ))
$$;
CREATE INDEX topics_by_folded_title ON forum_topic (subforum_id, bp_folded_title(title));
"""
# Whatever may change names, badges, sections, subforums, rules or profiles, a command line among it, ends all kept pages.
KEPT_PAGES = """
CREATE FUNCTION bp_raise_site_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.forum_siteversion AS kept (id, version) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET version = kept.version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER names_end_kept_pages AFTER UPDATE OF username, is_active ON accounts_user FOR EACH ROW
    WHEN (OLD.username IS DISTINCT FROM NEW.username OR OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION bp_raise_site_version();
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
CREATE TRIGGER badges_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON accounts_expertbadge
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER subjects_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON accounts_badgesubject
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER subjects_of_subforums_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON forum_subforum_subjects
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER sections_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON forum_section
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER rules_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON forum_rulesbanner
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER new_subforums_end_kept_pages AFTER INSERT OR DELETE ON forum_subforum
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER subforums_end_kept_pages
    AFTER UPDATE OF section_id, name, short_name, slug, description, icon, position, access ON forum_subforum
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER locked_subforums_end_kept_pages AFTER UPDATE OF locked_at ON forum_subforum
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
"""
# What a rank needs is kept beside the member, so that no page asks for it, and whoever changes ranks or second steps, a
# command line among them, need not know. A week's grace begins with the first rank; it ends with the last one.
RANKS = """
CREATE FUNCTION bp_judge_rank() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.second_step_at := (
        SELECT min(created_at) FROM public.mfa_authenticator WHERE user_id = NEW.id AND type IN ('totp', 'webauthn')
    );
    IF NEW.is_staff OR EXISTS (SELECT FROM public.forum_subforum_moderators WHERE user_id = NEW.id) THEN
        IF NEW.second_step_due_at IS NULL AND TG_OP = 'UPDATE' THEN
            NEW.second_step_due_at := OLD.second_step_due_at;
        END IF;
        NEW.second_step_due_at := coalesce(NEW.second_step_due_at, now() + interval '7 days');
    ELSE
        NEW.second_step_due_at := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ranks_need_a_second_step
    BEFORE INSERT OR UPDATE OF is_staff, second_step_at, second_step_due_at ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION bp_judge_rank();
CREATE FUNCTION bp_judge_rank_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE public.accounts_user SET second_step_at = NULL WHERE id = OLD.user_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE public.accounts_user SET second_step_at = NULL WHERE id = NEW.user_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER second_steps_change_ranks AFTER INSERT OR DELETE OR UPDATE OF user_id, type ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION bp_judge_rank_again();
CREATE TRIGGER moderators_get_ranks AFTER INSERT OR DELETE OR UPDATE ON forum_subforum_moderators
    FOR EACH ROW EXECUTE FUNCTION bp_judge_rank_again();
"""


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("forum", "0001_subforums_topics_posts"),
        ("forum", "0002_text_search"),
        ("forum", "0003_post_revisions"),
        ("forum", "0004_readings"),
        ("forum", "0005_answers"),
        ("forum", "0006_drafts"),
        ("forum", "0007_search"),
        ("forum", "0008_site_version"),
        ("forum", "0009_no_second_index_of_topics"),
        ("forum", "0010_drafts_say_what_they_began_with"),
        ("forum", "0011_thanks_by_time"),
        ("forum", "0012_moderators_place_topics"),
        ("forum", "0013_rules_are_kept_by_version"),
        ("forum", "0014_first_and_last_posts_are_no_keys"),
        ("forum", "0015_rules_name_their_markup"),
        ("forum", "0016_running_topics_belong_to_nobody"),
        ("forum", "0017_short_names_of_subforums"),
        ("forum", "0018_bookmarks"),
        ("forum", "0019_latest_posts_and_reactions"),
        ("forum", "0020_posts_are_marked_out_of_date"),
        ("forum", "0021_when_a_topic_was_seen"),
        ("forum", "0022_when_a_subforum_was_last_written_in"),
        ("forum", "0023_which_first_posts_wait"),
        ("forum", "0024_equal_titles_are_found"),
        ("forum", "0025_subforums_are_locked_and_removed"),
        ("forum", "0026_drafts_have_versions_and_copies"),
        ("forum", "0027_subforums_of_chosen_members"),
        ("forum", "0028_locks_and_pins_may_end"),
        ("forum", "0029_revisions_know_whether_they_were_public"),
        ("forum", "0030_the_words_of_posts_are_given"),
        ("forum", "0031_posts_to_be_indexed"),
        ("forum", "0032_topics_are_pinned_across"),
        ("forum", "0033_pins_across_are_found"),
        ("forum", "0034_topics_tell_whether_they_are_answered"),
        ("forum", "0035_open_and_answered_questions_are_found"),
        ("forum", "0036_words_of_posts_are_counted"),
        ("forum", "0037_tales_and_talk_ask_nothing"),
        ("forum", "0038_posts_tell_when_they_were_confirmed"),
        ("forum", "0039_badges_sleep"),
        ("forum", "0040_ranks_need_a_second_step"),
        ("forum", "0041_words_of_first_posts"),
        ("forum", "0042_profiles_end_kept_pages"),
        ("forum", "0043_signs_make_no_slug"),
    ]
    # The last ones on which those that it replaces depended: a database may have all of them, and no later one.
    dependencies = [
        ("accounts", "0021_profiles_say_who_sees_them"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        CreateExtension("intarray"),
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION bp;"),
        CreateModels([
            migrations.CreateModel(
                name='Section',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, unique=True)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'ordering': ['position', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Post',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('source', models.TextField()),
                    ('html', models.TextField()),
                    ('markup_version', models.PositiveSmallIntegerField()),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('written_at', models.DateTimeField()),
                    ('edited_at', models.DateTimeField(blank=True, null=True)),
                    ('hidden_at', models.DateTimeField(blank=True, null=True)),
                    ('held_at', models.DateTimeField(blank=True, null=True)),
                    ('helpful_count', models.PositiveIntegerField(default=0)),
                    ('still_true_count', models.PositiveIntegerField(default=0)),
                    ('outdated_count', models.PositiveIntegerField(default=0)),
                    ('idempotency_key', models.UUIDField(blank=True, editable=False, null=True)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                    ('hidden_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('topic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='forum.topic')),
                    ('edits_count', models.PositiveIntegerField(default=0)),
                    ('outdated_at', models.DateTimeField(blank=True, null=True)),
                    ('still_true_at', models.DateTimeField(blank=True, null=True)),
                    ('heading', models.CharField(default='', editable=False, max_length=120)),
                    ('search', forum.models.post.WordsField(editable=False, null=True)),
                    ('marked_outdated_at', models.DateTimeField(blank=True, null=True)),
                    ('search_version', models.SmallIntegerField(db_default=0, default=0, editable=False)),
                    ('language', models.CharField(db_default='', default='', editable=False, max_length=3)),
                    ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ],
                options={
                    'indexes': [models.Index(models.F('author'), models.OrderBy(models.F('written_at'), descending=True), name='posts_of_an_author'), models.Index(models.OrderBy(models.F('written_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='posts_by_time'), models.Index(condition=models.Q(('search_version__lt', 1)), fields=['id'], name='posts_to_be_indexed')],
                    'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('topic', 'number'), name='one_post_per_number'), models.UniqueConstraint(fields=('author', 'idempotency_key'), name='one_post_per_idempotency_key'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='numbers_begin_at_one')],
                },
            ),
            migrations.CreateModel(
                name='Subforum',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100)),
                    ('slug', models.CharField(max_length=60, unique=True)),
                    ('description', models.CharField(blank=True, max_length=300)),
                    ('icon', models.SlugField(default='msg', max_length=20)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('access', models.CharField(choices=[('open', 'Open: all read, members post'), ('members', 'Members: members read and post'), ('announcements', 'Announcements: all read, staff post'), ('staff', 'Staff: its moderators only'), ('chosen', 'Chosen members: a group and its moderators read and post')], default='open', max_length=13)),
                    ('topics_count', models.PositiveIntegerField(default=0)),
                    ('posts_count', models.PositiveIntegerField(default=0)),
                    ('version', models.PositiveBigIntegerField(default=0)),
                    ('last_post', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='forum.post')),
                    ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subforums', to='forum.section')),
                    ('short_name', models.CharField(blank=True, db_default='', max_length=30)),
                    ('label', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf('short_name', models.Value('')), 'name'), output_field=models.CharField(max_length=100))),
                    ('last_post_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('first_posts', models.CharField(blank=True, choices=[('', 'Only risky ones wait'), ('new', 'Those of new members wait'), ('all', "Everybody's first post here waits")], db_default='', default='', max_length=3)),
                    ('leaves_for', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forum.subforum')),
                    ('locked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('removed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('group', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subforums', to='accounts.membergroup')),
                    ('takes_questions', models.BooleanField(db_default=True, default=True)),
                    ('moderators', models.ManyToManyField(blank=True, related_name='moderated_subforums', to=settings.AUTH_USER_MODEL)),
                    ('subjects', models.ManyToManyField(blank=True, related_name='subforums', to='accounts.badgesubject')),
                ],
                options={
                    'ordering': ['section__position', 'section_id', 'position', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('access', 'chosen'), ('group__isnull', False)), models.Q(models.Q(('access', 'chosen'), _negated=True), ('group', None)), _connector='OR'), name='a_subforum_of_chosen_members_names_its_group')],
                },
            ),
            migrations.CreateModel(
                name='Topic',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=120)),
                    ('slug', models.SlugField(allow_unicode=True, max_length=80)),
                    ('opened_at', models.DateTimeField()),
                    ('last_post_at', models.DateTimeField()),
                    ('posts_count', models.PositiveIntegerField(default=0)),
                    ('last_number', models.PositiveIntegerField(default=0)),
                    ('version', models.PositiveBigIntegerField(default=0)),
                    ('locked_at', models.DateTimeField(blank=True, null=True)),
                    ('pinned_at', models.DateTimeField(blank=True, null=True)),
                    ('hidden_at', models.DateTimeField(blank=True, null=True)),
                    ('held_at', models.DateTimeField(blank=True, null=True)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='topics', to=settings.AUTH_USER_MODEL)),
                    ('hidden_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('last_post', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='forum.post')),
                    ('opening_post', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='forum.post')),
                    ('subforum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='topics', to='forum.subforum')),
                    ('answers_count', models.PositiveIntegerField(default=0)),
                    ('duplicate_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duplicates', to='forum.topic')),
                    ('duplicates_count', models.PositiveIntegerField(default=0)),
                    ('lock_reason', models.CharField(blank=True, max_length=200)),
                    ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forum.topic')),
                    ('moderated_at', models.DateTimeField(blank=True, null=True)),
                    ('is_running', models.BooleanField(db_default=False, default=False, editable=False)),
                    ('locked_until', models.DateTimeField(blank=True, null=True)),
                    ('pinned_until', models.DateTimeField(blank=True, null=True)),
                    ('pinned_across_at', models.DateTimeField(blank=True, null=True)),
                    ('pinned_across_until', models.DateTimeField(blank=True, null=True)),
                    ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), db_default=models.Value('{}'), default=list, editable=False)),
                    ('is_account', models.BooleanField(db_default=False, default=False, editable=False)),
                    ('expert_replies_count', models.PositiveIntegerField(db_default=0, default=0)),
                ],
                options={
                    'indexes': [models.Index(models.F('subforum'), models.OrderBy(models.F('pinned_at'), descending=True, nulls_last=True), models.OrderBy(models.F('last_post_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='topics_of_a_subforum'), models.Index(models.OrderBy(models.F('last_post_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='topics_by_activity'), models.Index(models.OrderBy(models.F('last_post_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('held_at', None), ('hidden_at', None), ('locked_at', None), ('posts_count', 1)), name='topics_without_reply'), models.Index(models.F('author'), models.OrderBy(models.F('opened_at'), descending=True), name='topics_of_an_author'), models.Index(condition=models.Q(('pinned_across_at__isnull', False)), fields=['pinned_across_at'], name='topics_pinned_across'), models.Index(condition=models.Q(('locked_until__isnull', False), ('pinned_until__isnull', False), ('pinned_across_until__isnull', False), _connector='OR'), fields=['subforum'], name='topics_with_timed_lock_or_pin'), models.Index(models.OrderBy(models.F('last_post_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('is_account', False), ('is_running', False), ('answers_count', 0), ('expert_replies_count', 0), ('held_at', None), ('hidden_at', None), ('locked_at', None)), name='open_questions'), models.Index(models.OrderBy(models.F('last_post_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('held_at', None), ('hidden_at', None), models.Q(('answers_count__gt', 0), models.Q(('expert_replies_count__gt', 0), ('is_account', False), ('is_running', False)), _connector='OR')), name='answered_questions')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('merged_into', None), ('hidden_at__isnull', False), _connector='OR'), name='merged_topics_are_hidden'), models.CheckConstraint(condition=models.Q(('duplicate_of', models.F('id')), _negated=True), name='no_topic_duplicates_itself'), models.CheckConstraint(condition=models.Q(('is_running', False), ('opening_post', None), _connector='OR'), name='no_post_opens_a_running_topic'), models.CheckConstraint(condition=models.Q(('locked_until', None), ('locked_at__isnull', False), _connector='OR'), name='only_a_lock_ends_by_itself'), models.CheckConstraint(condition=models.Q(('pinned_until', None), ('pinned_at__isnull', False), _connector='OR'), name='only_a_pin_ends_by_itself'), models.CheckConstraint(condition=models.Q(('pinned_across_until', None), ('pinned_across_at__isnull', False), _connector='OR'), name='only_a_pin_across_ends_by_itself')],
                },
            ),
            migrations.CreateModel(
                name='PostReference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quoted_in', to='forum.post')),
                    ('referrer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='forum.post')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mentioned_in', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('post__isnull', False), ('user', None)), models.Q(('post', None), ('user__isnull', False)), _connector='OR'), name='a_reference_names_one_thing'), models.UniqueConstraint(fields=('referrer', 'user', 'post'), name='one_reference_per_thing', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='Reaction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('helpful', 'Helpful'), ('still_true', 'Still true'), ('outdated', 'Outdated')], max_length=10)),
                    ('given_at', models.DateTimeField()),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to='forum.post')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('post', 'user', 'kind'), name='one_reaction_of_a_kind'), models.UniqueConstraint(condition=models.Q(('kind__in', ['still_true', 'outdated'])), fields=('post', 'user'), name='still_true_excludes_outdated')],
                    'indexes': [models.Index(condition=models.Q(('kind', 'helpful')), fields=['given_at'], name='thanks_by_time'), models.Index(models.F('user'), models.OrderBy(models.F('given_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='reactions_of_a_member')],
                },
            ),
            migrations.CreateModel(
                name='RulesBanner',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('introduction', models.CharField(help_text='One line, shown while the rules are folded.', max_length=200)),
                    ('rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=500), help_text='Markdown, one rule each.')),
                    ('rules_html', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('set_at', models.DateTimeField()),
                    ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('subforum', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='forum.subforum')),
                    ('markup_version', models.PositiveSmallIntegerField(default=0, editable=False)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('subforum',), name='one_banner_for_the_whole_forum', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='PostRevision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('title', models.CharField(blank=True, help_text="The topic's title then, if this opens a topic.", max_length=120)),
                    ('source', models.TextField()),
                    ('edited_at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('edited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='forum.post')),
                    ('was_public', models.BooleanField(db_default=False, default=False)),
                ],
                options={
                    'indexes': [models.Index(models.F('edited_by'), models.OrderBy(models.F('edited_at'), descending=True), name='edits_of_a_member')],
                    'constraints': [models.UniqueConstraint(fields=('post', 'number'), name='one_revision_per_number')],
                },
            ),
            migrations.CreateModel(
                name='Reading',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='forum.topic')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to=settings.AUTH_USER_MODEL)),
                    ('seen_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'topic'), name='one_reading_per_topic')],
                },
            ),
            migrations.CreateModel(
                name='SubforumReading',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('read_until', models.DateTimeField()),
                    ('subforum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.subforum')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'subforum'), name='one_mark_per_subforum')],
                },
            ),
            migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('accepted_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('accepted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='forum.post')),
                    ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('post',), name='accepted_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='a_withdrawn_answer_says_by_whom')],
                },
            ),
            migrations.CreateModel(
                name='Draft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(blank=True, max_length=500)),
                    ('source', models.TextField(blank=True)),
                    ('saved_at', models.DateTimeField()),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.post')),
                    ('subforum', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.subforum')),
                    ('topic', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.topic')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
                    ('based_on', models.PositiveIntegerField(null=True)),
                    ('version', models.BigIntegerField(db_default=0, default=0)),
                    ('form_key', models.UUIDField(null=True)),
                    ('copies', models.JSONField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('post', None), ('subforum', None), ('topic__isnull', False)), models.Q(('post', None), ('subforum__isnull', False), ('topic', None)), models.Q(('post__isnull', False), ('subforum', None), ('topic', None)), _connector='OR'), name='a_draft_is_for_one_place'), models.UniqueConstraint(fields=('user', 'topic', 'subforum', 'post'), name='one_draft_per_place', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='SiteVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveBigIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name='FormerPlace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_places', to='forum.post')),
                    ('topic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.topic')),
                    ('rearrangement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_places', to='forum.rearrangement')),
                ],
                options={
                    'indexes': [models.Index(fields=['topic', 'number'], name='former_places_of_a_topic')],
                    'constraints': [models.UniqueConstraint(fields=('rearrangement', 'post'), name='one_former_place_per_rearrangement')],
                },
            ),
            migrations.CreateModel(
                name='Rearrangement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('merge', 'Topics merged'), ('split', 'Posts split into a new topic'), ('move', 'Posts moved into another topic')], max_length=5)),
                    ('made_at', models.DateTimeField()),
                    ('undone_at', models.DateTimeField(null=True)),
                    ('before', models.JSONField(default=dict)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='given_away', to='forum.topic')),
                    ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taken_in', to='forum.topic')),
                    ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='two_topics_are_rearranged')],
                },
            ),
            migrations.CreateModel(
                name='TopicPointer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('left_at', models.DateTimeField()),
                    ('subforum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pointers', to='forum.subforum')),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pointers', to='forum.topic')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('topic', 'subforum'), name='one_pointer_per_topic_and_subforum')],
                },
            ),
            migrations.CreateModel(
                name='RulesRead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('read_at', models.DateTimeField()),
                    ('subforum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.subforum')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name_plural': 'rules read',
                    'constraints': [models.UniqueConstraint(fields=('user', 'subforum'), name='rules_are_read_once')],
                },
            ),
            migrations.CreateModel(
                name='RulesVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('introduction', models.CharField(max_length=200)),
                    ('rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=500))),
                    ('set_at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('banner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='forum.rulesbanner')),
                    ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('banner', 'number'), name='one_version_of_rules_per_number')],
                },
            ),
            migrations.CreateModel(
                name='Bookmark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('bookmarked_at', models.DateTimeField()),
                    ('remind_on', models.DateField(blank=True, null=True)),
                    ('reminded_at', models.DateTimeField(blank=True, null=True)),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bookmarks', to='forum.post')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bookmarks', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(models.F('user'), models.OrderBy(models.F('id'), descending=True), name='bookmarks_of_a_member'), models.Index(condition=models.Q(('remind_on__isnull', False), ('reminded_at', None)), fields=['remind_on'], name='reminders_to_give')],
                    'constraints': [models.UniqueConstraint(fields=('post', 'user'), name='a_post_is_bookmarked_once'), models.CheckConstraint(condition=models.Q(('reminded_at', None), ('remind_on__isnull', False), _connector='OR'), name='who_was_reminded_named_a_day')],
                },
            ),
            migrations.CreateModel(
                name='FormerAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.CharField(max_length=60, unique=True)),
                    ('subforum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to='forum.subforum')),
                ],
                options={
                    'verbose_name_plural': 'former addresses',
                },
            ),
            migrations.CreateModel(
                name='PostWord',
                fields=[
                    ('text', models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ('posts_count', models.PositiveIntegerField()),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('text', name='gin_trgm_ops'), name='words_by_trigram')],
                },
            ),
        ]),
        migrations.RunSQL(WORDS, REMOVE_WORDS),
        migrations.RunSQL(TITLES, "DROP FUNCTION bp_folded_title(text) CASCADE;"),
        migrations.RunSQL(KEPT_PAGES, "DROP FUNCTION bp_raise_site_version() CASCADE;"),
        migrations.RunSQL(RANKS, "DROP FUNCTION bp_judge_rank() CASCADE; DROP FUNCTION bp_judge_rank_again() CASCADE;"),
    ]
