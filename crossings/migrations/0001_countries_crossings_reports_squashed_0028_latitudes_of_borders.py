"""Crossings as they were after migration 0028, for an empty database (docs/operating.md)."""

import csv
from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crossings.models.hours
from accounts.model_tables import CreateModels

MATTERS = Path(__file__).parent.parent / "data" / "matters.csv"

# Pages that show crossings or their maps end when one of them changes. What changes with the day alone needs nothing:
# no page is kept over midnight.
KEPT_PAGES = """
CREATE TRIGGER crossings_end_kept_pages AFTER UPDATE OF slug, name, noted_status, latitude, longitude
    ON crossings_crossing FOR EACH ROW
    WHEN ((OLD.slug, OLD.name, OLD.noted_status, OLD.latitude, OLD.longitude)
        IS DISTINCT FROM (NEW.slug, NEW.name, NEW.noted_status, NEW.latitude, NEW.longitude))
    EXECUTE FUNCTION bp_raise_site_version();
"""
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
DROP FUNCTION bp_names_changed() CASCADE;
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
DROP FUNCTION bp_topic_moved() CASCADE;
"""
# The experts' desk asks by them, which would else read all posts of a country's topics.
POSTS = """
CREATE INDEX posts_called_outdated ON forum_post (topic_id) WHERE outdated_count >= 3;
CREATE INDEX posts_some_call_outdated
    ON forum_post (topic_id) WHERE outdated_count > 0 OR marked_outdated_at IS NOT NULL;
"""
REMOVE_POSTS = "DROP INDEX posts_called_outdated; DROP INDEX posts_some_call_outdated;"


def fill(apps, schema_editor):
    """What questions may be about."""
    Matter = apps.get_model("crossings", "Matter")
    with MATTERS.open(encoding="utf-8", newline="") as file:
        Matter.objects.bulk_create(
            Matter(name=row["name"], words=row["words"], holds_days=row["holds_days"] or None)
            for row in csv.DictReader(file)
        )


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("crossings", "0001_countries_crossings_reports"),
        ("crossings", "0002_a_status_that_changes_ends_kept_pages"),
        ("crossings", "0003_terms_of_topics"),
        ("crossings", "0004_names_and_topics_tell_of_changes"),
        ("crossings", "0005_matters"),
        ("crossings", "0006_standing_links_are_indexed"),
        ("crossings", "0007_drawn_maps"),
        ("crossings", "0008_figures_are_kept"),
        ("crossings", "0009_answers_age"),
        ("crossings", "0010_articles_know_their_markup"),
        ("crossings", "0011_reports_by_week"),
        ("crossings", "0012_catching_up_is_claimed"),
        ("crossings", "0013_reports_stand_in_running_topics"),
        ("crossings", "0014_currencies_are_codes"),
        ("crossings", "0015_figures_say_of_when_they_are"),
        ("crossings", "0016_stories_made_of_facts"),
        ("crossings", "0017_judged_by_a_filter"),
        ("crossings", "0018_evidence_is_kept"),
        ("crossings", "0019_topics_say_what_they_are_about"),
        ("crossings", "0020_words_in_six_languages"),
        ("crossings", "0021_posted_hours"),
        ("crossings", "0022_fill_when_posts_were_confirmed"),
        ("crossings", "0023_badges_are_asked_for"),
        ("crossings", "0024_notices_of_seasons"),
        ("crossings", "0025_feedback_of_suggestions"),
        ("crossings", "0026_territory_disputed"),
        ("crossings", "0027_posts_that_some_call_outdated"),
        ("crossings", "0028_latitudes_of_borders"),
    ]
    # The last ones on which those that it replaces depended: a database may have all of them, and no later one.
    dependencies = [
        ("accounts", "0015_badges_sleep"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
        ("forum", "0039_badges_sleep"),
    ]
    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Country',
                fields=[
                    ('code', models.CharField(max_length=2, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=60, unique=True)),
                    ('article', models.TextField(blank=True, help_text='Markdown.')),
                    ('article_html', models.TextField(blank=True, editable=False)),
                    ('article_as_of', models.DateField(blank=True, null=True)),
                    ('article_number', models.PositiveIntegerField(default=0, editable=False)),
                    ('version', models.PositiveBigIntegerField(default=0, editable=False)),
                    ('markup_version', models.PositiveSmallIntegerField(default=0, editable=False)),
                ],
                options={
                    'verbose_name_plural': 'countries',
                    'ordering': ['name'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z]{2}$')), name='a_country_code_is_two_capitals'), models.CheckConstraint(condition=models.Q(('article', ''), ('article_as_of__isnull', False), _connector='OR'), name='an_article_says_as_of_when')],
                },
            ),
            migrations.CreateModel(
                name='Crossing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.SlugField(max_length=60, unique=True)),
                    ('name', models.CharField(max_length=80, unique=True)),
                    ('post_a', models.CharField(blank=True, max_length=80, verbose_name='post of the first country')),
                    ('post_b', models.CharField(blank=True, max_length=80, verbose_name='post of the second country')),
                    ('latitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-85, 'A latitude here is from -85 to 85. Were latitude and longitude swapped?'), django.core.validators.MaxValueValidator(85, 'A latitude here is from -85 to 85. Were latitude and longitude swapped?')])),
                    ('longitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)])),
                    ('altitude_m', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='altitude in metres')),
                    ('kind', models.CharField(choices=[('road', 'Road'), ('rail', 'Rail'), ('ferry', 'Ferry'), ('foot', 'Foot only')], max_length=5)),
                    ('towns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list)),
                    ('in_conflict_zone', models.BooleanField(default=False)),
                    ('editors_status', models.CharField(choices=[('open', 'Open'), ('limited', 'Restricted'), ('bilateral', 'Neighbours only'), ('closed', 'Closed'), ('unknown', 'Not known')], default='unknown', max_length=9)),
                    ('as_of', models.DateField(help_text='The first day of the month to which the facts were looked after.')),
                    ('source', models.CharField(max_length=300)),
                    ('confidence', models.CharField(choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low')], max_length=6)),
                    ('reported_status', models.CharField(blank=True, choices=[('open', 'Open'), ('limited', 'Restricted'), ('bilateral', 'Neighbours only'), ('closed', 'Closed'), ('disputed', 'Disputed'), ('stale', 'Not known'), ('unknown', 'Not known')], editable=False, max_length=9)),
                    ('speaks_until', models.DateField(editable=False, null=True)),
                    ('confirmed_on', models.DateField(editable=False, null=True)),
                    ('confirmed_count', models.PositiveIntegerField(default=0, editable=False)),
                    ('contradicted', models.BooleanField(default=False, editable=False)),
                    ('reports_count', models.PositiveIntegerField(default=0, editable=False)),
                    ('cells', models.JSONField(default=list, editable=False)),
                    ('noted_status', models.CharField(blank=True, choices=[('open', 'Open'), ('limited', 'Restricted'), ('bilateral', 'Neighbours only'), ('closed', 'Closed'), ('disputed', 'Disputed'), ('stale', 'Not known'), ('unknown', 'Not known')], editable=False, max_length=9)),
                    ('version', models.PositiveBigIntegerField(default=0, editable=False)),
                    ('country_a', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crossings.country')),
                    ('country_b', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crossings.country')),
                    ('report_topic', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='forum.topic')),
                    ('figures', models.JSONField(default=dict, editable=False)),
                    ('newest_on', models.DateField(editable=False, null=True)),
                    ('newest_report', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='crossings.crossingreport')),
                    ('disputed_until', models.DateField(editable=False, null=True)),
                    ('evidence', models.JSONField(default=list, editable=False)),
                    ('also_a', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='other clock of the first post')),
                    ('also_b', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='other clock of the second post')),
                    ('kept_hours', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False)),
                    ('zone_a', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='clock of the first post')),
                    ('zone_b', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='clock of the second post')),
                    ('is_territory_disputed', models.BooleanField(db_default=False, default=False)),
                ],
                options={
                    'ordering': ['name'],
                    'indexes': [models.Index(fields=['country_a'], name='crossings_of_a'), models.Index(fields=['country_b'], name='crossings_of_b')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('country_a__lt', models.F('country_b'))), name='countries_in_order_of_their_codes')],
                },
            ),
            migrations.CreateModel(
                name='CrossingEdit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('edited_at', models.DateTimeField()),
                    ('reason', models.CharField(max_length=200)),
                    ('changes', models.JSONField()),
                    ('crossing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='crossings.crossing')),
                    ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-edited_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='CrossingFact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('papers', 'Papers'), ('hours', 'Hours'), ('season', 'Season and holidays'), ('vehicle', 'Vehicles'), ('between', 'Between the posts'), ('road', 'Road'), ('getting-there', 'Getting there')], max_length=13)),
                    ('text', models.CharField(max_length=300)),
                    ('as_of', models.DateField()),
                    ('source', models.CharField(max_length=300)),
                    ('confidence', models.CharField(choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low')], max_length=6)),
                    ('crossing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='crossings.crossing')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('crossing', 'kind'), name='one_fact_of_a_kind')],
                },
            ),
            migrations.CreateModel(
                name='CrossingName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=80)),
                    ('needs_context', models.BooleanField(default=False)),
                    ('crossing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='crossings.crossing')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('crossing', 'text'), name='a_crossing_has_a_name_once')],
                },
            ),
            migrations.CreateModel(
                name='CrossingReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('crossed_on', models.DateField()),
                    ('only_month', models.BooleanField(default=False, verbose_name='Show only the month')),
                    ('is_delayed', models.BooleanField(default=False, verbose_name='Show only the week until 14 days have passed')),
                    ('is_hearsay', models.BooleanField(default=False, verbose_name='I was not there, I heard of it')),
                    ('direction', models.CharField(choices=[('a-b', 'A To B'), ('b-a', 'B To A')], max_length=3)),
                    ('outcome', models.CharField(choices=[('crossed', 'Crossed freely'), ('conditions', 'Crossed with conditions'), ('refused-exit', 'Refused at exit'), ('refused-entry', 'Refused at entry'), ('found-closed', 'Found closed'), ('turned-back', 'Turned back before the post')], max_length=13)),
                    ('reason', models.CharField(blank=True, choices=[('papers', 'A paper was missing or not accepted'), ('passport', 'Not with my passport'), ('transport', 'Not with my transport'), ('hours', 'Outside opening hours, or a holiday'), ('shut', 'Closed to everybody'), ('road', 'Road, snow or weather'), ('danger', 'Too dangerous'), ('other', 'Another reason')], max_length=9)),
                    ('mode', models.CharField(choices=[('bicycle', 'Bicycle'), ('foot', 'On foot'), ('motorcycle', 'Motorcycle'), ('car', 'Car or van'), ('truck', 'Camper or truck'), ('bus', 'Bus'), ('taxi', 'Shared taxi'), ('train', 'Train'), ('boat', 'Boat or ferry'), ('hitchhiking', 'Hitchhiking'), ('tour', 'Group tour')], max_length=11)),
                    ('passport_group', models.CharField(blank=True, choices=[('eu', 'EU or Schengen'), ('uk', 'United Kingdom'), ('us-ca', 'USA or Canada'), ('au-nz', 'Australia or New Zealand'), ('cis', 'CIS'), ('asia', 'Another country in Asia'), ('other', 'Another country')], max_length=5)),
                    ('minutes_at_exit', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(2880)])),
                    ('minutes_between', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(2880)])),
                    ('minutes_at_entry', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(2880)])),
                    ('days_waiting', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(60)])),
                    ('papers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('visa', 'Visa'), ('e-visa', 'E-visa'), ('visa-free', 'Visa-free stamp'), ('loi', 'Letter of invitation'), ('border-permit', 'Border-zone permit'), ('gbao', 'GBAO permit'), ('group-visa', 'Group visa'), ('carnet', 'Carnet'), ('tip', 'Temporary import permit'), ('insurance', 'Insurance'), ('hotel-slips', 'Hotel slips'), ('vaccination', 'Vaccination')], max_length=13), blank=True, default=list)),
                    ('between', models.CharField(blank=True, choices=[('walked', 'Walked'), ('rode', 'Rode'), ('shuttle', 'Shuttle'), ('taxi', 'Taxi'), ('pickup', 'Pickup'), ('own', 'Own vehicle')], max_length=7)),
                    ('unofficial_payment', models.CharField(blank=True, choices=[('no', 'Not asked'), ('asked', 'Asked, not paid'), ('paid', 'Paid')], max_length=5)),
                    ('checks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('bags', 'Bags'), ('x-ray', 'X-ray'), ('phone', 'Phone'), ('questions', 'Questions'), ('drone', 'Drone'), ('medicine', 'Medicine')], max_length=9), blank=True, default=list)),
                    ('road_a', models.CharField(blank=True, choices=[('paved', 'Paved'), ('gravel', 'Gravel'), ('clay', 'Clay'), ('snow', 'Snow')], max_length=6)),
                    ('road_b', models.CharField(blank=True, choices=[('paved', 'Paved'), ('gravel', 'Gravel'), ('clay', 'Clay'), ('snow', 'Snow')], max_length=6)),
                    ('staff', models.CharField(blank=True, choices=[('easy', 'Easy'), ('normal', 'Normal'), ('hard', 'Hard')], max_length=6)),
                    ('edits_count', models.PositiveIntegerField(default=0, editable=False)),
                    ('crossing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='crossings.crossing')),
                    ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='report', to='forum.post')),
                    ('story_from_facts', models.BooleanField(db_default=False, default=False, editable=False)),
                    ('gate_hours_a', models.CharField(blank=True, db_default='', default='', max_length=60)),
                    ('gate_hours_b', models.CharField(blank=True, db_default='', default='', max_length=60)),
                ],
                options={
                    'indexes': [models.Index(models.F('crossing'), models.OrderBy(models.Func(models.F('crossed_on'), output_field=models.DateField(), template="date_trunc('week', %(expressions)s::timestamp)::date"), descending=True), name='reports_of_a_crossing_by_week')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['crossed', 'conditions']), ('reason', '')), models.Q(('outcome__in', ['crossed', 'conditions']), _negated=True), _connector='OR'), name='only_who_was_turned_back_says_why'), models.CheckConstraint(condition=models.Q(('crossed_on__gte', '1990-01-01')), name='reports_begin_in_1990'), models.CheckConstraint(condition=models.Q(('minutes_at_exit__isnull', True), ('minutes_at_exit__lte', 2880), _connector='OR'), name='minutes_at_exit_within_two_days'), models.CheckConstraint(condition=models.Q(('minutes_between__isnull', True), ('minutes_between__lte', 2880), _connector='OR'), name='minutes_between_within_two_days'), models.CheckConstraint(condition=models.Q(('minutes_at_entry__isnull', True), ('minutes_at_entry__lte', 2880), _connector='OR'), name='minutes_at_entry_within_two_days')],
                },
            ),
            migrations.CreateModel(
                name='CrossingTopic',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(choices=[('author', 'its author'), ('gazetteer', 'its words'), ('expert', 'an expert'), ('moderator', 'a moderator'), ('report', 'a report in it')], max_length=9)),
                    ('linked_at', models.DateTimeField()),
                    ('removed_at', models.DateTimeField(blank=True, null=True)),
                    ('crossing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='crossings.crossing')),
                    ('linked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='crossing_links', to='forum.topic')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('removed_at', None)), fields=['crossing', 'topic'], name='standing_links')],
                    'constraints': [models.UniqueConstraint(fields=('crossing', 'topic'), name='one_link_per_crossing_and_topic')],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('closure', 'Closed'), ('holiday', 'Closed for holidays'), ('season', 'Closed for the season'), ('danger', 'Danger')], max_length=7)),
                    ('text', models.CharField(max_length=300)),
                    ('source', models.URLField(max_length=300, verbose_name='address of the source')),
                    ('begins_on', models.DateField(verbose_name='first day')),
                    ('ends_on', models.DateField(blank=True, help_text='Leave it empty while nobody knows.', null=True, verbose_name='last day')),
                    ('entered_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('crossing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='crossings.crossing')),
                    ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['begins_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('begins_on')), _connector='OR'), name='a_notice_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='ReportFee',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=9, validators=[django.core.validators.MinValueValidator(0)])),
                    ('currency', models.CharField(max_length=3)),
                    ('purpose', models.CharField(max_length=60)),
                    ('has_receipt', models.BooleanField(blank=True, null=True)),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='crossings.crossingreport')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='ReportRevision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('facts', models.JSONField()),
                    ('edited_at', models.DateTimeField()),
                    ('edited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='crossings.crossingreport')),
                ],
                options={
                    'ordering': ['number'],
                    'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='one_report_revision_per_number')],
                },
            ),
            migrations.CreateModel(
                name='StatusChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('changed_on', models.DateField()),
                    ('before', models.CharField(choices=[('open', 'Open'), ('limited', 'Restricted'), ('bilateral', 'Neighbours only'), ('closed', 'Closed'), ('disputed', 'Disputed'), ('stale', 'Not known'), ('unknown', 'Not known')], max_length=9)),
                    ('after', models.CharField(choices=[('open', 'Open'), ('limited', 'Restricted'), ('bilateral', 'Neighbours only'), ('closed', 'Closed'), ('disputed', 'Disputed'), ('stale', 'Not known'), ('unknown', 'Not known')], max_length=9)),
                    ('source', models.CharField(choices=[('notice', 'an official notice'), ('reports', 'first-hand reports'), ('editors', 'the editors'), ('rule', 'a new rule for statuses')], max_length=7)),
                    ('noted_at', models.DateTimeField()),
                    ('crossing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='status_changes', to='crossings.crossing')),
                ],
                options={
                    'ordering': ['-changed_on', '-pk'],
                    'indexes': [models.Index(models.F('crossing'), models.OrderBy(models.F('changed_on'), descending=True), name='status_history')],
                },
            ),
            migrations.CreateModel(
                name='ArticleRevision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('article', models.TextField(blank=True)),
                    ('as_of', models.DateField(blank=True, null=True)),
                    ('edited_at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('edited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('country', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='crossings.country')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('country', 'number'), name='one_article_revision_per_number')],
                },
            ),
            migrations.CreateModel(
                name='Matter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=40, unique=True)),
                    ('words', models.TextField(help_text='With spaces between them. Two or three words that mean it only together, with hyphens: e-visa, con-men.')),
                    ('holds_days', models.PositiveSmallIntegerField(blank=True, help_text="After so many days an answer about it may be out of date. 0: as soon as the crossing's status does.", null=True, verbose_name='answers hold for days')),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='NamesVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.BigIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name='TermState',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('generation', models.IntegerField(default=0)),
                    ('top_weight', models.FloatField(default=1)),
                    ('topics_count', models.IntegerField(default=0)),
                    ('filled_until', models.BigIntegerField(default=0)),
                    ('counted_until', models.BigIntegerField(default=0)),
                    ('catching_up_since', models.DateTimeField(editable=False, null=True)),
                ],
            ),
            migrations.CreateModel(
                name='TermWeight',
                fields=[
                    ('pk', models.CompositePrimaryKey('generation', 'lexeme', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('generation', models.IntegerField()),
                    ('lexeme', models.TextField()),
                    ('topics_count', models.IntegerField()),
                    ('weight', models.FloatField()),
                ],
            ),
            migrations.CreateModel(
                name='DuplicateSaved',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField(db_index=True)),
                    ('was_answer', models.BooleanField(help_text='It stood among those that may answer the question already.')),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duplicates_saved', to='forum.topic')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('member', 'topic', 'day'), name='a_duplicate_is_saved_once_a_day')],
                },
            ),
            migrations.CreateModel(
                name='SimilarTopic',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rank', models.PositiveSmallIntegerField()),
                    ('score', models.FloatField()),
                    ('reason', models.CharField(choices=[('question', 'Same crossing, same question'), ('crossing', 'Same crossing'), ('words', 'Similar words')], max_length=8)),
                    ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='similar_to', to='forum.topic')),
                    ('topic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='similar', to='forum.topic')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('topic', 'other'), name='a_similar_topic_is_listed_once'), models.CheckConstraint(condition=models.Q(('topic', models.F('other')), _negated=True), name='no_topic_is_similar_to_itself')],
                },
            ),
            migrations.CreateModel(
                name='TopicTerms',
                fields=[
                    ('topic', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='forum.topic')),
                    ('is_readable', models.BooleanField()),
                    ('terms', django.contrib.postgres.search.SearchVectorField()),
                    ('folded_title', models.CharField(max_length=400)),
                    ('title_matters', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField())),
                    ('opening_matters', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField())),
                    ('subforum', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.subforum')),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['terms'], name='topics_by_terms')],
                },
            ),
            migrations.CreateModel(
                name='DrawnMap',
                fields=[
                    ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ('svg', models.TextField()),
                    ('labels', models.JSONField()),
                    ('has_disputed', models.BooleanField()),
                    ('drawn_at', models.DateTimeField(auto_now_add=True)),
                ],
            ),
            migrations.CreateModel(
                name='AnswerConfirmation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('confirmed_at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='forum.post')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('post', 'by'), name='one_confirmation_per_expert')],
                },
            ),
            migrations.CreateModel(
                name='Hours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('side', models.CharField(choices=[('a', 'first country'), ('b', 'second country')], max_length=1)),
                    ('heading', models.CharField(choices=[('both', 'Both ways'), ('in', 'Coming in'), ('out', 'Going out')], default='both', max_length=4, verbose_name='which way')),
                    ('audience', models.CharField(choices=[('all', 'Everybody'), ('cars', 'Cars'), ('foot', 'On foot or by bicycle'), ('passengers', 'Passengers'), ('freight', 'Freight')], default='all', max_length=10, verbose_name='for whom')),
                    ('weekdays', models.CharField(default='1234567', max_length=7, validators=[django.core.validators.RegexValidator('^1?2?3?4?5?6?7?$')])),
                    ('opens', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1439)])),
                    ('closes', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1440)])),
                    ('break_from', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1439)])),
                    ('break_to', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1440)])),
                    ('zone', models.CharField(max_length=40, validators=[crossings.models.hours.check_zone], verbose_name='time zone')),
                    ('season_from', models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$')])),
                    ('season_to', models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$')])),
                    ('as_of', models.DateField(help_text='The first day of the month to which it was known.')),
                    ('source', models.CharField(max_length=300)),
                    ('confidence', models.CharField(choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low')], max_length=6)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('confirmed_on', models.DateField(editable=False, null=True)),
                    ('entered_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('crossing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='crossings.crossing')),
                    ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaced_by', to='crossings.hours')),
                    ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name_plural': 'hours',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('crossing', 'side', 'heading', 'audience', 'weekdays', 'opens', 'closes', 'break_from', 'break_to', 'zone', 'season_from', 'season_to'), name='the_same_hours_stand_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('opens__isnull', False), ('closes__isnull', False), _connector='OR'), name='hours_begin_or_end'), models.CheckConstraint(condition=models.Q(('opens', None), ('closes', None), models.Q(('opens', models.F('closes')), _negated=True), _connector='OR'), name='hours_last_some_time'), models.CheckConstraint(condition=models.Q(models.Q(('break_from', None), ('break_to', None)), models.Q(('break_from__isnull', False), ('break_to__isnull', False), ('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='a_break_begins_and_ends_within_hours'), models.CheckConstraint(condition=models.Q(('weekdays', ''), _negated=True), name='hours_have_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('season_from', ''), ('season_to', '')), models.Q(models.Q(('season_from', ''), _negated=True), models.Q(('season_to', ''), _negated=True)), _connector='OR'), name='a_season_begins_and_ends')],
                },
            ),
            migrations.CreateModel(
                name='HoursConfirmation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('confirmed_at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('hours', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='crossings.hours')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crossings.crossingreport')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('hours', 'by'), name='one_still_so_per_member')],
                },
            ),
            migrations.CreateModel(
                name='BadgeApplication',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list)),
                    ('subject', models.CharField(blank=True, max_length=60)),
                    ('words', models.CharField(max_length=1000)),
                    ('made_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('outcome', models.CharField(blank=True, choices=[('given', 'The badge was given'), ('refused', 'Not for now'), ('withdrawn', 'Taken back')], max_length=9)),
                    ('decision', models.CharField(blank=True, max_length=300)),
                    ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='badge_applications', to=settings.AUTH_USER_MODEL)),
                    ('badge', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='application', to='accounts.expertbadge')),
                    ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('answers', models.ManyToManyField(related_name='+', to='forum.post')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('applicant',), name='one_waiting_application_per_member'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_closed_application_has_an_outcome')],
                },
            ),
            migrations.CreateModel(
                name='Endorsement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endorsements', to='crossings.badgeapplication')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('application', 'by'), name='nobody_endorses_twice')],
                },
            ),
            migrations.CreateModel(
                name='FollowedSuggestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('words', models.CharField(max_length=300)),
                    ('day', models.DateField(db_index=True)),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.topic')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('topic', 'day', 'words'), name='a_followed_suggestion_is_kept_once_a_day')],
                },
            ),
            migrations.CreateModel(
                name='UnrelatedTopics',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unrelated_to', to='forum.topic')),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unrelated', to='forum.topic')),
                ],
                options={
                    'verbose_name_plural': 'unrelated topics',
                    'constraints': [models.UniqueConstraint(fields=('topic', 'other'), name='topics_are_unrelated_once'), models.CheckConstraint(condition=models.Q(('topic__lt', models.F('other'))), name='unrelated_topics_are_in_order')],
                },
            ),
        ]),
        migrations.RunSQL(KEPT_PAGES, "DROP TRIGGER crossings_end_kept_pages ON crossings_crossing;"),
        migrations.RunSQL(NAMES, REMOVE_NAMES),
        migrations.RunSQL(TOPICS, REMOVE_TOPICS),
        migrations.RunSQL(POSTS, REMOVE_POSTS),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
