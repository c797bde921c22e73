from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('config', '0001_doctor_runs_and_checklist'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChoreRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('done_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, db_default='', default='', max_length=200)),
            ],
        ),
    ]
