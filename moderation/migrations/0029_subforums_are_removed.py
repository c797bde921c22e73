from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0028_first_posts_wait_by_place'),
    ]

    operations = [
        migrations.AlterField(
            model_name='moderationentry',
            name='verb',
            field=models.CharField(choices=[('pin', 'Pin'), ('unpin', 'Unpin'), ('lock', 'Lock'), ('unlock', 'Unlock'), ('hide-topic', 'Hide topic'), ('restore-topic', 'Restore topic'), ('hide-post', 'Hide post'), ('restore-post', 'Restore post'), ('approve', 'Approve'), ('reject', 'Reject'), ('move-topic', 'Move topic'), ('merge', 'Merge topics'), ('split', 'Split posts off'), ('move-posts', 'Move posts'), ('mark-duplicate', 'Mark as duplicate'), ('unmark-duplicate', 'No duplicate after all'), ('retitle', 'Retitle'), ('link-crossings', 'Change crossings'), ('edit', 'Edit'), ('dismiss', 'Dismiss flags'), ('mark-outdated', 'Mark out of date'), ('warn', 'Warn'), ('suspend', 'Suspend'), ('lift', 'End suspension'), ('ban', 'Ban'), ('unban', 'End ban'), ('clean-spam', 'Clean up spam'), ('vouch', 'Vouch for'), ('decide-appeal', 'Decide appeal'), ('remove-subforum', 'Remove subforum'), ('look', 'Look at what is private'), ('undo', 'Undo')], max_length=20),
        ),
    ]
