from django.db import migrations, models


# Where badges are shown beside posts, and under which subject, all kept pages may say.
TRIGGERS = """
CREATE TRIGGER subjects_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON accounts_badgesubject
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
CREATE TRIGGER subjects_of_subforums_end_kept_pages AFTER INSERT OR UPDATE OR DELETE ON forum_subforum_subjects
    FOR EACH STATEMENT EXECUTE FUNCTION bp_raise_site_version();
"""
REMOVE = """
DROP TRIGGER subjects_of_subforums_end_kept_pages ON forum_subforum_subjects;
DROP TRIGGER subjects_end_kept_pages ON accounts_badgesubject;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_badges_sleep'),
        ('forum', '0038_posts_tell_when_they_were_confirmed'),
    ]

    operations = [
        migrations.AddField(
            model_name='subforum',
            name='subjects',
            field=models.ManyToManyField(blank=True, related_name='subforums', to='accounts.badgesubject'),
        ),
        migrations.RunSQL(TRIGGERS, REMOVE),
    ]
