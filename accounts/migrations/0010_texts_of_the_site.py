import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_members_are_listed'),
    ]

    operations = [
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
    ]
