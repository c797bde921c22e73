from datetime import UTC, datetime, timedelta

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# What members did not want before, and what that means now.
UNWANTED = {
    "news": ["replies", "mentions", "answers"],
    "day": ["crossings"],
    "through": ["through"],
    "acts": ["acts"],
}


def keep_wishes(apps, schema_editor):
    UnwantedLetter = apps.get_model("notifications", "UnwantedLetter")
    Subscription = apps.get_model("notifications", "Subscription")
    rows = [
        Subscription(user_id=user_id, category=category, frequency="never")
        for user_id, kind in UnwantedLetter.objects.values_list("user_id", "kind").iterator()
        for category in UNWANTED.get(kind, [])
    ]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table could not be dropped in this transaction


def bring_news_of_today(apps, schema_editor):
    """News of crossings that the letter of the coming night would have brought."""
    Letter, Notification = (apps.get_model("notifications", name) for name in ("Letter", "Notification"))
    now = datetime.now(UTC)
    told = Notification.objects.filter(
        kind__in=["status", "notice", "report"], letter=None, read_at=None, made_at__gt=now - timedelta(days=3)
    )
    for user_id in told.order_by("user").values_list("user", flat=True).distinct():
        letter = Letter.objects.create(user_id=user_id, kind="day", key=f"day-before-{now.date()}", made_at=now, due_at=now)
        told.filter(user=user_id).update(letter=letter)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def nothing(apps, schema_editor):
    pass


class Migration(migrations.Migration):

    dependencies = [
        ("crossings", "0018_evidence_is_kept"),
        ("notifications", "0006_private_feeds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            ],
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('replies', 'Somebody answers or quotes me'), ('mentions', 'Somebody mentions me'), ('answers', 'My answer is accepted'), ('crossings', 'A border I watch changes'), ('topics', 'New topics in what I watch'), ('questions', 'Questions in the country of my badge'), ('reactions', 'Helpful and still true'), ('reminders', 'Reminders of my bookmarks'), ('through', 'Did you get through?'), ('acts', 'Decisions of moderators about my posts, and why')], max_length=9)),
                ('frequency', models.CharField(choices=[('now', 'At once'), ('day', 'Once a day'), ('week', 'Once a week'), ('never', 'Never')], max_length=5)),
                ('before', models.CharField(blank=True, choices=[('now', 'At once'), ('day', 'Once a day'), ('week', 'Once a week'), ('never', 'Never')], default='', max_length=5)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='unwantedletter',
            name='a_kind_of_letter_is_unwanted_once',
        ),
        migrations.RemoveIndex(
            model_name='letter',
            name='letters_waiting',
        ),
        migrations.AddField(
            model_name='letter',
            name='category',
            field=models.CharField(blank=True, choices=[('replies', 'Somebody answers or quotes me'), ('mentions', 'Somebody mentions me'), ('answers', 'My answer is accepted'), ('crossings', 'A border I watch changes'), ('topics', 'New topics in what I watch'), ('questions', 'Questions in the country of my badge'), ('reactions', 'Helpful and still true'), ('reminders', 'Reminders of my bookmarks'), ('through', 'Did you get through?'), ('acts', 'Decisions of moderators about my posts, and why')], default='', max_length=9),
        ),
        migrations.AddField(
            model_name='letter',
            name='due_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='letter',
            name='thread',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AlterField(
            model_name='letter',
            name='kind',
            field=models.CharField(choices=[('news', 'News, at once'), ('day', 'What happened, once a day'), ('week', 'What happened, once a week'), ('through', 'Did you get through?'), ('acts', 'Decisions of moderators about your posts, and why')], max_length=7),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('dropped_at', None), ('sent_at', None)), fields=['due_at'], name='letters_due'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['user', 'sent_at'], name='letters_sent'),
        ),
        migrations.AddField(
            model_name='bounce',
            name='letter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='bounces', to='notifications.letter'),
        ),
        migrations.AddField(
            model_name='bounce',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='subscription',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='bounce',
            index=models.Index(fields=['at'], name='bounces_by_time'),
        ),
        migrations.AddConstraint(
            model_name='bounce',
            constraint=models.UniqueConstraint(fields=('user', 'key'), name='a_bounce_counts_once'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(fields=('user', 'category'), name='one_frequency_for_each_category'),
        ),
        migrations.RunPython(keep_wishes, nothing),
        migrations.RunPython(bring_news_of_today, nothing),
        migrations.RemoveField(
            model_name='unwantedletter',
            name='user',
        ),
        migrations.DeleteModel(
            name='UnwantedLetter',
        ),
    ]
