"""Notifications as they were after migration 0009, for an empty database (docs/operating.md)."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.model_tables import CreateModels


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("notifications", "0001_watches_news_and_letters"),
        ("notifications", "0002_letters_about_acts"),
        ("notifications", "0003_watches_of_everything"),
        ("notifications", "0004_news_of_the_forum"),
        ("notifications", "0005_topics_are_watched_by_themselves"),
        ("notifications", "0006_private_feeds"),
        ("notifications", "0007_letters_by_category_and_bounces"),
        ("notifications", "0008_letters_about_accounts"),
        ("notifications", "0009_badges_are_asked_for"),
    ]
    # The last ones on which those that it replaces depended: a database may have all of them, and no later one.
    dependencies = [
        ("accounts", "0007_news_versions"),
        ("crossings", "0018_evidence_is_kept"),
        ("forum", "0017_short_names_of_subforums"),
        ("moderation", "0003_copied_texts_are_found"),
    ]
    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Letter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('news', 'News, at once'), ('day', 'What happened, once a day'), ('week', 'What happened, once a week'), ('through', 'Did you get through?'), ('acts', 'Decisions of moderators about your posts, and why'), ('account', 'About your account')], max_length=7)),
                    ('key', models.CharField(max_length=120)),
                    ('made_at', models.DateTimeField()),
                    ('begun_at', models.DateTimeField(blank=True, null=True)),
                    ('beginnings_count', models.PositiveSmallIntegerField(default=0)),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('dropped_at', models.DateTimeField(blank=True, null=True)),
                    ('problem', models.CharField(blank=True, max_length=200)),
                    ('travel_on', models.DateField(blank=True, null=True)),
                    ('direction', models.CharField(blank=True, choices=[('a-b', 'A To B'), ('b-a', 'B To A')], max_length=3)),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                    ('crossing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crossings.crossing')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to=settings.AUTH_USER_MODEL)),
                    ('category', models.CharField(blank=True, choices=[('replies', 'Somebody answers or quotes me'), ('mentions', 'Somebody mentions me'), ('answers', 'My answer is accepted'), ('crossings', 'A border I watch changes'), ('topics', 'New topics in what I watch'), ('questions', 'Questions in the country of my badge'), ('reactions', 'Helpful and still true'), ('reminders', 'Reminders of my bookmarks'), ('through', 'Did you get through?'), ('acts', 'Decisions of moderators about my posts, and why')], default='', max_length=9)),
                    ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('thread', models.CharField(blank=True, default='', max_length=40)),
                    ('address', models.EmailField(blank=True, db_default='', default='', max_length=254)),
                    ('purpose', models.CharField(blank=True, db_default='', default='', max_length=60)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('dropped_at', None), ('sent_at', None)), fields=['due_at'], name='letters_due'), models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['user', 'sent_at'], name='letters_sent'), models.Index(condition=models.Q(('dropped_at', None), ('kind', 'account'), ('sent_at', None)), fields=['due_at'], name='account_letters_due')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='one_letter_per_key'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'through'), _negated=True), models.Q(('crossing__isnull', False), ('travel_on__isnull', False)), _connector='OR'), name='who_asks_whether_you_got_through_says_where_and_when'), models.UniqueConstraint(condition=models.Q(('dropped_at', None), ('kind', 'account'), ('sent_at', None)), fields=('user', 'purpose', 'address'), name='one_waiting_letter_per_purpose', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('user__isnull', False), ('kind', 'account'), _connector='OR'), name='letters_have_a_member_but_about_accounts')],
                },
            ),
            migrations.CreateModel(
                name='Notification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('reply', 'Reply in a topic'), ('quote', 'Quote of your post'), ('mention', 'Mention of you'), ('accepted', 'Your answer accepted'), ('answer', 'Your answer confirmed or doubted'), ('changed', 'An answer you marked changed'), ('reaction', 'Reactions to your posts'), ('question', 'Question in a country of your badge'), ('badge', "Experts' badges"), ('topic', 'New topic where you watch'), ('reminder', 'Reminder of a bookmark'), ('status', 'Status of a crossing'), ('notice', 'Notice of a crossing'), ('report', 'Report of a crossing'), ('moderation', 'From the moderators')], max_length=10)),
                    ('key', models.CharField(max_length=100)),
                    ('subject', models.CharField(max_length=200)),
                    ('words', models.TextField(blank=True)),
                    ('url', models.CharField(max_length=300)),
                    ('made_at', models.DateTimeField()),
                    ('read_at', models.DateTimeField(blank=True, null=True)),
                    ('letter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='news', to='notifications.letter')),
                    ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.post')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                    ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='moderation.moderationentry')),
                    ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('group', models.CharField(blank=True, default='', max_length=60)),
                    ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.topic')),
                    ('rests_on', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forum.post')),
                ],
                options={
                    'indexes': [models.Index(models.F('user'), models.OrderBy(models.F('id'), descending=True), name='news_of_a_member'), models.Index(condition=models.Q(('letter', None)), fields=['made_at'], name='news_without_a_letter'), models.Index(models.F('user'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('read_at', None)), name='unread_news_of_a_member'), models.Index(condition=models.Q(('read_at', None)), fields=['user', 'post'], name='unread_news_of_a_post'), models.Index(condition=models.Q(('rests_on__isnull', False)), fields=['rests_on'], name='news_that_rests_on_a_post')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='the_same_news_is_told_once'), models.CheckConstraint(condition=models.Q(('url__startswith', '/'), models.Q(('url__startswith', '//'), _negated=True)), name='news_leads_to_a_page_of_ours')],
                },
            ),
            migrations.CreateModel(
                name='Watch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('watched_at', models.DateTimeField()),
                    ('travel_on', models.DateField(blank=True, null=True)),
                    ('direction', models.CharField(blank=True, choices=[('a-b', 'A To B'), ('b-a', 'B To A')], max_length=3)),
                    ('crossing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='crossings.crossing')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to=settings.AUTH_USER_MODEL)),
                    ('country', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='crossings.country')),
                    ('is_automatic', models.BooleanField(default=False)),
                    ('level', models.CharField(choices=[('watching', 'Watching'), ('mentions', 'Mentions only'), ('muted', 'Muted'), ('ended', 'Not watching')], default='watching', max_length=8)),
                    ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watched_by', to=settings.AUTH_USER_MODEL)),
                    ('subforum', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='forum.subforum')),
                    ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='forum.topic')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('travel_on__isnull', False)), fields=['travel_on'], name='days_of_travel')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'crossing'), name='a_crossing_is_watched_once'), models.CheckConstraint(condition=models.Q(models.Q(('country__isnull', True), ('crossing__isnull', True), ('member__isnull', True), ('subforum__isnull', True), ('topic__isnull', False)), models.Q(('country__isnull', True), ('crossing__isnull', True), ('member__isnull', True), ('subforum__isnull', False), ('topic__isnull', True)), models.Q(('country__isnull', False), ('crossing__isnull', True), ('member__isnull', True), ('subforum__isnull', True), ('topic__isnull', True)), models.Q(('country__isnull', True), ('crossing__isnull', False), ('member__isnull', True), ('subforum__isnull', True), ('topic__isnull', True)), models.Q(('country__isnull', True), ('crossing__isnull', True), ('member__isnull', False), ('subforum__isnull', True), ('topic__isnull', True)), _connector='OR'), name='a_watch_has_one_target'), models.CheckConstraint(condition=models.Q(('crossing__isnull', False), models.Q(('direction', ''), ('travel_on', None)), _connector='OR'), name='who_travels_crosses'), models.UniqueConstraint(condition=models.Q(('topic__isnull', False)), fields=('user', 'topic'), name='a_topic_is_watched_once'), models.UniqueConstraint(condition=models.Q(('subforum__isnull', False)), fields=('user', 'subforum'), name='a_subforum_is_watched_once'), models.UniqueConstraint(condition=models.Q(('country__isnull', False)), fields=('user', 'country'), name='a_country_is_watched_once'), models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('user', 'member'), name='a_member_is_watched_once'), models.CheckConstraint(condition=models.Q(('topic__isnull', False), models.Q(('level', 'ended'), _negated=True), _connector='OR'), name='only_watches_of_topics_stay_ended'), models.CheckConstraint(condition=models.Q(('member', None), models.Q(('member', models.F('user')), _negated=True), _connector='OR'), name='nobody_watches_themselves')],
                },
            ),
            migrations.CreateModel(
                name='WatchPreference',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='watch_preference', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('on_asking', models.BooleanField(default=True, verbose_name='Topics that I open')),
                    ('on_replying', models.BooleanField(default=True, verbose_name='Topics that I reply in')),
                ],
            ),
            migrations.CreateModel(
                name='PrivateFeed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('news', 'News'), ('dates', 'Dates and closures')], max_length=5)),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('made_at', models.DateTimeField()),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='private_feeds', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='one_private_feed_of_a_kind')],
                },
            ),
            migrations.CreateModel(
                name='Bounce',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address', models.EmailField(max_length=254)),
                    ('kind', models.CharField(choices=[('soft', 'Not taken for now, such as a full mailbox'), ('hard', 'No such address'), ('spam', 'Called spam by its reader')], max_length=4)),
                    ('weight', models.PositiveSmallIntegerField()),
                    ('key', models.CharField(max_length=120)),
                    ('words', models.CharField(blank=True, max_length=200)),
                    ('at', models.DateTimeField()),
                    ('letter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='bounces', to='notifications.letter')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['at'], name='bounces_by_time')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='a_bounce_counts_once')],
                },
            ),
            migrations.CreateModel(
                name='Subscription',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('category', models.CharField(choices=[('replies', 'Somebody answers or quotes me'), ('mentions', 'Somebody mentions me'), ('answers', 'My answer is accepted'), ('crossings', 'A border I watch changes'), ('topics', 'New topics in what I watch'), ('questions', 'Questions in the country of my badge'), ('reactions', 'Helpful and still true'), ('reminders', 'Reminders of my bookmarks'), ('through', 'Did you get through?'), ('acts', 'Decisions of moderators about my posts, and why')], max_length=9)),
                    ('frequency', models.CharField(choices=[('now', 'At once'), ('day', 'Once a day'), ('week', 'Once a week'), ('never', 'Never')], max_length=5)),
                    ('before', models.CharField(blank=True, choices=[('now', 'At once'), ('day', 'Once a day'), ('week', 'Once a week'), ('never', 'Never')], default='', max_length=5)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'category'), name='one_frequency_for_each_category')],
                },
            ),
        ]),
    ]
