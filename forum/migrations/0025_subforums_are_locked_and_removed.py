import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Kept pages say whether one can write here, so they end when a subforum is locked.
TRIGGER = """
CREATE TRIGGER locked_subforums_end_kept_pages AFTER UPDATE OF locked_at ON forum_subforum
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
"""
BACK = "DROP TRIGGER locked_subforums_end_kept_pages ON forum_subforum;"


class Migration(migrations.Migration):

    dependencies = [
        ('forum', '0024_equal_titles_are_found'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='subforum',
            name='leaves_for',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forum.subforum'),
        ),
        migrations.AddField(
            model_name='subforum',
            name='locked_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='subforum',
            name='removed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='subforum',
            name='slug',
            field=models.CharField(max_length=60, unique=True),
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
        migrations.RunSQL(TRIGGER, BACK),
    ]
