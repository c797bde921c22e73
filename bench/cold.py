"""The only place that makes a page cold: its cached page and frame are invalid at the next request.

Cached pages are validated by version numbers in the database, so one UPDATE per row raises them, on the benchmark's own
connection, whose CPU time is not counted.
"""

from django.db.models import F

from crossings.models import Crossing
from demo.big_crossings import MOST_REPORTED
from forum.models import Subforum, Topic


def make_topic_cold(topic: Topic) -> None:
    """Invalidate a topic's pages, by its version."""
    Topic.objects.filter(pk=topic.pk).update(version=F("version") + 1)


def change_a_post(topic: Topic) -> None:
    """As an edit or a reaction: raise the version of its second post and of the topic."""
    topic.posts.filter(number=2).update(version=F("version") + 1)
    make_topic_cold(topic)


def make_topic_changed(topic: Topic) -> None:
    """As a reply: also change the topic's number of posts, which its frame shows."""
    Topic.objects.filter(pk=topic.pk).update(posts_count=F("posts_count") + 1)
    change_a_post(topic)


def make_subforum_cold(subforum: Subforum) -> None:
    """Invalidate a topic list, and the index, which shows every subforum."""
    Subforum.objects.filter(pk=subforum.pk).update(version=F("version") + 1)


def make_crossings_cold() -> None:
    """Invalidate the page of the most reported crossing, and the list of all.

    One row and not all of them: autovacuum is off, and dead rows would make every page dearer that sums their versions.
    """
    Crossing.objects.filter(slug=MOST_REPORTED).update(version=F("version") + 1)


def leave_kept() -> None:
    """Does nothing: the second request may be answered from the cache."""
