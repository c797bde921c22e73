"""Report topics that the forum opened become running topics. A topic of somebody's own is no report topic any more: the
next report of the crossing opens one. Links of topics to crossings stay as they are."""

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat

TITLE_ENDS = ": crossing reports"


def mark_report_topics(apps, schema_editor):
    """The forum called it after the crossing, by a name it has or had, and it began with a report of that crossing."""
    Crossing, Topic = apps.get_model("crossings", "Crossing"), apps.get_model("forum", "Topic")
    ours = _opened_by_the_forum(apps)
    topic_ids = list(ours.values_list("report_topic", flat=True))
    # No post stands for the whole of a running topic.
    Topic.objects.filter(pk__in=topic_ids).update(is_running=True, opening_post=None, version=F("version") + 1)
    others = Crossing.objects.exclude(report_topic=None).exclude(report_topic__in=topic_ids)
    others.update(report_topic=None, version=F("version") + 1)


def _opened_by_the_forum(apps):
    models = ("CrossingName", "CrossingReport", "CrossingTopic")
    CrossingName, CrossingReport, CrossingTopic = (apps.get_model("crossings", name) for name in models)
    PostRevision = apps.get_model("forum", "PostRevision")
    first = {"post__topic": OuterRef("report_topic"), "post__number": 1}
    reported = CrossingReport.objects.filter(crossing=OuterRef("pk"), **first)
    linked = CrossingTopic.objects.filter(crossing=OuterRef("pk"), topic=OuterRef("report_topic"), source="report")
    spelt = CrossingName.objects.annotate(title=Concat("text", Value(TITLE_ENDS)))
    named = Exists(spelt.filter(crossing=OuterRef("pk"), title=OuterRef("report_topic__title")))
    # What it was called before its first edit tells, if somebody has given it another title since.
    called = PostRevision.objects.filter(number=1, title=Concat(OuterRef("name"), Value(TITLE_ENDS)), **first)
    same = Q(report_topic__title=Concat(F("name"), Value(TITLE_ENDS)))
    crossings = apps.get_model("crossings", "Crossing").objects.exclude(report_topic=None)
    return crossings.filter(Exists(reported), Exists(linked), same | named | Q(Exists(called)))


def leave_as_it_is(apps, schema_editor):
    """A running topic that no code knows is a topic like others."""


class Migration(migrations.Migration):
    dependencies = [
        ("crossings", "0012_catching_up_is_claimed"),
        ("forum", "0016_running_topics_belong_to_nobody"),
    ]
    operations = [migrations.RunPython(mark_report_topics, leave_as_it_is)]
