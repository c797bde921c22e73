"""What follows for similar topics from what happens in the forum: rows in the same transaction, tables by a task."""

from django.conf import settings
from django.dispatch import receiver

from crossings.gazetteer import matcher
from crossings.links import actions
from crossings.models import Crossing, CrossingTopic
from crossings.similar import tasks, terms
from forum import signals
from forum.models import Post, Subforum, Topic
from pagecache.tasks import soon


@receiver(signals.post_published)
def note_new_topic(post: Post, **kwargs: object) -> None:
    """A new topic gets its row of words, and is linked to what it names unless its author has chosen already."""
    if post.number > 1:
        return
    terms.write([post.topic_id])
    if not CrossingTopic.objects.filter(topic=post.topic_id).exists():
        _link(post)
    _read_title(post.topic_id)
    tasks.refresh_tables.enqueue(post.topic_id)


def _link(post: Post) -> None:
    found = matcher.find_all(post.topic.title, post.source)[: actions.MOST_LINKS]
    for crossing in Crossing.objects.filter(pk__in=found).order_by("pk"):
        actions.link_topic(post.topic, crossing, source=CrossingTopic.Source.GAZETTEER)


@receiver(signals.post_changed)
def note_new_words(post: Post, **kwargs: object) -> None:
    """A new title or another question is like other topics."""
    if post.number == 1:
        terms.write([post.topic_id])
        _read_title(post.topic_id)
        tasks.refresh_tables.enqueue(post.topic_id)


def _read_title(topic_id: int) -> None:
    """Before the tables are made again, which are in the order of what titles mean."""
    if settings.SIMILAR_BY_MEANING:
        tasks.write_vector.enqueue(topic_id)


@receiver(signals.topic_hidden)
def leave_tables(topic: Topic, **kwargs: object) -> None:
    """It can be read no longer at once (Topic.visible_to); kept pages that list it follow."""
    soon(tasks.leave_tables, topic.pk)


@receiver(signals.topic_restored)
def come_back(topic: Topic, **kwargs: object) -> None:
    tasks.refresh_tables.enqueue(topic.pk)


@receiver(signals.topic_moved)
def change_tables(topic: Topic, **kwargs: object) -> None:
    """Others may read it now, or no longer."""
    soon(tasks.leave_tables, topic.pk)
    tasks.refresh_tables.enqueue(topic.pk)


@receiver(signals.access_changed)
def leave_tables_of_subforum(subforum: Subforum, **kwargs: object) -> None:
    soon(tasks.leave_tables_of_subforum, subforum.pk)
