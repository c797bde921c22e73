import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FILL = """
    INSERT INTO accounts_badgesubject (name)
    SELECT DISTINCT subject FROM accounts_expertbadge WHERE subject <> '' AND withdrawn_at IS NULL
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_older_hashes_are_found'),
    ]

    operations = [
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
        migrations.AddField(
            model_name='expertbadge',
            name='asleep_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='asleep since'),
        ),
        migrations.AddField(
            model_name='expertbadge',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='expertbadge',
            name='woken_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
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
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
