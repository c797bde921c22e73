"""Accounts as they were after migration 0021, for an empty database (docs/operating.md)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.model_tables import CreateModels

# What is in these tables may be lost in a crash, and is written often: it skips the write-ahead log.
# The cache's table is the one that `createcachetable` would make.
UNLOGGED = """
    CREATE UNLOGGED TABLE cache (
        cache_key varchar(255) NOT NULL PRIMARY KEY,
        value text NOT NULL,
        expires timestamp with time zone NOT NULL
    );
    CREATE INDEX cache_expires ON cache (expires);
    ALTER TABLE accounts_ratecount SET UNLOGGED;
"""


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("accounts", "0001_users_badges_and_counts"),
        ("accounts", "0002_unlogged_tables"),
        ("accounts", "0003_trade_accounts"),
        ("accounts", "0004_sessions_end_together"),
        ("accounts", "0005_bans_are_a_state"),
        ("accounts", "0006_members_ignored_and_settings_of_reading"),
        ("accounts", "0007_news_versions"),
        ("accounts", "0008_skeletons_fold_more"),
        ("accounts", "0009_members_are_listed"),
        ("accounts", "0010_texts_of_the_site"),
        ("accounts", "0011_skeletons_leave_out_vowel_marks"),
        ("accounts", "0012_block_lists_and_a_question_at_sign_up"),
        ("accounts", "0013_groups_of_chosen_members"),
        ("accounts", "0014_older_hashes_are_found"),
        ("accounts", "0015_badges_sleep"),
        ("accounts", "0016_what_visitors_wrote_is_kept"),
        ("accounts", "0017_invitations"),
        ("accounts", "0018_former_names_and_addresses"),
        ("accounts", "0019_codes_to_sign_in"),
        ("accounts", "0020_sessions_and_second_steps"),
        ("accounts", "0021_profiles_say_who_sees_them"),
    ]
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("sessions", "0001_initial"),
    ]
    operations = [
        CreateModels([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(max_length=30)),
                    ('username_skeleton', models.CharField(editable=False, max_length=120, unique=True)),
                    ('email', models.EmailField(max_length=254)),
                    ('email_confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('is_staff', models.BooleanField(default=False, verbose_name='administrator')),
                    ('is_active', models.BooleanField(default=True)),
                    ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('location', models.CharField(blank=True, max_length=60)),
                    ('bio', models.CharField(blank=True, max_length=500)),
                    ('signature', models.CharField(blank=True, max_length=150)),
                    ('theme', models.CharField(blank=True, choices=[('', 'As the device says'), ('light', 'Light'), ('dark', 'Dark')], default='', max_length=5)),
                    ('time_zone', models.CharField(default='UTC', max_length=40)),
                    ('posts_count', models.PositiveIntegerField(default=0)),
                    ('reactions_given', models.PositiveIntegerField(default=0)),
                    ('reactions_received', models.PositiveIntegerField(default=0)),
                    ('trust', models.SmallIntegerField(choices=[(0, 'New'), (1, 'Member'), (2, 'Trusted')], default=0)),
                    ('suspended_until', models.DateTimeField(blank=True, null=True)),
                    ('trade_at', models.DateTimeField(blank=True, null=True, verbose_name='account of a business since')),
                    ('sessions_ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('banned_at', models.DateTimeField(blank=True, null=True, verbose_name='banned since')),
                    ('density', models.CharField(blank=True, choices=[('', 'Roomy'), ('compact', 'Compact, with more on a screen')], db_default='', default='', max_length=7)),
                    ('has_shortcuts', models.BooleanField(db_default=True, default=True, verbose_name='keys for reading')),
                    ('posts_per_page', models.PositiveSmallIntegerField(choices=[(10, '10'), (20, '20'), (50, '50')], db_default=20, default=20)),
                    ('second_step_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('second_step_due_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('bio_for', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members'), ('nobody', 'Nobody')], db_default='everyone', default='everyone', max_length=8)),
                    ('bio_html', models.TextField(blank=True, db_default='', default='', editable=False)),
                    ('countries_known', models.CharField(blank=True, db_default='', default='', max_length=500)),
                    ('countries_known_for', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members'), ('nobody', 'Nobody')], db_default='everyone', default='everyone', max_length=8)),
                    ('has_signatures', models.BooleanField(db_default=True, default=True, verbose_name='signatures under posts')),
                    ('home_page', models.CharField(blank=True, db_default='', default='', max_length=200)),
                    ('home_page_for', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members'), ('nobody', 'Nobody')], db_default='everyone', default='everyone', max_length=8)),
                    ('languages', models.CharField(blank=True, db_default='', default='', max_length=150)),
                    ('languages_for', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members'), ('nobody', 'Nobody')], db_default='everyone', default='everyone', max_length=8)),
                    ('location_for', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members'), ('nobody', 'Nobody')], db_default='members', default='members', max_length=8)),
                    ('signature_for', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members'), ('nobody', 'Nobody')], db_default='everyone', default='everyone', max_length=8)),
                    ('signature_html', models.TextField(blank=True, db_default='', default='', editable=False)),
                    ('travels_by', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('foot', 'On foot'), ('bicycle', 'Bicycle'), ('motorcycle', 'Motorcycle'), ('car', 'Car'), ('camper', 'Camper or truck'), ('public', 'Bus, train and shared taxi'), ('lifts', 'Lifts')], max_length=10), blank=True, db_default=[], default=list)),
                    ('travels_by_for', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members'), ('nobody', 'Nobody')], db_default='everyone', default='everyone', max_length=8)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'indexes': [models.Index(django.db.models.functions.text.Lower('username'), models.F('id'), name='members_by_name'), models.Index(models.OrderBy(models.F('joined_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='members_by_time'), models.Index(condition=models.Q(('password__startswith', 'pbkdf2_sha256$')), fields=['id'], name='members_with_older_hash')],
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_account_per_email', violation_error_message='An account with this address exists already.'), models.CheckConstraint(condition=models.Q(('posts_per_page__in', [10, 20, 50])), name='pages_have_one_of_our_sizes')],
                },
            ),
            migrations.CreateModel(
                name='ExpertBadge',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=40)),
                    ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, help_text='ISO 3166 codes, such as KG.')),
                    ('subject', models.CharField(blank=True, help_text='What it is for, if not countries.', max_length=60)),
                    ('given_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges_given', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='badges', to=settings.AUTH_USER_MODEL)),
                    ('asleep_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='asleep since')),
                    ('reason', models.CharField(blank=True, db_default='', default='', max_length=300)),
                    ('woken_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ],
                options={
                    'ordering': ['given_at'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('user', 'title'), name='one_standing_badge_per_title')],
                },
            ),
            migrations.CreateModel(
                name='RateCount',
                fields=[
                    ('key', models.CharField(max_length=100, primary_key=True, serialize=False)),
                    ('count', models.PositiveIntegerField()),
                    ('started_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['started_at'], name='rate_counts_by_age')],
                },
            ),
            migrations.CreateModel(
                name='Ignored',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ignored_at', models.DateTimeField()),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ignored_by', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ignored_members', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'member'), name='a_member_is_ignored_once'), models.CheckConstraint(condition=models.Q(('user', models.F('member')), _negated=True), name='nobody_ignores_themselves')],
                },
            ),
            migrations.CreateModel(
                name='NewsVersion',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('version', models.PositiveBigIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name='SiteText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('name', 'Name of the site'), ('imprint', 'Imprint'), ('privacy', 'Privacy'), ('terms', 'Terms of use'), ('notice', 'Notice bar')], max_length=7)),
                    ('number', models.PositiveIntegerField()),
                    ('source', models.TextField(blank=True)),
                    ('html', models.TextField(blank=True, editable=False)),
                    ('markup_version', models.PositiveSmallIntegerField(default=0, editable=False)),
                    ('tone', models.CharField(blank=True, choices=[('', 'Information'), ('warning', 'Warning')], max_length=7)),
                    ('until', models.DateField(blank=True, null=True)),
                    ('set_at', models.DateTimeField()),
                    ('version', models.PositiveBigIntegerField(default=0)),
                    ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('kind', 'number'), name='one_version_of_a_site_text_per_number')],
                },
            ),
            migrations.CreateModel(
                name='SignUpQuestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('question', models.CharField(blank=True, max_length=200)),
                    ('answers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list)),
                    ('changed_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_question_at_sign_up'), models.CheckConstraint(condition=models.Q(('question', ''), ('answers__len__gt', 0), _connector='OR'), name='a_sign_up_question_has_an_answer')],
                },
            ),
            migrations.CreateModel(
                name='SignUpBlock',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('domain', 'E-mail domain'), ('address', 'Address on the internet'), ('name', 'Name')], max_length=7)),
                    ('value', models.CharField(max_length=253)),
                    ('folded', models.CharField(editable=False, max_length=400)),
                    ('first_address', models.GenericIPAddressField(editable=False, null=True)),
                    ('last_address', models.GenericIPAddressField(editable=False, null=True)),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('refused_count', models.PositiveIntegerField(default=0)),
                    ('last_refused_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('kind', 'address')), fields=['first_address', 'last_address'], name='blocked_networks')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('kind', 'folded'), name='one_sign_up_block_of_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'address'), _negated=True), models.Q(('ends_at__isnull', False), ('first_address__isnull', False), ('last_address__isnull', False)), _connector='OR'), name='blocked_addresses_have_an_end')],
                },
            ),
            migrations.CreateModel(
                name='MemberGroup',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(error_messages={'unique': 'There is a group of this name already.'}, max_length=60, unique=True)),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='GroupMembership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('added_at', models.DateTimeField()),
                    ('removed_at', models.DateTimeField(blank=True, null=True)),
                    ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='accounts.membergroup')),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_memberships', to=settings.AUTH_USER_MODEL)),
                    ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('group', 'member'), name='a_member_is_in_a_group_once'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at', None), ('removed_by', None)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='a_membership_that_ended_says_by_whom')],
                },
            ),
            migrations.CreateModel(
                name='BadgeSubject',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(error_messages={'unique': 'This subject is on the list already.'}, max_length=60, unique=True)),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='BadgeChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('given', 'Given'), ('changed', 'Changed'), ('asleep', 'Fell asleep'), ('woken', 'Woke'), ('withdrawn', 'Withdrawn')], max_length=9)),
                    ('at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('badge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='accounts.expertbadge')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='KeptText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('browser', models.CharField(max_length=64)),
                    ('sealed', models.BinaryField()),
                    ('size', models.PositiveIntegerField()),
                    ('sender', models.CharField(max_length=64)),
                    ('form_key', models.UUIDField()),
                    ('kept_at', models.DateTimeField()),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='kept_texts', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['sender'], name='kept_texts_of_a_sender'), models.Index(fields=['kept_at'], name='kept_texts_by_time')],
                    'constraints': [models.UniqueConstraint(fields=('browser', 'form_key'), name='one_kept_text_of_a_form')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('ends_at', models.DateTimeField()),
                    ('note', models.CharField(blank=True, max_length=80)),
                    ('address', models.EmailField(blank=True, max_length=254)),
                    ('most_uses', models.PositiveSmallIntegerField(default=1)),
                    ('uses_count', models.PositiveSmallIntegerField(default=0)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                    ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(models.OrderBy(models.F('made_at'), descending=True), name='invitations_by_time'), models.Index(condition=models.Q(('address', ''), _negated=True), fields=['address'], name='invitations_by_address')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('uses_count__lte', models.F('most_uses'))), name='no_invitation_is_used_too_often'), models.CheckConstraint(condition=models.Q(('most_uses__gte', 1)), name='an_invitation_is_for_somebody')],
                },
            ),
            migrations.CreateModel(
                name='InvitedMember',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='accounts.invitation')),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='invited', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='FormerAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('email', models.EmailField(max_length=254)),
                    ('replaced_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['replaced_at'], name='former_addresses_by_time')],
                },
            ),
            migrations.CreateModel(
                name='FormerName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('username', models.CharField(max_length=30)),
                    ('username_skeleton', models.CharField(max_length=120)),
                    ('given_up_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_names', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(models.F('username_skeleton'), models.OrderBy(models.F('given_up_at'), descending=True), name='former_names_by_skeleton'), models.Index(models.F('user'), models.OrderBy(models.F('given_up_at'), descending=True), name='former_names_of_a_member')],
                },
            ),
            migrations.CreateModel(
                name='SignInCode',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('sealed', models.BinaryField()),
                    ('made_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='MemberSession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('device', models.CharField(max_length=60)),
                    ('place', models.CharField(blank=True, max_length=50)),
                    ('began_at', models.DateTimeField()),
                    ('used_at', models.DateTimeField()),
                    ('session', models.OneToOneField(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='sessions.session')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['began_at'], name='sessions_by_their_beginning')],
                },
            ),
        ]),
        migrations.RunSQL(UNLOGGED, "DROP TABLE cache"),
    ]
