from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0031_filters_are_in_the_log'),
    ]

    operations = [
        migrations.AlterField(
            model_name='moderationentry',
            name='verb',
            field=models.CharField(choices=[('pin', 'Pin'), ('unpin', 'Unpin'), ('pin-across', 'Pin across the forum'), ('unpin-across', 'Unpin across the forum'), ('lock', 'Lock'), ('unlock', 'Unlock'), ('hide-topic', 'Hide topic'), ('restore-topic', 'Restore topic'), ('hide-post', 'Hide post'), ('restore-post', 'Restore post'), ('approve', 'Approve'), ('reject', 'Reject'), ('move-topic', 'Move topic'), ('merge', 'Merge topics'), ('split', 'Split posts off'), ('move-posts', 'Move posts'), ('mark-duplicate', 'Mark as duplicate'), ('unmark-duplicate', 'No duplicate after all'), ('retitle', 'Retitle'), ('link-crossings', 'Change crossings'), ('edit', 'Edit'), ('dismiss', 'Dismiss flags'), ('mark-outdated', 'Mark out of date'), ('warn', 'Warn'), ('suspend', 'Suspend'), ('lift', 'End suspension'), ('ban', 'Ban'), ('unban', 'End ban'), ('clean-spam', 'Clean up spam'), ('vouch', 'Vouch for'), ('watch-words', 'Watch words'), ('change-word', 'Change a watched word'), ('forget-word', 'Watch a word no longer'), ('block-signups', 'Block sign-ups'), ('end-block', 'End a block of sign-ups'), ('remove-block', 'Remove a block of sign-ups'), ('set-question', 'Set the question at sign-up'), ('decide-appeal', 'Decide appeal'), ('remove-subforum', 'Remove subforum'), ('look', 'Look at what is private'), ('undo', 'Undo')], max_length=20),
        ),
    ]
