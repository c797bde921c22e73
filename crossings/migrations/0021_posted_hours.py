import crossings.models.hours
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crossings', '0020_words_in_six_languages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='crossing',
            name='also_a',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='other clock of the first post'),
        ),
        migrations.AddField(
            model_name='crossing',
            name='also_b',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='other clock of the second post'),
        ),
        migrations.AddField(
            model_name='crossing',
            name='kept_hours',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='crossing',
            name='zone_a',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='clock of the first post'),
        ),
        migrations.AddField(
            model_name='crossing',
            name='zone_b',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='clock of the second post'),
        ),
        migrations.AddField(
            model_name='crossingreport',
            name='gate_hours_a',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='crossingreport',
            name='gate_hours_b',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
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
        ),
        migrations.AddConstraint(
            model_name='hours',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('crossing', 'side', 'heading', 'audience', 'weekdays', 'opens', 'closes', 'break_from', 'break_to', 'zone', 'season_from', 'season_to'), name='the_same_hours_stand_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='hours',
            constraint=models.CheckConstraint(condition=models.Q(('opens__isnull', False), ('closes__isnull', False), _connector='OR'), name='hours_begin_or_end'),
        ),
        migrations.AddConstraint(
            model_name='hours',
            constraint=models.CheckConstraint(condition=models.Q(('opens', None), ('closes', None), models.Q(('opens', models.F('closes')), _negated=True), _connector='OR'), name='hours_last_some_time'),
        ),
        migrations.AddConstraint(
            model_name='hours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('break_from', None), ('break_to', None)), models.Q(('break_from__isnull', False), ('break_to__isnull', False), ('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='a_break_begins_and_ends_within_hours'),
        ),
        migrations.AddConstraint(
            model_name='hours',
            constraint=models.CheckConstraint(condition=models.Q(('weekdays', ''), _negated=True), name='hours_have_a_day'),
        ),
        migrations.AddConstraint(
            model_name='hours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('season_from', ''), ('season_to', '')), models.Q(models.Q(('season_from', ''), _negated=True), models.Q(('season_to', ''), _negated=True)), _connector='OR'), name='a_season_begins_and_ends'),
        ),
        migrations.AddConstraint(
            model_name='hoursconfirmation',
            constraint=models.UniqueConstraint(fields=('hours', 'by'), name='one_still_so_per_member'),
        ),
    ]
