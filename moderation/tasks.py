"""Background tasks that follow a change. All are idempotent."""

from django.db.models import Q
from django.tasks import task

from forum.actions import topics
from forum.models import Subforum, Topic
from moderation.filters import duplicates
from pagecache.versions import bump


@task()
def end_pages_that_name_topic(topic_id: int) -> None:
    """Invalidate cached pages that link to a topic, after its visibility or title changed."""
    _end(Q(duplicate_of=topic_id) | Q(duplicates=topic_id) | Q(taken_in__source=topic_id))
    _end_lists(Q(pointers__topic=topic_id))


@task()
def end_pages_that_name_subforum(subforum_id: int) -> None:
    """As end_pages_that_name_topic, for all topics of a subforum."""
    points = Q(duplicate_of__subforum=subforum_id) | Q(duplicates__subforum=subforum_id)
    _end(points | Q(taken_in__source__subforum=subforum_id))
    _end_lists(Q(pointers__topic__subforum=subforum_id))


@task()
def clear_ended_state(topic_id: int) -> None:
    """Clear a lock or pin that has ended by itself."""
    topics.clear_ended(topic_id)


@task()
def look_for_duplicate(topic_id: int) -> None:
    duplicates.look(topic_id)


def _end(pointing: Q) -> None:
    for pk in sorted(set(Topic.objects.filter(pointing).values_list("pk", flat=True))):
        bump(Topic, pk)


def _end_lists(pointing: Q) -> None:
    """Invalidate the lists of subforums with a pointer to the topic."""
    for pk in sorted(set(Subforum.objects.filter(pointing).values_list("pk", flat=True))):
        bump(Subforum, pk)
