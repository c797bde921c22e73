"""What a topic is about when posts were put into it, and what it is about when that was undone."""

from crossings.links import about_columns, actions
from crossings.models import Crossing, CrossingReport, CrossingTopic
from crossings.similar import tasks, terms
from forum.models import Rearrangement
from pagecache.tasks import soon

Kind = Rearrangement.Kind


def follow(made: Rearrangement, *, is_undone: bool) -> None:
    """Links follow posts into a topic that this transaction has locked; undone, they go back. Twice changes nothing.

    A topic that was merged keeps its links for the day on which that is undone: until then nobody reads it.
    """
    topic_ids = [made.source_id, made.target_id]
    touched = CrossingTopic.objects.filter(topic__in=topic_ids)
    crossing_ids = set(touched.values_list("crossing", flat=True))
    if is_undone:
        _give_back(made)
    else:
        _take_along(made)
    actions.end_pages_of(crossing_ids)
    about_columns.write(topic_ids)
    terms.write(topic_ids)
    for pk in topic_ids:
        tasks.refresh_tables.enqueue(pk)
    if made.kind == Kind.MERGE and not is_undone:
        soon(tasks.leave_tables, made.source_id)


def _take_along(made: Rearrangement) -> None:
    """All that the first topic was about, or with posts that joined others, what they report of."""
    links = made.source.crossing_links.standing()
    if made.kind == Kind.MOVE:
        links = links.filter(crossing__in=CrossingReport.objects.filter(post__topic=made.target).values("crossing"))
    taken = []
    for link in links.order_by("crossing"):
        values = {"source": link.source, "linked_by": link.linked_by, "linked_at": made.made_at}
        _, is_new = CrossingTopic.objects.get_or_create(
            topic=made.target, crossing_id=link.crossing_id, defaults=values
        )
        taken += [link.crossing_id] * is_new
    _remember(made, links_taken=taken)
    is_taken = Crossing.objects.filter(report_topic=made.target).exists()
    crossing = Crossing.objects.filter(report_topic=made.source).first()
    if made.kind == Kind.MERGE and crossing and not is_taken:  # or its next report opens a topic of its own
        Crossing.objects.filter(pk=crossing.pk).update(report_topic=made.target)
        _remember(made, report_topic_of=crossing.pk)


def _give_back(made: Rearrangement) -> None:
    taken = made.before.get("links_taken", [])
    CrossingTopic.objects.filter(topic=made.target, crossing__in=taken, removed_at=None).delete()
    if pk := made.before.get("report_topic_of"):
        Crossing.objects.filter(pk=pk, report_topic=made.target).update(report_topic=made.source)


def _remember(made: Rearrangement, **values: object) -> None:
    made.before |= values
    made.save(update_fields=["before"])
